package dev.corral.reconcile.workload;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How much of what a pod uses it was promised; who was promised less is killed first when memory runs out. Source: Kubernetes. */
public enum QosClass {
    /** Every container is limited in CPU time and memory, and requests as much; a limit without a request counts for one. */
    GUARANTEED,
    /** Something is requested or limited, but not all. */
    BURSTABLE,
    /** Nothing is requested or limited. */
    BEST_EFFORT;

    private static final List<String> COUNTED = List.of("cpu", "memory");
    private static final int MOST = 1000;
    private static final int LEAST = -997;

    /** The class of a pod. */
    public static QosClass of(PodSpec pod) {
        boolean none = true;
        boolean all = true;
        for (Container container : pod.allContainers()) {
            Resources resources = container.resources();
            for (String counted : COUNTED) {
                Optional<Quantity> limit = some(resources.limits().get(counted));
                Optional<Quantity> request = some(resources.effectiveRequests().get(counted));
                none &= request.isEmpty() && limit.isEmpty();
                all &= limit.isPresent() && limit.equals(request);
            }
        }
        return none ? BEST_EFFORT : all ? GUARANTEED : BURSTABLE;
    }

    private static Optional<Quantity> some(@Nullable Quantity quantity) {
        return Optional.ofNullable(quantity).filter(amount -> amount.value().signum() > 0);
    }

    /**
     * What is added to the kernel's score by which it chooses whom to kill: −997 for a guaranteed pod, 1000 for one without
     * promises, in between the less the more of the memory a container requests.
     *
     * @param capacity the memory of the node, in bytes
     */
    public static int oomScoreAdj(PodSpec pod, Container container, long capacity) {
        QosClass qos = of(pod);
        if (qos != BURSTABLE) {
            return qos == GUARANTEED ? LEAST : MOST;
        }
        BigDecimal request = some(container.resources().effectiveRequests().get("memory"))
                .map(Quantity::value)
                .orElse(BigDecimal.ZERO);
        int share = request.multiply(BigDecimal.valueOf(MOST))
                .divide(BigDecimal.valueOf(capacity), 0, RoundingMode.DOWN)
                .min(BigDecimal.valueOf(MOST))
                .intValueExact();
        return Math.max(MOST + LEAST, Math.min(MOST - 1, MOST - share));
    }
}
