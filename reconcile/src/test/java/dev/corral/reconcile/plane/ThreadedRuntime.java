package dev.corral.reconcile.plane;

import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.ContainerState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Containers without processes for planes with threads of their own: they run until they are asked to end, or killed. */
final class ThreadedRuntime implements ContainerRuntime {
    final Set<ThreadedRun> live = ConcurrentHashMap.newKeySet();
    /** Completed with the pod of the first container that was asked to end. */
    final CompletableFuture<String> asked = new CompletableFuture<>();

    /** The pods of all containers that were ever started. */
    final Set<String> started = ConcurrentHashMap.newKeySet();

    volatile boolean obedient = true;

    @Override
    public Run start(Order order) {
        String pod = order.identity().pod();
        ThreadedRun run = new ThreadedRun(pod);
        live.add(run);
        started.add(pod);
        return run;
    }

    /** One container that was started. */
    final class ThreadedRun implements Run {
        private final String pod;
        private final CompletableFuture<Ended> exited = new CompletableFuture<>();

        private ThreadedRun(String pod) {
            this.pod = pod;
        }

        @Override
        public Map<String, Integer> ports() {
            return Map.of();
        }

        @Override
        public List<String> dropped() {
            return List.of();
        }

        @Override
        public CompletableFuture<Ended> exited() {
            return exited;
        }

        @Override
        public Executed exec(List<String> command, Duration timeout) {
            return new Executed(0, "");
        }

        @Override
        public void terminate() {
            asked.complete(pod);
            if (obedient) {
                end(143);
            }
        }

        @Override
        public void close() {
            end(137);
        }

        void end(int code) {
            live.remove(this);
            exited.complete(new Ended(code, Optional.empty(), ContainerState.ERROR, "ended by " + code));
        }
    }
}
