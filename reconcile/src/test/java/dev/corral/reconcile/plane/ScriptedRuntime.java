package dev.corral.reconcile.plane;

import dev.corral.Signal;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.ContainerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** Containers that do what the test says; by default they run until they are asked to end. */
final class ScriptedRuntime implements ContainerRuntime {
    final List<ScriptedRun> runs = new ArrayList<>();
    Predicate<Container> startable = container -> true;
    Predicate<Container> obedient = container -> true;
    List<String> dropped = List.of();
    private int nextPort = 20000;

    @Override
    public Run start(Order order) {
        Container container = order.container();
        if (!startable.test(container)) {
            throw new IllegalStateException(
                    "no such program: " + container.command().get(0));
        }
        Map<String, Integer> ports = new LinkedHashMap<>();
        container.ports().forEach(port -> ports.put(port.name(), nextPort++));
        ScriptedRun run = new ScriptedRun(order.identity(), container, ports);
        runs.add(run);
        return run;
    }

    List<ScriptedRun> live() {
        return runs.stream().filter(run -> !run.exited.isDone()).toList();
    }

    /** The newest run of the container of a pod. */
    ScriptedRun of(String pod) {
        return runs.stream()
                .filter(run -> run.identity.pod().equals(pod))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    /** One container that was started. */
    final class ScriptedRun implements Run {
        final Identity identity;
        final Container container;
        final Map<String, Integer> ports;
        final CompletableFuture<Ended> exited = new CompletableFuture<>();
        boolean terminated;
        boolean closed;

        private ScriptedRun(Identity identity, Container container, Map<String, Integer> ports) {
            this.identity = identity;
            this.container = container;
            this.ports = ports;
        }

        void exit(int code) {
            String reason = code == 0 ? ContainerState.COMPLETED : ContainerState.ERROR;
            Optional<Signal> signal = code > 128 ? Optional.of(new Signal(code - 128)) : Optional.empty();
            exited.complete(new Ended(code, signal, reason, "exited " + code));
        }

        @Override
        public Map<String, Integer> ports() {
            return ports;
        }

        @Override
        public List<String> dropped() {
            return dropped;
        }

        @Override
        public CompletableFuture<Ended> exited() {
            return exited;
        }

        @Override
        public String output() {
            return "output of " + identity.pod();
        }

        @Override
        public Executed exec(List<String> command, Duration timeout) {
            return new Executed(0, "");
        }

        @Override
        public void terminate() {
            terminated = true;
            if (obedient.test(container)) {
                exit(143);
            }
        }

        @Override
        public void close() {
            closed = true;
            exit(137);
        }
    }
}
