package dev.corral.reconcile.testing;

import dev.corral.Signal;
import dev.corral.reconcile.Clock;
import dev.corral.reconcile.node.Prober;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerPort;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.Probe;
import dev.corral.reconcile.workload.ProbeKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Runs containers as processes that exist in name only: each does what its {@link Script} says, at the time of a clock. It keeps
 * the promises that {@link RuntimeContract} checks, as the real runtime does. It answers probes too. Belongs to one thread.
 */
public final class ScriptedRuntime implements ContainerRuntime, Prober {
    private static final int FIRST_PORT = 20_000;
    private static final int LAST_PORT = 65_535;
    private static final int KILLED = 128 + Signal.KILL.number();

    private final Clock clock;
    private final Script.Casting casting;
    private final List<ScriptedRun> live = new ArrayList<>();
    private final Set<Integer> taken = new HashSet<>();
    private int nextPort = FIRST_PORT;
    private int starting;
    private long changes;
    private long crashes;

    /** Every container becomes the process that the casting says, on that clock. */
    public ScriptedRuntime(Clock clock, Script.Casting casting) {
        this.clock = clock;
        this.casting = casting;
    }

    /**
     * Starts a process whose script has it start at once.
     *
     * @throws IllegalStateException if the script refuses, or has it start later: nobody can wait for that on one thread
     */
    @Override
    public Run start(Order order) {
        Identity identity = order.identity();
        Script script = casting.of(identity, order.container());
        if (!script.startsAfter().isZero()) {
            throw new IllegalStateException("container " + identity.container() + " of pod " + identity.pod()
                    + " starts after " + script.startsAfter() + ": start it with an executor");
        }
        return run(identity, order.container(), script);
    }

    @Override
    public CompletableFuture<Run> start(Order order, Executor executor) {
        Identity identity = order.identity();
        Script script = casting.of(identity, order.container());
        CompletableFuture<Run> started = new CompletableFuture<>();
        starting++;
        changes++;
        long before = crashes;
        clock.at(clock.now().plus(script.startsAfter()), new Step("starts", identity, () -> {
            starting--;
            if (before != crashes) {
                return; // nobody waits for it any more
            }
            try {
                started.complete(run(identity, order.container(), script));
            } catch (RuntimeException failed) {
                started.completeExceptionally(failed);
            }
        }));
        return started;
    }

    /** Asks a process, however the probe would; no if it has ended. */
    @Override
    public Answer ask(Question question) {
        if (!(question.run() instanceof ScriptedRun asked)) {
            throw new IllegalArgumentException(question.run() + " is not of this runtime");
        }
        boolean answer = !asked.exited.isDone() && asked.answer(question.kind());
        return new Answer(answer, "the script says " + (answer ? "yes" : "no"));
    }

    /** What the script says of a command whose program is the path. */
    @Override
    public Answer get(Run run, Probe.HttpGet get, Duration timeout) throws InterruptedException {
        Executed executed = run.exec(List.of(get.path()), timeout);
        return new Answer(executed.exitCode() == 0, "the script says " + executed.exitCode());
    }

    /** The processes that run, in the order in which they started. */
    public List<Identity> running() {
        return live.stream().map(run -> run.identity).toList();
    }

    /** Those of them that were asked to end, by SIGTERM. */
    public List<Identity> ending() {
        return live.stream().filter(run -> run.asked).map(run -> run.identity).toList();
    }

    /** How many are on their way to run. */
    int starting() {
        return starting;
    }

    /** Ends one of those that run, as somebody else's signal or its own failure would. */
    void end(int position, int exitCode, Optional<Signal> signal) {
        live.get(position).end(exitCode, signal);
    }

    /** The next answers to probes of one of those that run are no. */
    void deafen(int position, int answers) {
        live.get(position).deafen(answers);
    }

    /** Whoever has started all this is killed: nothing of it is left, and what was ordered to start never does. */
    void crash() {
        crashes++;
        changes++;
        List.copyOf(live).forEach(ScriptedRun::close);
    }

    /** How often a process has started, ended or been ordered to start. */
    long changes() {
        return changes;
    }

    /** Whether every process will answer its next probes as it did its last ones. */
    boolean steady() {
        return live.stream().allMatch(ScriptedRun::steady);
    }

    private ScriptedRun run(Identity identity, Container container, Script script) {
        if (script.refusal().isPresent()) {
            throw new IllegalStateException(script.refusal().get());
        }
        ScriptedRun run = new ScriptedRun(identity, container, ports(container), script);
        live.add(run);
        changes++;
        run.begin();
        return run;
    }

