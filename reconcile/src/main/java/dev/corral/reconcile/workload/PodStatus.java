package dev.corral.reconcile.workload;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Conditions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the agent says of a pod. Source: Kubernetes API, {@code PodStatus}.
 *
 * @param reason why it fails as a whole, in one word: {@link #DEADLINE_EXCEEDED} or {@link #RESTART_LIMIT_EXCEEDED}; empty text
 *     otherwise
 * @param message the same in a sentence for people, may be empty
 * @param conditions {@code PodScheduled}, {@code Initialized}, {@code ContainersReady}, {@code Ready}, and {@code LimitsEnforced}
 *     when a limit was dropped
 * @param initContainers one for each init container, in their order; empty before the agent has seen the pod
 * @param containers one for each container, in their order; empty before the agent has seen the pod
 * @param startTime when the agent saw the pod first
 * @param restarted when its containers were started again, of late, oldest first; kept only where the pod gives up at some number
 * @param qosClass how much of what it uses it was promised; empty before the agent has seen it
 */
public record PodStatus(
        PodPhase phase,
        String reason,
        String message,
        Conditions conditions,
        List<ContainerStatus> initContainers,
        List<ContainerStatus> containers,
        Optional<Instant> startTime,
        List<Instant> restarted,
        Optional<QosClass> qosClass) {
    /** All containers can take traffic, and all readiness gates are open. */
    public static final String READY = "Ready";
    /** It has a node; false, with the reason, while it fits nowhere. */
    public static final String POD_SCHEDULED = "PodScheduled";
    /** All init containers have succeeded, and all sidecars have started. */
    public static final String INITIALIZED = "Initialized";
    /** All containers are ready, sidecars included. */
    public static final String CONTAINERS_READY = "ContainersReady";
    /** Other resources are wanted than are in force; the reason is {@code Deferred} or {@code Infeasible}. */
    public static final String RESIZE_PENDING = "PodResizePending";
    /** Other resources are being put in force. */
    public static final String RESIZE_IN_PROGRESS = "PodResizeInProgress";
    /** The host enforces all limits; false, with what it does not, where limits are on a best-effort basis. */
    public static final String LIMITS_ENFORCED = "LimitsEnforced";
    /** It was active longer than its {@code activeDeadline}. */
    public static final String DEADLINE_EXCEEDED = "DeadlineExceeded";
    /** Its containers were started again more often than {@code giveUpAfter} allows. */
    public static final String RESTART_LIMIT_EXCEEDED = "RestartLimitExceeded";

    /** It was taken off its node for a reason that lies outside of it, such as a taint. */
    public static final String DISRUPTION_TARGET = "DisruptionTarget";

    /** What its agent says; every other condition is somebody else's. */
    private static final Set<String> OF_THE_AGENT = Set.of(
            READY, POD_SCHEDULED, INITIALIZED, CONTAINERS_READY, RESIZE_PENDING, RESIZE_IN_PROGRESS, LIMITS_ENFORCED);

    public PodStatus {
        initContainers = List.copyOf(initContainers);
        containers = List.copyOf(containers);
        restarted = List.copyOf(restarted);
    }

    /** The status of a pod that no agent has seen yet. */
    public static PodStatus unseen() {
        return new PodStatus(
                PodPhase.PENDING,
                "",
                "",
                Conditions.none(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    /** The same with other conditions. */
    public PodStatus conditions(Conditions other) {
        return other.equals(conditions) ? this : with(phase, other, initContainers, containers, qosClass);
    }

    /** What its agent says here, with the conditions of a stored status that are somebody else's as they are there. */
    public PodStatus beside(PodStatus stored) {
        List<Condition> all = new ArrayList<>();
        for (Condition known : stored.conditions.all()) {
            if (OF_THE_AGENT.contains(known.type())) {
                conditions.get(known.type()).ifPresent(all::add);
            } else {
                all.add(known);
            }
        }
        for (Condition said : conditions.all()) {
            if (OF_THE_AGENT.contains(said.type())
                    && stored.conditions.get(said.type()).isEmpty()) {
                all.add(said);
            }
        }
        return conditions(new Conditions(all));
    }

    /** Whether its agent has not heard yet that a readiness gate was opened or closed. */
    public boolean gatesMoved(PodSpec spec) {
        return conditions.holds(CONTAINERS_READY)
                && ready() != spec.readinessGates().stream().allMatch(conditions::holds);
    }

    PodStatus phase(PodPhase other) {
        return with(other, conditions, initContainers, containers, qosClass);
    }

    /** The same with the class of its spec. */
    public PodStatus qosClass(PodSpec spec) {
        Optional<QosClass> now = Optional.of(QosClass.of(spec));
        return now.equals(qosClass) ? this : with(phase, conditions, initContainers, containers, now);
    }

    private PodStatus with(
            PodPhase newPhase,
            Conditions newConditions,
            List<ContainerStatus> newInitContainers,
            List<ContainerStatus> newContainers,
            Optional<QosClass> newClass) {
        return new PodStatus(
                newPhase,
                reason,
                message,
                newConditions,
                newInitContainers,
                newContainers,
                startTime,
                restarted,
                newClass);
    }

    /** The status of a pod of which nothing was started yet, for want of what it refers to. */
    public PodStatus waitingFor(PodSpec spec, List<String> missing) {
        ContainerState.Waiting waiting =
                new ContainerState.Waiting(ContainerState.CONFIG_ERROR, String.join("; ", missing));
        return with(
                phase,
                conditions,
                waiting(spec.initContainers(), waiting),
                waiting(spec.containers(), waiting),
                qosClass);
    }

    private List<ContainerStatus> waiting(List<Container> all, ContainerState.Waiting waiting) {
        return all.stream()
                .map(container ->
                        container(container.name()).orElseGet(() -> ContainerStatus.created(container.name())))
                .map(status -> status.terminated() ? status : status.waiting(waiting))
                .toList();
    }

    /** The status of a pod some of whose containers were started by a control plane before this one. */
    public PodStatus found(PodSpec spec, Collection<ContainerRuntime.Former> found) {
        return new PodStatus(
                phase,
                reason,
                message,
                conditions,
                found(spec.initContainers(), found),
                found(spec.containers(), found),
                found.stream()
                        .filter(ContainerRuntime.Former::began)
                        .map(ContainerRuntime.Former::since)
                        .min(Instant::compareTo)
                        .or(() -> startTime),
                restarted(found),
                qosClass);
    }

    /** As it was when a container was started last: each start knows of those before it. */
    private List<Instant> restarted(Collection<ContainerRuntime.Former> found) {
        return found.stream()
                .map(former -> former.history().restarted())
                .filter(times -> !times.isEmpty())
                .max(Comparator.<List<Instant>, Instant>comparing(times -> times.get(times.size() - 1))
                        .thenComparingInt(List::size))
                .orElse(restarted);
    }

    private List<ContainerStatus> found(List<Container> all, Collection<ContainerRuntime.Former> found) {
        return all.stream()
                .map(container -> found.stream()
                        .filter(former -> former.container().equals(container.name()))
                        .findFirst()
                        .map(ContainerStatus::found)
                        .or(() -> container(container.name()))
                        .orElseGet(() -> ContainerStatus.created(container.name())))
                .toList();
    }

    /** The status of a container, init containers included; empty before the agent has seen the pod. */
    public Optional<ContainerStatus> container(String name) {
        return named(initContainers, name).or(() -> named(containers, name));
    }

    private static Optional<ContainerStatus> named(List<ContainerStatus> statuses, String name) {
        for (ContainerStatus status : statuses) {
            if (status.name().equals(name)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }

    /** Those of all containers, init containers first. */
    Stream<ContainerStatus> all() {
        return Stream.concat(initContainers.stream(), containers.stream());
    }

    /** The same of a pod of which nothing runs any more and nothing will: what never ran has failed. */
    PodStatus ended() {
        return phase.terminal() ? this : phase(PodPhase.FAILED);
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

    /** How often its init containers and sidecars were started again, the largest number of any. */
    public int initRestarts() {
        return initContainers.stream()
                .mapToInt(ContainerStatus::restartCount)
                .max()
                .orElse(0);
    }
}
