package dev.corral;

import dev.corral.internal.launch.Running;
import dev.corral.internal.linux.ProcessCalls;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the end of a child is told: what the kernel says, and why that came as far as it is known.
 *
 * @param explanations those of the confinements
 * @param begin when it began, as {@link System#nanoTime} counts
 */
record Verdict(Command command, List<UnaryOperator<Exit>> explanations, long begin) {
    private static final Logger LOG = LoggerFactory.getLogger(Verdict.class);
    /** As if it had exited with 255: where nobody can tell, it has not gone well. */
    private static final int UNKNOWN = 0xff00;

    /** Before anybody explains it. */
    Exit exit(Running.Ended ended) {
        Duration duration = Duration.ofNanos(System.nanoTime() - begin);
        Optional<ProcessCalls.Waited> waited = ended.waited();
        Exit.Details details = new Exit.Details(
                duration, waited.filter(known -> ended.usageKnown()).map(Verdict::usage), Optional.empty(), List.of());
        Exit exit = waited.map(known -> Exit.of(known.rawStatus(), details))
                .orElseGet(() -> Exit.of(UNKNOWN, details.cause(new Cause.Unknown())));
        Optional<TimeLimit> limit = command.manner().timeLimit();
        if (ended.timedOut() && limit.isPresent()) {
            exit = exit.with(exit.details().cause(new Cause.TimedOut(limit.get().limit())));
        }
        return ended.killed() && exit.terminatedBy().equals(Optional.of(Signal.KILL))
                ? exit.with(exit.details().cause(new Cause.Killed()))
                : exit;
    }

    /** With all explanations. One that fails costs its causes, never the news of the end. */
    Exit explained(Running.Ended ended) {
        Exit told = exit(ended);
        for (UnaryOperator<Exit> explanation : explanations) {
            try {
                told = Objects.requireNonNull(explanation.apply(told), "an explanation answers an exit");
            } catch (RuntimeException | Error failed) {
                LOG.warn("an explanation of the end of {} failed", command, failed);
            }
        }
        return told;
    }

    static ResourceUsage usage(ProcessCalls.Waited waited) {
        return new ResourceUsage(
                Duration.of(waited.userMicros(), ChronoUnit.MICROS),
                Duration.of(waited.systemMicros(), ChronoUnit.MICROS),
                ByteSize.kibibytes(waited.maxRssKib()));
    }
}
