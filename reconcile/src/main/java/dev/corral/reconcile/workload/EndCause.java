package dev.corral.reconcile.workload;

import java.time.Duration;

/** Why the agent ends a container. */
public enum EndCause {
    /** Its pod goes, or has failed. */
    POD("its pod ends"),
    /** Its definition is another one now. */
    CHANGED("its definition has changed"),
    /** It did not start in time, says its startup probe. */
    STARTUP("its startup probe has failed"),
    /** It does not work any more, says its liveness probe. */
    LIVENESS("its liveness probe has failed"),
    /** What was to be done after its start has failed. */
    POST_START("its postStart hook has failed"),
    /** It is started again together with another one that has ended. */
    SIBLING("it begins anew with another container"),
    /** It is a sidecar, and the main containers have ended for good. */
    UNNEEDED("the main containers have ended");

    private final String sentence;

    EndCause(String sentence) {
        this.sentence = sentence;
    }

    /** The same in words. */
    @Override
    public String toString() {
        return sentence;
    }

    /** Whether it counts as a failure of the container, whatever its exit code is. */
    boolean isFailure() {
        return this == STARTUP || this == LIVENESS || this == POST_START;
    }

    /** Whether it is to run again in any case. */
    boolean isRenewal() {
        return this == CHANGED || this == SIBLING || this == UNNEEDED;
    }

    /** How long ending a container for this may take. */
    Duration grace(Container container, Duration ofPod) {
        return switch (this) {
            case STARTUP ->
                container.startupProbe().flatMap(Probe::terminationGracePeriod).orElse(ofPod);
            case LIVENESS ->
                container.livenessProbe().flatMap(Probe::terminationGracePeriod).orElse(ofPod);
            default -> ofPod;
        };
    }
}
