package dev.corral.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/** Carries out the passes of one loop. Whatever a pass throws becomes its outcome and concerns its key alone. */
final class Passes {
    private static final Logger LOG = LoggerFactory.getLogger(Passes.class);
    /** Where log lines find the name of their pass. */
    private static final String LOG_ID = "corral.pass";

    private final Body body;
    private final World world;
    private final Settings settings;
    private final Events events;
    private final EngineListener listener;
    private final AtomicLong number = new AtomicLong();
    private final AtomicInteger overdue = new AtomicInteger();
    private final Map<Subject, Failure> failures = new ConcurrentHashMap<>();

    Passes(Body body, World world, Settings settings, Events events, EngineListener listener) {
        this.body = body;
        this.world = world;
        this.settings = settings;
        this.events = events;
        this.listener = listener;
    }

    /** The keys whose last pass failed. */
    List<Failure> failures() {
        return List.copyOf(failures.values());
    }

    /** How many passes run on although their time is up. */
    int overdue() {
        return overdue.get();
    }

    private enum Standing {
        IN_TIME,
        OVERDUE,
        ENDED
    }

    /** How a pass ended, and when. */
    record Ended(Outcome outcome, Instant at) {}

    /**
     * One pass.
     *
     * @param failed how many failures in a row the key has had
     * @throws OutOfMemoryError which nobody can go on after
     */
    Ended run(WorkQueue.Taken<Subject> taken, int failed) {
        Subject subject = taken.key();
        Attempt attempt = new Attempt(failed + 1, failed + 1 >= settings.maxAttempts());
        String id = body.name() + "-" + number.incrementAndGet();
        Instant begun = world.clock().now();
        Optional<PassRecording> recording = Recordings.pass();
        AtomicReference<Standing> standing = new AtomicReference<>(Standing.IN_TIME);
        Guard guard = new Guard(world.clock(), subject, settings.timeout(), () -> isOverdue(subject, id, standing));
        Body.Round round = new Body.Round(id, attempt, guard);
        String outer = MDC.get(LOG_ID);
        MDC.put(LOG_ID, id);
        try {
            Outcome outcome = outcome(subject, round);
            Instant now = world.clock().now();
            Duration took = Duration.between(begun, now);
            PassEnded ended = new PassEnded(
                    body.name(),
                    subject.kind().name(),
                    subject.key(),
                    id,
                    attempt.number(),
                    taken.waited(),
                    took,
                    outcome);
            recording.ifPresent(pass -> pass.ended(ended));
            note(subject, round, outcome);
            tell(ended);
            return new Ended(outcome, now);
        } finally {
            if (standing.getAndSet(Standing.ENDED) == Standing.OVERDUE) {
                overdue.decrementAndGet();
            }
            if (outer == null) {
                MDC.remove(LOG_ID);
            } else {
                MDC.put(LOG_ID, outer);
            }
        }
    }

    /** Comes from another thread, perhaps only when the pass that it has interrupted is over. */
    private void isOverdue(Subject subject, String id, AtomicReference<Standing> standing) {
        overdue.incrementAndGet();
        if (!standing.compareAndSet(Standing.IN_TIME, Standing.OVERDUE)) {
            overdue.decrementAndGet();
        }
        events.tell(
                Event.Type.WARNING,
                body.name(),
                body.about(subject),
                "Overdue",
                "the pass is interrupted at its time-out of "
                        + settings.timeout().orElseThrow() + "; the key waits until it ends",
                id);
    }

    private Outcome outcome(Subject subject, Body.Round round) {
        try {
            return body.handle(subject, round);
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (TerminalException | InvalidSpec | UnknownKind e) {
            return new Outcome.Failed(e.getClass().getSimpleName(), text(e), Optional.of(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return retry(e, round.attempt());
        } catch (Throwable e) {
            return retry(e, round.attempt());
        }
    }

    private static Outcome retry(Throwable error, Attempt attempt) {
        return attempt.last() && !(error instanceof LeadershipLost)
                ? new Outcome.Failed(
                        "AttemptsExhausted",
                        "attempt " + attempt.number() + " was the last one: " + error,
                        Optional.of(error))
                : new Outcome.Retry(error);
    }

    private void note(Subject subject, Body.Round round, Outcome outcome) {
        Throwable error = outcome.error().orElse(null);
        if (error instanceof LeadershipLost) {
            LOG.atLevel(world.level(Level.INFO)).log("{}: {} waits for a leader", body.name(), subject);
            return;
        }
        if (!(outcome instanceof Outcome.Retry) && !(outcome instanceof Outcome.Failed)) {
            failures.remove(subject);
            return;
        }
        Failure before = failures.get(subject);
        int attempts = before == null ? 1 : before.attempts() + 1;
        String message = outcome instanceof Outcome.Failed failed ? failed.message() : String.valueOf(error);
        String reason = outcome instanceof Outcome.Failed failed
                ? failed.reason()
                : error instanceof PassTimedOut ? "PassTimedOut" : "PassFailed";
        LOG.atLevel(world.level(Level.WARN))
                .setCause(error)
                .log("{}: pass {} in a row failed for {}", body.name(), attempts, subject);
        Throwable shown = error == null ? new TerminalException(reason + ": " + message) : error;
        Subject about = body.about(subject);
        failures.put(
                subject,
                new Failure(body.name(), about.key(), attempts, world.clock().now(), shown));
        events.tell(Event.Type.WARNING, body.name(), about, reason, message, round.id());
        show(subject, outcome, round);
    }

    /** A status that can't be shown is no reason to lose the key. */
    private void show(Subject subject, Outcome outcome, Body.Round round) {
        try {
            body.show(subject, outcome, round);
        } catch (RuntimeException e) {
            LOG.atLevel(world.level(Level.ERROR))
                    .setCause(e)
                    .log("{}: could not show on {} that its pass failed", body.name(), subject);
            events.tell(Event.Type.WARNING, body.name(), body.about(subject), "ErrorStatusFailed", text(e), round.id());
        }
    }

    private void tell(PassEnded ended) {
        try {
            listener.passEnded(ended);
        } catch (RuntimeException e) {
            LOG.error("a listener of the engine threw", e);
        }
    }

    private static String text(Throwable error) {
        return error.getMessage() == null ? error.toString() : error.getMessage();
    }
}
