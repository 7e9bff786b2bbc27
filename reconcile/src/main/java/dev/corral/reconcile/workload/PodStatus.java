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
 * @param qosClass how much of what it uses it was promised; empty before the agent has seen it
 */
public record PodStatus(
        PodPhase phase,
        Conditions conditions,
        List<ContainerStatus> containers,
        Optional<Instant> startTime,
        Optional<QosClass> qosClass) {
    /** All containers can take traffic. */
    public static final String READY = "Ready";
    /** It has a node; false, with the reason, while it fits nowhere. */
    public static final String POD_SCHEDULED = "PodScheduled";
    /** All containers are ready. */
    public static final String CONTAINERS_READY = "ContainersReady";
    /** Other resources are wanted than are in force; the reason is {@code Deferred} or {@code Infeasible}. */
    public static final String RESIZE_PENDING = "PodResizePending";
    /** Other resources are being put in force. */
    public static final String RESIZE_IN_PROGRESS = "PodResizeInProgress";
    /** The host enforces all limits; false, with what it does not, where limits are on a best-effort basis. */
    public static final String LIMITS_ENFORCED = "LimitsEnforced";

    public PodStatus {
        containers = List.copyOf(containers);
    }

    PodStatus(PodPhase phase, Conditions conditions, List<ContainerStatus> containers, Optional<Instant> startTime) {
        this(phase, conditions, containers, startTime, Optional.empty());
    }

    /** The status of a pod that no agent has seen yet. */
    public static PodStatus unseen() {
        return new PodStatus(PodPhase.PENDING, Conditions.none(), List.of(), Optional.empty());
    }

    /** The same with the class of its spec. */
    public PodStatus qosClass(PodSpec spec) {
        return new PodStatus(phase, conditions, containers, startTime, Optional.of(QosClass.of(spec)));
    }

    /** The same with other conditions. */
    public PodStatus conditions(Conditions conditions) {
        return new PodStatus(phase, conditions, containers, startTime, qosClass);
    }

    /** The status of a pod of which nothing was started yet, for want of what it refers to. */
    public PodStatus waitingFor(PodSpec spec, List<String> missing) {
        ContainerState.Waiting waiting =
                new ContainerState.Waiting(ContainerState.CONFIG_ERROR, String.join("; ", missing));
        List<ContainerStatus> all = spec.containers().stream()
                .map(container -> ContainerStatus.created(container.name()).waiting(waiting))
                .toList();
        return new PodStatus(phase, conditions, all, startTime, qosClass);
    }

    /** The status of a container; empty before the agent has seen the pod. */
    public Optional<ContainerStatus> container(String name) {
        return containers.stream().filter(status -> status.name().equals(name)).findFirst();
    }

    /** The same of a pod of which nothing runs any more and nothing will: what never ran has failed. */
    PodStatus ended() {
        return phase.terminal() ? this : new PodStatus(PodPhase.FAILED, conditions, containers, startTime, qosClass);
    }

    /** Whether it can take traffic. */
    public boolean ready() {
        return readySince().isPresent();
    }

    /** Since when it can take traffic; empty while it can't. */
    public Optional<Instant> readySince() {
        return conditions.get(READY).filter(Condition::holds).map(Condition::lastTransition);
    }

    /** How often its containers were started again, the largest number of any. */
    public int restarts() {
        return containers.stream().mapToInt(ContainerStatus::restartCount).max().orElse(0);
    }
}
