package dev.corral.reconcile.node;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.workload.Probe;
import dev.corral.reconcile.workload.ProbeKind;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One probe of one run, asked again and again until nobody wants the answers any more. Safe for any thread. */
final class Asking {
    private final Seams seams;
    private final Prober.Question question;
    private final Listener listener;
    private @Nullable Pace pace;
    /** How many in a row at regular times. */
    private int failures;

    private Clock.@Nullable Timer timer;
    private boolean ended;

    /** Who wants the answers. */
    interface Listener {
        /** Whether this is still asked. */
        boolean asks(ProbeKind kind);

        /**
         * It was answered.
         *
         * @param counts whether a failure counts
         * @param lasting whether it has failed for so long that this is told, although nothing may follow from it
         */
        void answered(ProbeKind kind, Prober.Answer answer, boolean counts, boolean lasting);

        /** It could not be asked. */
        void failed(ProbeKind kind, RuntimeException error);
    }

    Asking(Seams seams, Prober.Question question, Listener listener) {
        this.seams = seams;
        this.question = question;
        this.listener = listener;
    }

    /** Begins with the first question; once only, further calls do nothing. */
    synchronized void begin(Instant first) {
        if (pace == null) {
            Instant now = seams.clock().now();
            Instant due = first.isBefore(now) ? now : first;
            pace = Pace.beginning(due);
            askAt(due);
        }
    }

    /** Asks nothing more. */
    synchronized void end() {
        ended = true;
        if (timer != null) {
            timer.cancel();
        }
    }

    private synchronized void askAt(Instant time) {
        if (!ended) {
            timer = seams.clock().at(time, () -> seams.executor().execute(() -> ask(time)));
        }
    }

    private void ask(Instant due) {
        if (!listener.asks(question.kind())) {
            return;
        }
        boolean success = false;
        try {
            Prober.Answer answer = seams.prober().ask(question);
            success = answer.success();
            listener.answered(question.kind(), answer, counts(due), lasts(success, due));
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return;
        } catch (RuntimeException error) { // of the prober, not of the container: it says nothing about that
            listener.failed(question.kind(), error);
        }
        askAt(next(success, due));
    }

    private synchronized boolean counts(Instant due) {
        return pace != null && pace.counts(due, question.kind());
    }

    /**
     * Whether a failure is the second, fourth, eighth and so on in a row of those at regular times: what happens while a program
     * starts is not told, and what lasts is told again, since it may fail in another way meanwhile, but ever less often.
     */
    private synchronized boolean lasts(boolean success, Instant due) {
        if (success) {
            failures = 0;
        } else if (pace != null && pace.isRegular(due)) {
            failures++;
            return failures > 1 && Integer.bitCount(failures) == 1;
        }
        return false;
    }

    private synchronized Instant next(boolean success, Instant due) {
        Probe probe = question.probe();
        Instant now = seams.clock().now();
        Pace before = pace == null ? Pace.beginning(due) : pace;
        Pace after = before.after(success, due, probe, now);
        pace = after;
        return after.next(question.kind(), now);
    }
}
