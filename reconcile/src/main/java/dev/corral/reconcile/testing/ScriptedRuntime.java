package dev.corral.reconcile.testing;

import dev.corral.Signal;
import dev.corral.reconcile.Clock;
import dev.corral.reconcile.node.Prober;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerPort;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.Probe;
import java.time.Instant;
import java.util.ArrayList;
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

    private final Clock clock;
    private final Script.Casting casting;
    private final Map<Integer, ScriptedRun> byPort = new LinkedHashMap<>();
    private final List<ScriptedRun> live = new ArrayList<>();
    private final Set<Integer> taken = new HashSet<>();
    private int nextPort = FIRST_PORT;
    private int starting;
    private long changes;

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
        clock.at(clock.now().plus(script.startsAfter()), new Step("starts", identity, () -> {
            starting--;
            try {
                started.complete(run(identity, order.container(), script));
            } catch (RuntimeException failed) {
                started.completeExceptionally(failed);
            }
        }));
        return started;
    }

    /** Asks a process that listens on a port; false if none does. */
    @Override
    public boolean ask(Probe probe, int port) {
        ScriptedRun asked = byPort.get(port);
        return asked != null && asked.answer();
    }

    /** The processes that run, in the order in which they started. */
    public List<Identity> running() {
        return live.stream().map(run -> run.identity).toList();
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
        live.get(position).deaf += answers;
    }

    /** How often a process has started, ended or been ordered to start. */
    long changes() {
        return changes;
    }

    /** Whether every process will answer its next probes as it did its last ones. */
    boolean steady() {
        return byPort.values().stream().allMatch(ScriptedRun::steady);
    }

    private ScriptedRun run(Identity identity, Container container, Script script) {
        if (script.refusal().isPresent()) {
            throw new IllegalStateException(script.refusal().get());
        }
        ScriptedRun run = new ScriptedRun(identity, container, ports(container), script);
        live.add(run);
        changes++;
        run.ports.values().forEach(port -> byPort.put(port, run));
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

    /** Something a process does, with its name in timelines. */
    private record Step(String what, Identity identity, Runnable body) implements Runnable {
        @Override
        public void run() {
            body.run();
        }

        @Override
        public String toString() {
            return "process " + identity.pod() + "/" + identity.container() + "#" + identity.attempt() + " " + what;
        }
    }

    private final class ScriptedRun implements Run {
        private final Identity identity;
        private final Container container;
        private final Map<String, Integer> ports;
        private final Script script;
        private final Instant since = clock.now();
        private final CompletableFuture<Ended> exited = new CompletableFuture<>();
        private int asked;
        private int same;
        private boolean last;
        private int deaf;
        private int turn;
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

        private boolean answer() {
            boolean answer = next();
            same = asked > 0 && answer == last ? same + 1 : 1;
            last = answer;
            asked++;
            return answer;
        }

        private boolean next() {
            if (deaf > 0) {
                deaf--;
                return false;
            }
            if (clock.now().isBefore(since.plus(script.readyAfter()))) {
                return false;
            }
            List<Boolean> answers = script.answers();
            return answers.isEmpty() || answers.get(Math.min(turn++, answers.size() - 1));
        }

        private boolean steady() {
            Optional<Probe> probe = container.readinessProbe();
            if (probe.isEmpty() || exited.isDone()) {
                return true;
            }
            boolean changing =
                    deaf > 0 || turn < script.answers().size() || clock.now().isBefore(since.plus(script.readyAfter()));
            List<Boolean> answers = script.answers();
            boolean next = answers.isEmpty() || answers.get(answers.size() - 1);
            int needed = next ? probe.get().successThreshold() : probe.get().failureThreshold();
            return !changing && asked > 0 && last == next && same >= needed;
        }

        private void end(int exitCode, Optional<Signal> signal) {
            if (!exited.isDone()) {
                live.remove(this);
                changes++;
                ports.values().forEach(port -> byPort.remove(port, this));
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
        public void terminate() {
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
            end(128 + Signal.KILL.number(), Optional.of(Signal.KILL));
            if (!closed) {
                closed = true;
                container.ports().stream()
                        .filter(port -> port.containerPort().isEmpty())
                        .forEach(port -> taken.remove(ports.get(port.name())));
            }
        }
    }
}
