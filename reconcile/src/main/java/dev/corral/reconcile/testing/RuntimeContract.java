package dev.corral.reconcile.testing;

import dev.corral.Signal;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.ContainerRuntime.Ended;
import dev.corral.reconcile.workload.ContainerRuntime.Executed;
import dev.corral.reconcile.workload.ContainerRuntime.Identity;
import dev.corral.reconcile.workload.ContainerRuntime.Order;
import dev.corral.reconcile.workload.ContainerRuntime.Run;
import dev.corral.reconcile.workload.ContainerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * What every {@link ContainerRuntime} keeps to, as named cases without a test framework: the scripted one and the real one, so
 * that scripts can't do what processes don't. A failure is an {@code AssertionError} that says what was wanted and what came.
 */
public final class RuntimeContract {
    private static final Identity POD = new Identity("web-0", "uid-1", "main", 0);
    /** For a command that comes to its end, on a machine however slow. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** For one that does not. */
    private static final Duration SHORT = Duration.ofSeconds(2);

    private static final int KILLED = 128 + 9;
    private static final int TERMINATED = 128 + 15;

    private RuntimeContract() {}

    /** A runtime under test, and the programs that cases need on it. Opened for one case. */
    public interface Subject extends AutoCloseable {
        ContainerRuntime runtime();

        /** Where starts are carried out. */
        Executor executor();

        /** A program that writes a line and exits at once. */
        Container exiting(int code, String line);

        /** A program that runs until SIGTERM ends it. */
        Container serving();

        /** A program that writes {@code deaf} once SIGTERM does nothing to it, and runs on. */
        Container ignoringSigterm();

        /** A container whose program does not exist. */
        Container impossible();

        /** A command that writes a line and exits at once. */
        List<String> command(int code, String line);

        /** A command that runs for an hour. */
        List<String> commandWithoutEnd();

        /** Waits, or lets the time pass, until a future is completed. */
        <T> T await(CompletableFuture<T> future) throws Exception;

        /** Waits, or lets the time pass, until a run has written a line. */
        void awaitOutput(Run run, String line) throws Exception;

        @Override
        void close();
    }

    /** Makes what is put to the test. */
    @FunctionalInterface
    public interface Opener {
        Subject open() throws Exception;
    }

