package dev.corral.reconcile.node;

import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.Lifecycle;
import dev.corral.reconcile.workload.Probe;
import dev.corral.reconcile.workload.ProcessPlan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Does what is to be done after the start and before the end of a run. */
record Hooks(Seams seams, ContainerRuntime.Order order) {
    /** As long as its container is there: what bounds a hook is the grace of that. */
    private static final Duration UNBOUNDED = Duration.ofDays(365);
    /** A server that has not answered by then won't. */
    private static final Duration HTTP_TIMEOUT = Duration.ofSeconds(30);

    /** Completed when it is done, with why it failed; empty for success. Never completed exceptionally. */
    CompletableFuture<Optional<String>> perform(Lifecycle.Hook hook, ContainerRuntime.Run run) {
        CompletableFuture<Optional<String>> done = new CompletableFuture<>();
        if (hook instanceof Lifecycle.Sleep sleep) {
            seams.clock().at(seams.clock().now().plus(sleep.duration()), () -> done.complete(Optional.empty()));
        } else if (hook instanceof Probe.Exec exec) {
            return executed(exec, run);
        } else if (hook instanceof Probe.HttpGet get) {
            seams.executor().execute(() -> done.complete(got(get, run)));
        }
        return done;
    }

    private CompletableFuture<Optional<String>> executed(Probe.Exec exec, ContainerRuntime.Run run) {
        List<String> command = ProcessPlan.of(order.container(), run.ports()).expanded(exec.command());
        String what = String.join(" ", command);
        return run.exec(command, UNBOUNDED, seams.executor()).handle((executed, failed) -> {
            if (failed != null) {
                return Optional.of(what + ": " + failed.getMessage());
            }
            return executed.exitCode() == 0
                    ? Optional.empty()
                    : Optional.of(what + " exited with " + executed.exitCode()
                            + (executed.output().isBlank()
                                    ? ""
                                    : ": " + executed.output().strip()));
        });
    }

    private Optional<String> got(Probe.HttpGet get, ContainerRuntime.Run run) {
        try {
            Prober.Answer answer = seams.prober().get(run, get, HTTP_TIMEOUT);
            return answer.success() ? Optional.empty() : Optional.of(answer.what());
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return Optional.of("GET " + get.path() + " was interrupted");
        } catch (RuntimeException error) {
            return Optional.of("GET " + get.path() + ": " + error);
        }
    }
}
