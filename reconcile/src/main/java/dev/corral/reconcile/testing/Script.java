package dev.corral.reconcile.testing;

import dev.corral.Signal;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a simulated process does: a value in place of a program. {@link #server()} is the start of all others.
 *
 * @param startsAfter from the order to start until it runs, or is known not to start; 0 or more
 * @param refusal why it can't be started; empty if it can
 * @param output all that it writes, at its start
 * @param end how it ends by itself; empty if it doesn't
 * @param stopsAfter from SIGTERM to its end; empty if it ignores SIGTERM
 * @param readyAfter from its start on until it answers probes at all; 0 or more
 * @param answers its answers to the probes from then on, in order; the last one is repeated, and an empty list is true
 */
public record Script(
        Duration startsAfter,
        Optional<String> refusal,
        String output,
        Optional<End> end,
        Optional<Duration> stopsAfter,
        Duration readyAfter,
        List<Boolean> answers) {
    /**
     * An end that a process comes to by itself.
     *
     * @param after from its start on, 0 or more
     * @param exitCode 0 to 255; 128 plus the number if a signal ends it
     * @param signal what ends it; empty if it exits
     */
    public record End(Duration after, int exitCode, Optional<Signal> signal) {}

    public Script {
        answers = List.copyOf(answers);
    }

    /** Starts and is ready at once, runs until it is asked to end, and ends at once then. */
    public static Script server() {
        return new Script(
                Duration.ZERO,
                Optional.empty(),
                "",
                Optional.empty(),
                Optional.of(Duration.ZERO),
                Duration.ZERO,
                List.of());
    }

    public Script startsAfter(Duration delay) {
        return new Script(delay, refusal, output, end, stopsAfter, readyAfter, answers);
    }

    /** It can't be started. */
    public Script cannotStart(String why) {
        return new Script(startsAfter, Optional.of(why), output, end, stopsAfter, readyAfter, answers);
    }

    public Script prints(String text) {
        return new Script(startsAfter, refusal, text, end, stopsAfter, readyAfter, answers);
    }

    /** It exits by itself. */
    public Script exits(int code, Duration after) {
        return ends(new End(after, code, Optional.empty()));
    }

    /** A signal from somewhere ends it. */
    public Script killedBy(Signal signal, Duration after) {
        return ends(new End(after, 128 + signal.number(), Optional.of(signal)));
    }

    private Script ends(End how) {
        return new Script(startsAfter, refusal, output, Optional.of(how), stopsAfter, readyAfter, answers);
    }

    /** SIGTERM ends it only after a while. */
    public Script stopsAfter(Duration delay) {
        return new Script(startsAfter, refusal, output, end, Optional.of(delay), readyAfter, answers);
    }

    public Script ignoresSigterm() {
        return new Script(startsAfter, refusal, output, end, Optional.empty(), readyAfter, answers);
    }

    public Script readyAfter(Duration delay) {
        return new Script(startsAfter, refusal, output, end, stopsAfter, delay, answers);
    }

    /** Its answers to probes, in order; the last one is repeated. */
    public Script answers(boolean... inOrder) {
        List<Boolean> boxed = new ArrayList<>();
        for (boolean answer : inOrder) {
            boxed.add(answer);
        }
        return new Script(startsAfter, refusal, output, end, stopsAfter, readyAfter, boxed);
    }

    /** Which process a container becomes. */
    @FunctionalInterface
    public interface Casting {
        /** The script of one run; asked at each start. The same arguments must give the same script. */
        Script of(ContainerRuntime.Identity identity, Container container);
    }
}
