package dev.corral.reconcile.workload;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much of each resource is requested, by one pod or by several together. Immutable.
 *
 * @param amounts by the name of the resource, in order, none of them 0; what is not named is not requested
 */
record Requests(Map<String, BigDecimal> amounts) {
    static final Requests NONE = new Requests(Map.of());

    Requests {
        TreeMap<String, BigDecimal> asked = new TreeMap<>(amounts);
        asked.values().removeIf(amount -> amount.signum() == 0);
        amounts = asked;
    }

    /** What a pod needs at the worst time: all that stay together, or an init container and the sidecars before it. */
    static Requests of(PodSpec spec) {
        Map<String, BigDecimal> sidecars = new TreeMap<>();
        Map<String, BigDecimal> most = new TreeMap<>();
        for (Container container : spec.initContainers()) {
            Map<String, BigDecimal> now = new TreeMap<>(sidecars);
            add(now, container);
            raise(most, now);
            if (container.restartsAlways()) {
                add(sidecars, container);
            }
        }
        spec.containers().forEach(container -> add(sidecars, container));
        raise(most, sidecars);
        return new Requests(most);
    }

    private static void add(Map<String, BigDecimal> sum, Container container) {
        container
                .resources()
                .effectiveRequests()
                .forEach((resource, amount) -> sum.merge(resource, amount.value(), BigDecimal::add));
    }

    private static void raise(Map<String, BigDecimal> most, Map<String, BigDecimal> now) {
        now.forEach((resource, amount) -> most.merge(resource, amount, BigDecimal::max));
    }

    /** How much of one resource; 0 if nothing. */
    BigDecimal of(String resource) {
        return amounts.getOrDefault(resource, BigDecimal.ZERO);
    }

    boolean isEmpty() {
        return amounts.isEmpty();
    }

    Requests plus(Requests more) {
        Map<String, BigDecimal> sum = new TreeMap<>(amounts);
        more.amounts.forEach((resource, amount) -> sum.merge(resource, amount, BigDecimal::add));
        return new Requests(sum);
    }

    /** Without what is among it. */
    Requests minus(Requests less) {
        Map<String, BigDecimal> rest = new TreeMap<>(amounts);
        less.amounts.forEach((resource, amount) -> rest.merge(resource, amount.negate(), BigDecimal::add));
        return new Requests(rest);
    }
}
