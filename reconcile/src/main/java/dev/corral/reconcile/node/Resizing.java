package dev.corral.reconcile.node;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Conditions;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.Resized;
import dev.corral.reconcile.workload.Room;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Other resources for containers of a pod that run: which are wanted, and what became of them.
 *
 * @param spec the pod's, with the resources in force where the wanted ones can't be had
 * @param waiting what can't be had now
 * @param impossible what can't be had ever
 */
record Resizing(PodSpec spec, List<String> waiting, List<String> impossible) {
    /** When what was deferred is tried again. */
    static final Duration AGAIN = Duration.ofSeconds(5);

    Resizing {
        waiting = List.copyOf(waiting);
        impossible = List.copyOf(impossible);
    }

    /** Whether nothing waits, and nothing is impossible. */
    boolean done() {
        return waiting.isEmpty() && impossible.isEmpty();
    }

    /** The containers that would run on with other resources, by name, as they are defined now. */
    static Map<String, Container> wanted(Resource<PodSpec, PodStatus> pod, PodRuns runs) {
        Map<String, Container> wanted = new LinkedHashMap<>();
        if (Pod.active(pod)) {
            for (Container container : pod.spec().allContainers()) {
                runs.definition(container.name())
                        .filter(now -> !now.equals(container) && now.resizesInto(container))
                        .ifPresent(now -> wanted.put(container.name(), now));
            }
        }
        return wanted;
    }

    /**
     * Tries to put them in force.
     *
     * @param wanted see {@link #wanted}
     * @param room what there is to request
     */
    static Resizing of(PodSpec pod, Map<String, Container> wanted, PodRuns runs, Room room) {
        PodSpec spec = pod;
        List<String> waiting = new ArrayList<>();
        List<String> impossible = new ArrayList<>();
        for (Map.Entry<String, Container> each : wanted.entrySet()) {
            String name = each.getKey();
            Resized answer = room.against(pod).orElseGet(() -> runs.resize(name, pod));
            if (answer instanceof Resized.Deferred deferred) {
                waiting.add("container " + name + ": " + deferred.reason());
            } else if (answer instanceof Resized.Refused refused) {
                impossible.add("container " + name + ": " + refused.reason());
            } else {
                continue; // it has them, or is started anew with them
            }
            spec = inForce(spec, each.getValue());
        }
        return new Resizing(spec, waiting, impossible);
    }

    private static PodSpec inForce(PodSpec spec, Container now) {
        UnaryOperator<Container> edit = wanted -> wanted.resources(now.resources());
        return spec.containers().stream().anyMatch(container -> container.name().equals(now.name()))
                ? spec.container(now.name(), edit)
                : spec.initContainer(now.name(), edit);
    }

    /** The status with what has become of them. */
    PodStatus told(PodStatus status, long generation, Instant now) {
        Conditions conditions = status.conditions().without(PodStatus.RESIZE_IN_PROGRESS);
        if (done()) {
            return status.conditions(conditions.without(PodStatus.RESIZE_PENDING));
        }
        String reason = impossible.isEmpty() ? "Deferred" : "Infeasible";
        List<String> all = new ArrayList<>(impossible);
        all.addAll(waiting);
        return status.conditions(
                conditions.with(condition(PodStatus.RESIZE_PENDING, reason, String.join("; ", all), generation, now)));
    }

    /** The status while they are being put in force. */
    static PodStatus begun(PodStatus status, Map<String, Container> wanted, long generation, Instant now) {
        String message = "containers " + String.join(", ", wanted.keySet());
        return status.conditions(status.conditions()
                .with(condition(PodStatus.RESIZE_IN_PROGRESS, "Resizing", message, generation, now)));
    }

    private static Condition condition(String type, String reason, String message, long generation, Instant now) {
        return new Condition(type, Condition.Status.TRUE, reason, message, generation, now);
    }
}
