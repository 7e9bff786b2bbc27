package dev.corral.reconcile.workload;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Conditions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the agent says of a pod. Source: Kubernetes API, {@code PodStatus}.
 *
 * @param conditions {@code PodScheduled}, {@code Ready}, {@code ContainersReady}, and {@code LimitsEnforced} when a limit was dropped
 * @param containers one for each container, in their order; empty before the agent has seen the pod
 * @param startTime when the agent saw the pod first
 */
public record PodStatus(
        PodPhase phase, Conditions conditions, List<ContainerStatus> containers, Optional<Instant> startTime) {
    /** All containers can take traffic. */
    public static final String READY = "Ready";
    /** It has a node; false, with the reason, while it fits nowhere. */
    public static final String POD_SCHEDULED = "PodScheduled";
    /** All containers are ready. */
    public static final String CONTAINERS_READY = "ContainersReady";
    /** The host enforces all limits; false, with what it does not, where limits are on a best-effort basis. */
    public static final String LIMITS_ENFORCED = "LimitsEnforced";

    public PodStatus {
        containers = List.copyOf(containers);
    }

    /** The status of a pod that no agent has seen yet. */
    public static PodStatus unseen() {
        return new PodStatus(PodPhase.PENDING, Conditions.none(), List.of(), Optional.empty());
    }

    PodStatus conditions(Conditions conditions) {
        return new PodStatus(phase, conditions, containers, startTime);
    }

    /** The status of a container; empty before the agent has seen the pod. */
    public Optional<ContainerStatus> container(String name) {
        for (ContainerStatus status : containers) {
            if (status.name().equals(name)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }

    /** The same of a pod of which nothing runs any more and nothing will: what never ran has failed. */
    PodStatus ended() {
        return phase.terminal() ? this : new PodStatus(PodPhase.FAILED, conditions, containers, startTime);
    }

    /** Whether it can take traffic. */
    public boolean ready() {
        return conditions.holds(READY);
    }

    /** Since when it can take traffic; empty while it can't. */
    public Optional<Instant> readySince() {
        return conditions.get(READY).filter(Condition::holds).map(Condition::lastTransition);
    }

    /** How often its containers were started again, the largest number of any. */
    public int restarts() {
        int most = 0;
        for (ContainerStatus status : containers) {
            most = Math.max(most, status.restartCount());
        }
        return most;
    }
}
