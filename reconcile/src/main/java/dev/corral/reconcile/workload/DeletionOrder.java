package dev.corral.reconcile.workload;

import dev.corral.reconcile.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which pods are given up first: those that serve least, then those that somebody said are cheap, then those whose node has many
 * of them. Ages are compared by their order of magnitude, and pods of similar age by their uid in the end, so that deletions
 * spread over them.
 */
final class DeletionOrder implements Comparator<Resource<PodSpec, PodStatus>> {
    /** The annotation of a pod that says how dear it is: a number of 32 bits, 0 if it is missing. */
    static final String COST = "controller.kubernetes.io/pod-deletion-cost";

    /** As in Kubernetes: no sign in front of a positive number, no leading zeros. */
    private static final Pattern NUMBER = Pattern.compile("0|-?[1-9][0-9]*");

    private final Comparator<Resource<PodSpec, PodStatus>> order;

    private DeletionOrder(Comparator<Resource<PodSpec, PodStatus>> order) {
        this.order = order;
    }

    /**
     * The order at the time of an availability.
     *
     * @param availability tells pods that have been ready for long enough from those that haven't: they go later
     * @param colocated how many active pods of the same application are on each node, by its name
     */
    static DeletionOrder of(
            Availability availability, Collection<Resource<PodSpec, PodStatus>> pods, Map<String, Integer> colocated) {
        Instant now = availability.now();
        Map<String, Integer> costs = new HashMap<>();
        pods.forEach(pod -> costs.put(pod.metadata().uid(), cost(pod)));
        Comparator<Resource<PodSpec, PodStatus>> ready = Comparator.comparingInt(
                pod -> magnitude(pod.status().readySince().orElse(now), now));
        return new DeletionOrder(Comparator.<Resource<PodSpec, PodStatus>, Boolean>comparing(
                        pod -> pod.spec().nodeName().isPresent())
                .thenComparing(pod -> pod.status().phase())
                .thenComparing(pod -> pod.status().ready())
                .thenComparing(availability::of)
                .thenComparingInt(pod -> costs.getOrDefault(pod.metadata().uid(), 0))
                .thenComparingInt(
                        pod -> -colocated.getOrDefault(pod.spec().nodeName().orElse(""), 0))
                .thenComparing((one, other) -> one.status().ready() ? ready.compare(one, other) : 0)
                .thenComparingInt(pod -> -pod.status().restarts())
                .thenComparingInt(pod -> -pod.status().initRestarts())
                .thenComparingInt(pod -> magnitude(pod.metadata().created(), now))
                .thenComparing(pod -> pod.metadata().uid()));
    }

    @Override
    public int compare(Resource<PodSpec, PodStatus> one, Resource<PodSpec, PodStatus> other) {
        return order.compare(one, other);
    }

    /** What is no number of 32 bits says nothing. */
    private static int cost(Resource<PodSpec, PodStatus> pod) {
        String text = pod.metadata().annotations().getOrDefault(COST, "0");
        try {
            return NUMBER.matcher(text).matches() ? Integer.parseInt(text) : 0;
        } catch (NumberFormatException tooLong) {
            return 0;
        }
    }

    /** The number of digits of an age in nanoseconds; 0 for one that is not positive. */
    static int magnitude(Instant since, Instant now) {
        Duration age = Duration.between(since, now);
        if (age.isZero() || age.isNegative()) {
            return 0;
        }
        long seconds = age.getSeconds();
        return seconds > 0
                ? Long.toString(seconds).length() + 9
                : Integer.toString(age.getNano()).length();
    }
}