    private Map<String, Integer> ports(Container container) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        for (ContainerPort port : container.ports()) {
            ports.put(port.name(), port.containerPort().orElseGet(this::freePort));
        }
        return ports;
    }

    private int freePort() {
        while (!taken.add(nextPort)) {
            nextPort = nextPort == LAST_PORT ? FIRST_PORT : nextPort + 1;
        }
        return nextPort;
    }

    /** What a process is called in timelines. */
    static String title(Identity identity) {
        return "process " + identity.pod() + "/" + identity.container() + "#" + identity.attempt();
    }

    /** Something a process does, with its name in timelines. */
    private record Step(String what, Identity identity, Runnable body) implements Runnable {
        @Override
        public void run() {
            body.run();
        }

        @Override
        public String toString() {
            return title(identity) + " " + what;
        }
    }

    private final class ScriptedRun implements Run {
        private final Identity identity;
        private final Container container;
        private final Map<String, Integer> ports;
        private final Script script;
        private final Instant since = clock.now();
        private final CompletableFuture<Ended> exited = new CompletableFuture<>();
        private final Map<ProbeKind, Answers> answers = new EnumMap<>(ProbeKind.class);
        private boolean asked;
        private boolean closed;

        private ScriptedRun(Identity identity, Container container, Map<String, Integer> ports, Script script) {
            this.identity = identity;
            this.container = container;
            this.ports = Map.copyOf(ports);
            this.script = script;
        }

        private void begin() {
            script.end()
                    .ifPresent(end -> clock.at(
                            since.plus(end.after()),
                            new Step("ends", identity, () -> end(end.exitCode(), end.signal()))));
        }

        private boolean answer(ProbeKind kind) {
            return answers(kind).next();
        }

        private Answers answers(ProbeKind kind) {
            return answers.computeIfAbsent(kind, unasked -> switch (kind) {
                case STARTUP -> new Answers(clock, since.plus(script.startedAfter()), List.of());
                case LIVENESS -> new Answers(clock, since, script.livenessAnswers());
                case READINESS -> new Answers(clock, since.plus(script.readyAfter()), script.answers());
            });
        }

        private boolean steady() {
            return exited.isDone()
                    || Arrays.stream(ProbeKind.values())
                            .allMatch(kind -> kind.of(container)
                                    .filter(probe -> !answers(kind).steady(probe, kind == ProbeKind.STARTUP))
                                    .isEmpty());
        }

        private void end(int exitCode, Optional<Signal> signal) {
            if (!exited.isDone()) {
                live.remove(this);
                changes++;
                exited.complete(RunEnd.of(exitCode, signal));
            }
        }

        @Override
        public Map<String, Integer> ports() {
            return ports;
        }

        @Override
        public List<String> dropped() {
            return List.of();
        }

        @Override
        public CompletableFuture<Ended> exited() {
            return exited.copy();
        }

        @Override
        public String output() {
            return script.output();
        }

        @Override
        public String terminationMessage() {
            return container.terminationMessagePath().isEmpty() ? "" : script.lastWords();
        }

        /**
         * Runs a command that takes no time.
         *
         * @throws IllegalStateException if the script has it take some: nobody can wait for that on one thread
         */
        @Override
        public Executed exec(List<String> command, Duration timeout) {
            Script.Execution execution = script.execution(command);
            if (!execution.after().isZero()) {
                throw new IllegalStateException(command + " takes " + execution.after() + ": run it with an executor");
            }
            requireLive(command);
            return new Executed(execution.exitCode(), "");
        }

        @Override
        public CompletableFuture<Executed> exec(List<String> command, Duration timeout, Executor executor) {
            Script.Execution execution = script.execution(command);
            boolean inTime = execution.after().compareTo(timeout) <= 0;
            CompletableFuture<Executed> executed = new CompletableFuture<>();
            if (exited.isDone()) {
                executed.completeExceptionally(gone(command));
                return executed;
            }
            Executed end = new Executed(inTime ? execution.exitCode() : KILLED, "");
            clock.at(
                    clock.now().plus(inTime ? execution.after() : timeout),
                    new Step("has run " + command.get(0), identity, () -> executed.complete(end)));
            CompletableFuture<Void> unused = exited.thenAccept(itself -> executed.complete(new Executed(KILLED, "")));
            return executed;
        }

        private void requireLive(List<String> command) {
            if (exited.isDone()) {
                throw gone(command);
            }
        }

        private IllegalStateException gone(List<String> command) {
            return new IllegalStateException(identity + " has ended: " + command + " can't be run in it");
        }

        private void deafen(int more) {
            for (ProbeKind kind : ProbeKind.values()) {
                answers(kind).deafen(more);
            }
        }

        @Override
        public void terminate() {
            asked = true;
            changes++;
            script.stopsAfter()
                    .ifPresent(delay -> clock.at(
                            clock.now().plus(delay),
                            new Step(
                                    "obeys SIGTERM",
                                    identity,
                                    () -> end(128 + Signal.TERM.number(), Optional.of(Signal.TERM)))));
        }

        @Override
        public void close() {
            end(KILLED, Optional.of(Signal.KILL));
            if (!closed) {
                closed = true;
                container.ports().stream()
                        .filter(port -> port.containerPort().isEmpty())
                        .forEach(port -> taken.remove(ports.get(port.name())));
            }
        }
    }
}
