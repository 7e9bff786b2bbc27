package dev.corral.benchmarks;

import dev.corral.reconcile.workload.ContainerPort;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.ContainerState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Containers without processes: they run at once, and end at once when they are asked to. */
final class InstantRuntime implements ContainerRuntime {
    @Override
    public Run start(Order order) {
        Map<String, Integer> ports = new HashMap<>();
        for (ContainerPort port : order.container().ports()) {
            ports.put(port.name(), port.containerPort().orElse(1));
        }
        return new InstantRun(Map.copyOf(ports), new CompletableFuture<>());
    }

    @Override
    public CompletableFuture<Run> start(Order order, Executor executor) {
        return CompletableFuture.completedFuture(start(order));
    }

    private record InstantRun(Map<String, Integer> ports, CompletableFuture<Ended> exited) implements Run {
        @Override
        public List<String> dropped() {
            return List.of();
        }

        @Override
        public Executed exec(List<String> command, Duration timeout) {
            return new Executed(0, "");
        }

        @Override
        public void terminate() {
            exited.complete(new Ended(143, Optional.empty(), ContainerState.ERROR, ""));
        }

        @Override
        public void close() {
            exited.complete(new Ended(137, Optional.empty(), ContainerState.ERROR, ""));
        }
    }
}