    /**
     * One rule and the way to try it.
     *
     * @param name a sentence
     */
    public record Case(String name, Opener opener, Body body) {
        /** Tries it; an AssertionError if the runtime breaks the rule. */
        public void run() throws Exception {
            try (Subject subject = opener.open()) {
                body.run(subject);
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** What a case does. */
    @FunctionalInterface
    interface Body {
        void run(Subject subject) throws Exception;
    }

    /** All cases, each with a subject of its own. */
    public static List<Case> cases(Opener opener) {
        List<Case> cases = new ArrayList<>();
        cases.add(new Case("an exit code is told, and what was written", opener, subject -> {
            Run run = start(subject, subject.exiting(3, "hello"));
            Ended ended = subject.await(run.exited());
            run.close();
            same("how it ended", List.of(3, Optional.empty(), ContainerState.ERROR), facts(ended));
            same("what it wrote", "hello\n", run.output());
        }));
        cases.add(new Case("an exit with 0 is completion", opener, subject -> {
            try (Run run = start(subject, subject.exiting(0, ""))) {
                Ended ended = subject.await(run.exited());
                same("how it ended", List.of(0, Optional.empty(), ContainerState.COMPLETED), facts(ended));
            }
        }));
        cases.add(new Case("SIGTERM ends what doesn't ignore it, and its end tells the signal", opener, subject -> {
            try (Run run = start(subject, subject.serving())) {
                same("whether it has ended by itself", false, run.exited().isDone());
                run.terminate();
                Ended ended = subject.await(run.exited());
                same("how it ended", List.of(TERMINATED, Optional.of(Signal.TERM), ContainerState.ERROR), facts(ended));
            }
        }));
        cases.add(new Case("closing kills what ignores SIGTERM, and may be repeated", opener, subject -> {
            Run run = start(subject, subject.ignoringSigterm());
            subject.awaitOutput(run, "deaf");
            run.terminate();
            run.close();
            run.close();
            Ended ended = subject.await(run.exited());
            same("how it ended", List.of(KILLED, Optional.of(Signal.KILL), ContainerState.ERROR), facts(ended));
        }));
        cases.add(new Case("after the end neither SIGTERM nor closing changes what is told of it", opener, subject -> {
            Run run = start(subject, subject.exiting(7, ""));
            subject.await(run.exited());
            run.terminate();
            run.close();
            same("the exit code", 7, subject.await(run.exited()).exitCode());
        }));
        cases.add(new Case("everybody who asks is told the end, and nobody can change it", opener, subject -> {
            try (Run run = start(subject, subject.serving())) {
                CompletableFuture<Ended> spoiled = run.exited();
                spoiled.cancel(true);
                CompletableFuture<Ended> early = run.exited();
                run.terminate();
                same("the end told to two", subject.await(early), subject.await(run.exited()));
            }
        }));
        cases.add(new Case("what can't be started is told by the start", opener, subject -> {
            CompletableFuture<Run> start =
                    subject.runtime().start(Order.of(POD, subject.impossible().port("http")), subject.executor());
            String failure = subject.await(start.handle((run, failed) -> failed == null ? "" : failed.toString()));
            same("whether it failed", false, failure.isEmpty());
        }));
        cases.add(new Case(
                "named ports have numbers: the one that is asked for, or one that no other run has",
                opener,
                subject -> {
                    Container server = subject.serving().port("http").port("admin", 9000);
                    try (Run one = start(subject, server);
                            Run other = start(subject, subject.serving().port("http"))) {
                        same(
                                "the port that was asked for",
                                Optional.of(9000),
                                Optional.ofNullable(one.ports().get("admin")));
                        same(
                                "the names",
                                List.of("admin", "http"),
                                one.ports().keySet().stream().sorted().toList());
                        boolean equal = Objects.equals(
                                one.ports().get("http"), other.ports().get("http"));
                        same("whether two runs share a port", false, equal);
                    }
                }));
        cases.add(new Case(
                "what a host can't enforce is listed, and without limits there is nothing", opener, subject -> {
                    try (Run run = start(subject, subject.serving())) {
                        same("what was dropped", List.of(), run.dropped());
                    }
                }));
        cases.add(new Case(
                "a command in a container tells its exit code and leaves the container alone", opener, subject -> {
                    try (Run run = start(subject, subject.serving())) {
                        same(
                                "the exit code",
                                4,
                                exec(subject, run, subject.command(4, "hello")).exitCode());
                        same(
                                "another one's",
                                0,
                                exec(subject, run, subject.command(0, "")).exitCode());
                        same(
                                "whether the container has ended",
                                false,
                                run.exited().isDone());
                    }
                }));
        cases.add(new Case("a command that takes too long is killed", opener, subject -> {
            try (Run run = start(subject, subject.serving())) {
                same(
                        "the exit code",
                        KILLED,
                        subject.await(run.exec(subject.commandWithoutEnd(), SHORT, subject.executor()))
                                .exitCode());
            }
        }));
        cases.add(new Case("a command ends with its container", opener, subject -> {
            Run run = start(subject, subject.serving());
            CompletableFuture<Executed> executed =
                    run.exec(subject.commandWithoutEnd(), Duration.ofHours(1), subject.executor());
            run.close();
            subject.await(executed.handle((end, failed) -> ""));
            same("whether it has ended", true, executed.isDone());
        }));
        cases.add(new Case("in a container that has ended no command can be run", opener, subject -> {
            Run run = start(subject, subject.exiting(0, ""));
            subject.await(run.exited());
            run.close();
            CompletableFuture<Executed> executed = run.exec(subject.command(0, ""), PATIENCE, subject.executor());
            String failure = subject.await(executed.handle((end, failed) -> failed == null ? "" : failed.toString()));
            same("whether it failed", false, failure.isEmpty());
        }));
        return List.copyOf(cases);
    }

    private static Executed exec(Subject subject, Run run, List<String> command) throws Exception {
        return subject.await(run.exec(command, PATIENCE, subject.executor()));
    }

    private static Run start(Subject subject, Container container) throws Exception {
        return subject.await(subject.runtime().start(Order.of(POD, container), subject.executor()));
    }

    private static List<Object> facts(Ended ended) {
        return List.of(ended.exitCode(), ended.signal(), ended.reason());
    }

    private static void same(String what, Object wanted, Object came) {
        if (!wanted.equals(came)) {
            throw new AssertionError(what + ": wanted " + wanted + ", came " + came);
        }
    }
}
