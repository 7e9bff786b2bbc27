package dev.corral.reconcile.workload;

import dev.corral.reconcile.Conditions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What is said of a pod as a whole, once all is known of its containers. */
final class PodSummary {
    private final PodPass.View view;
    private final List<ContainerStatus> initContainers;
    private final List<ContainerStatus> containers;
    private final Course course;

    /**
     * Where a pod stands as a whole.
     *
     * @param initialized whether its init containers are done
     * @param fails whether what runs of it is ended, and it has failed then
     * @param completed whether its main containers have ended for good
     * @param reason why it fails, where there is a word for it; empty text otherwise
     */
    record Course(boolean initialized, boolean fails, boolean completed, String reason, String message) {
        static Course of(PodPass.View view) {
            PodStatus old = view.status();
            return new Course(
                    old.conditions().holds(PodStatus.INITIALIZED),
                    !old.reason().isEmpty(),
                    false,
                    old.reason(),
                    old.message());
        }

        Course initialized(boolean now) {
            return new Course(now, fails, completed, reason, message);
        }

        Course failed(String why, String sentence) {
            return new Course(initialized, true, completed, why, sentence);
        }

        Course complete() {
            return new Course(initialized, fails, true, reason, message);
        }
    }

    private PodSummary(PodPass.View view, Map<String, ContainerStatus> statuses, Course course) {
        this.view = view;
        this.initContainers = statuses(view.spec().initContainers(), statuses);
        this.containers = statuses(view.spec().containers(), statuses);
        this.course = course;
    }

    private static List<ContainerStatus> statuses(List<Container> containers, Map<String, ContainerStatus> statuses) {
        List<ContainerStatus> known = new ArrayList<>(containers.size());
        for (Container container : containers) {
            ContainerStatus status = statuses.get(container.name());
            if (status != null) {
                known.add(status);
            }
        }
        return known;
    }

    static PodStatus of(
            PodPass.View view, Map<String, ContainerStatus> statuses, Course course, List<Instant> restarted) {
        PodSummary summary = new PodSummary(view, statuses, course);
        PodPhase phase = summary.phase();
        return new PodStatus(
                phase,
                course.reason(),
                course.message(),
                summary.conditions(phase),
                summary.initContainers,
                summary.containers,
                view.status().startTime().or(() -> Optional.of(view.now())),
                restarted,
                view.status().qosClass());
    }

    /** Terminal only when nothing runs any more: whoever counts ended pods may take its place then. */
    private PodPhase phase() {
        PodPhase old = view.status().phase();
        if (old.terminal()) {
            return old;
        }
        boolean ended = course.completed() || (goes() && all(containers, ContainerStatus::terminated));
        if (!view.anyAlive() && (course.fails() || ended)) {
            return !course.fails() && all(containers, ContainerStatus::succeeded)
                    ? PodPhase.SUCCEEDED
                    : PodPhase.FAILED;
        }
        boolean begun = course.initialized() && all(containers, ContainerStatus::hasRun);
        return begun ? PodPhase.RUNNING : PodPhase.PENDING;
    }

    private boolean goes() {
        return view.deletion().isPresent();
    }

    private static boolean all(List<ContainerStatus> containers, Predicate<ContainerStatus> which) {
        for (ContainerStatus status : containers) {
            if (!which.test(status)) {
                return false;
            }
        }
        return true;
    }

    private Conditions conditions(PodPhase phase) {
        Conditions conditions = view.status().conditions();
        if (view.spec().nodeName().isPresent()) {
            conditions = conditions.with(view.condition(PodStatus.POD_SCHEDULED, true, "", ""));
        }
        List<String> undone =
                names(initContainers, status -> isSidecar(status) ? !status.started() : !status.succeeded());
        conditions = conditions.with(
                course.initialized()
                        ? view.condition(PodStatus.INITIALIZED, true, "", "")
                        : view.condition(
                                PodStatus.INITIALIZED,
                                false,
                                "ContainersNotInitialized",
                                "not done: " + String.join(", ", undone)));
        List<String> unready = names(containers, status -> !status.ready());
        unready.addAll(names(initContainers, status -> isSidecar(status) && !status.ready()));
        String reason = unreadyReason(phase, unready);
        String message = unready.isEmpty() ? "" : "not ready: " + String.join(", ", unready);
        conditions = conditions.with(view.condition(PodStatus.CONTAINERS_READY, unready.isEmpty(), reason, message));
        Conditions gates = conditions;
        List<String> closed = view.spec().readinessGates().stream()
                .filter(type -> !gates.holds(type))
                .toList();
        conditions = conditions.with(
                unready.isEmpty() && !closed.isEmpty()
                        ? view.condition(
                                PodStatus.READY,
                                false,
                                "ReadinessGatesNotReady",
                                "closed: " + String.join(", ", closed))
                        : view.condition(PodStatus.READY, unready.isEmpty(), reason, message));
        return dropped(conditions);
    }

    private static String unreadyReason(PodPhase phase, List<String> unready) {
        if (phase.terminal()) {
            return phase == PodPhase.FAILED ? "PodFailed" : "PodCompleted";
        }
        return unready.isEmpty() ? "" : "ContainersNotReady";
    }

    private Conditions dropped(Conditions conditions) {
        Set<String> dropped = new LinkedHashSet<>();
        for (Observation run : view.runs().values()) {
            if (run instanceof Observation.Live live) {
                dropped.addAll(live.dropped());
            }
        }
        return dropped.isEmpty()
                ? conditions
                : conditions.with(
                        view.condition(PodStatus.LIMITS_ENFORCED, false, "NotEnforced", String.join("; ", dropped)));
    }

    private boolean isSidecar(ContainerStatus status) {
        return view.spec().initContainers().stream()
                .anyMatch(container -> container.name().equals(status.name()) && container.restartsAlways());
    }

    private static List<String> names(List<ContainerStatus> statuses, Predicate<ContainerStatus> which) {
        List<String> names = new ArrayList<>();
        for (ContainerStatus status : statuses) {
            if (which.test(status)) {
                names.add(status.name());
            }
        }
        return names;
    }
}
