package dev.corral.reconcile.testing;

import dev.corral.Signal;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a simulated process does: a value in place of a program. {@link #server()} is the start of all others.
 *
 * @param startsAfter from the order to start until it runs, or is known not to start; 0 or more
 * @param refusal why it can't be started; empty if it can
 * @param output all that it writes, at its start
 * @param end how it ends by itself; empty if it doesn't
 * @param stopsAfter from SIGTERM to its end; empty if it ignores SIGTERM
 * @param startedAfter from its start on until it answers startup probes with yes, 0 or more
 * @param readyAfter from its start on until it answers readiness probes with anything but no; 0 or more
 * @param answers its answers to the readiness probes from then on, in order; the last one is repeated, and an empty list is true
 * @param livenessAnswers its answers to the liveness probes, in the same form
 * @param executions what becomes of commands run in it; any other exits with 0 at once
 * @param lastWords what it leaves in the file of its {@code terminationMessagePath}
 */
public record Script(
        Duration startsAfter,
        Optional<String> refusal,
        String output,
        Optional<End> end,
        Optional<Duration> stopsAfter,
        Duration startedAfter,
        Duration readyAfter,
        List<Boolean> answers,
        List<Boolean> livenessAnswers,
        List<Execution> executions,
        String lastWords) {
    /**
     * An end that a process comes to by itself.
     *
     * @param after from its start on, 0 or more
     * @param exitCode 0 to 255; 128 plus the number if a signal ends it
     * @param signal what ends it; empty if it exits
     */
    public record End(Duration after, int exitCode, Optional<Signal> signal) {}

    /**
     * What becomes of a command run in the container.
     *
     * @param program the first word of the command
     * @param after how long it takes, 0 or more
     * @param exitCode 0 to 255
     */
    public record Execution(String program, Duration after, int exitCode) {}

    public Script {
        answers = List.copyOf(answers);
        livenessAnswers = List.copyOf(livenessAnswers);
        executions = List.copyOf(executions);
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
                Duration.ZERO,
                List.of(),
                List.of(),
                List.of(),
                "");
    }

    /** It takes a while from the order to start until it runs. */
    public Script startsAfter(Duration delay) {
        return with(fields -> fields.startsAfter = delay);
    }

    /** It can't be started. */
    public Script cannotStart(String why) {
        return with(fields -> fields.refusal = Optional.of(why));
    }

    /** It writes this at its start. */
    public Script prints(String text) {
        return with(fields -> fields.output = text);
    }

    /** It exits by itself. */
    public Script exits(int code, Duration after) {
        return with(fields -> fields.end = Optional.of(new End(after, code, Optional.empty())));
    }

    /** A signal from somewhere ends it. */
    public Script killedBy(Signal signal, Duration after) {
        return with(fields -> fields.end = Optional.of(new End(after, 128 + signal.number(), Optional.of(signal))));
    }

    /** SIGTERM ends it only after a while. */
    public Script stopsAfter(Duration delay) {
        return with(fields -> fields.stopsAfter = Optional.of(delay));
    }

    /** Only SIGKILL ends it. */
    public Script ignoresSigterm() {
        return with(fields -> fields.stopsAfter = Optional.empty());
    }

    /** It answers startup probes with no for a while from its start on. */
    public Script startedAfter(Duration delay) {
        return with(fields -> fields.startedAfter = delay);
    }

    /** It answers readiness probes with no for a while from its start on. */
    public Script readyAfter(Duration delay) {
        return with(fields -> fields.readyAfter = delay);
    }

    /** Its answers to readiness probes, in order; the last one is repeated. */
    public Script answers(boolean... inOrder) {
        return with(fields -> fields.answers = boxed(inOrder));
    }

    /** Its answers to liveness probes, in order; the last one is repeated. */
    public Script livenessAnswers(boolean... inOrder) {
        return with(fields -> fields.livenessAnswers = boxed(inOrder));
    }

    /** What becomes of a command run in it; of several for one program the first counts. */
    public Script executes(String program, Duration after, int exitCode) {
        List<Execution> more = new ArrayList<>(executions);
        more.add(new Execution(program, after, exitCode));
        return with(fields -> fields.executions = more);
    }

    public Script lastWords(String text) {
        return with(fields -> fields.lastWords = text);
    }

    private static List<Boolean> boxed(boolean... inOrder) {
        List<Boolean> boxed = new ArrayList<>();
        for (boolean answer : inOrder) {
            boxed.add(answer);
        }
        return boxed;
    }

    /** What becomes of a command. */
    Execution execution(List<String> command) {
        return executions.stream()
                .filter(known -> known.program().equals(command.get(0)))
                .findFirst()
                .orElseGet(() -> new Execution(command.get(0), Duration.ZERO, 0));
    }

    /** Which process a container becomes. */
    @FunctionalInterface
    public interface Casting {
        /** The script of one run; asked at each start. The same arguments must give the same script. */
        Script of(ContainerRuntime.Identity identity, Container container);
    }

    private Script with(Consumer<Fields> change) {
        Fields fields = new Fields(this);
        change.accept(fields);
        return fields.script();
    }

    /** A copy that can be changed, so that each change names its field only. */
    private static final class Fields {
        Duration startsAfter;
        Optional<String> refusal;
        String output;
        Optional<End> end;
        Optional<Duration> stopsAfter;
        Duration startedAfter;
        Duration readyAfter;
        List<Boolean> answers;
        List<Boolean> livenessAnswers;
        List<Execution> executions;
        String lastWords;

        Fields(Script script) {
            startsAfter = script.startsAfter;
            refusal = script.refusal;
            output = script.output;
            end = script.end;
            stopsAfter = script.stopsAfter;
            startedAfter = script.startedAfter;
            readyAfter = script.readyAfter;
            answers = script.answers;
            livenessAnswers = script.livenessAnswers;
            executions = script.executions;
            lastWords = script.lastWords;
        }

        Script script() {
            return new Script(
                    startsAfter,
                    refusal,
                    output,
                    end,
                    stopsAfter,
                    startedAfter,
                    readyAfter,
                    answers,
                    livenessAnswers,
                    executions,
                    lastWords);
        }
    }
}
