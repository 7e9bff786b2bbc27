package dev.corral.reconcile.testing;

import dev.corral.Signal;
import dev.corral.reconcile.workload.ContainerRuntime.Ended;
import dev.corral.reconcile.workload.ContainerState;
import java.util.Optional;

/** The ends of scripted processes, told as those of real ones are. */
final class RunEnd {
    private RunEnd() {}

    static Ended of(int exitCode, Optional<Signal> signal) {
        String reason = exitCode == 0 ? ContainerState.COMPLETED : ContainerState.ERROR;
        String message = signal.map(by -> "killed by " + by).orElse("exited " + exitCode);
        return new Ended(exitCode, signal, reason, message);
    }
}
