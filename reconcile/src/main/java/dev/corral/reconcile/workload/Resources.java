package dev.corral.reconcile.workload;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a container needs and the most it may use of {@code memory} (bytes), {@code cpu} (CPUs) and, which Kubernetes has no word for,
 * {@code pids} (processes and threads). Source: Kubernetes API, {@code ResourceRequirements}.
 *
 * @param limits by the name of the resource; what is not named is unlimited
 * @param requests how much a node must have left for it; what is not named is as much as the limit of {@code cpu} and {@code memory},
 *     and otherwise nothing: {@link #effectiveRequests}
 */
public record Resources(Map<String, Quantity> limits, Map<String, Quantity> requests) {
    /** Not one more for memory: a binary quantity beyond 63 bits is read as 2^63-1, so that number means "too large". */
    private static final Map<String, Range> RANGES = Map.of(
            "memory", new Range("1", "9223372036854775806"),
            "cpu", new Range("10m", "100k"),
            "pids", new Range("1", "4194304"));

    /** Of these what is limited is requested. Kubernetes knows no other that a container of its own has. */
    private static final List<String> REQUESTED_BY_LIMIT = List.of("cpu", "memory");

    /** What the kernel takes. */
    private record Range(String least, String most) {
        boolean contains(Quantity quantity) {
            return quantity.compareTo(Quantity.parse(least)) >= 0 && quantity.compareTo(Quantity.parse(most)) <= 0;
        }
    }

    public Resources {
        limits = Copies.sorted(limits);
        requests = Copies.sorted(requests);
    }

    public static Resources unlimited() {
        return new Resources(Map.of(), Map.of());
    }

    public Optional<Quantity> memory() {
        return Optional.ofNullable(limits.get("memory"));
    }

    public Optional<Quantity> cpu() {
        return Optional.ofNullable(limits.get("cpu"));
    }

    public Optional<Quantity> pids() {
        return Optional.ofNullable(limits.get("pids"));
    }

    public Resources limit(String resource, Quantity most) {
        return new Resources(Copies.with(limits, resource, most), requests);
    }

    public Resources request(String resource, Quantity needed) {
        return new Resources(limits, Copies.with(requests, resource, needed));
    }

    /**
     * What counts against a node, and decides who gets more of what is scarce: the requests, and of {@code cpu} and {@code memory},
     * where there is none, the limit. Source: Kubernetes, "Resource Management for Pods and Containers".
     */
    public Map<String, Quantity> effectiveRequests() {
        Map<String, Quantity> all = new TreeMap<>(requests);
        for (String resource : REQUESTED_BY_LIMIT) {
            Optional.ofNullable(limits.get(resource)).ifPresent(most -> all.putIfAbsent(resource, most));
        }
        return all;
    }

    /** The names of those of which another amount is wanted. */
    Set<String> changed(Resources other) {
        Set<String> names = new TreeSet<>();
        for (Map<String, Quantity> all : List.of(limits, requests, other.limits, other.requests)) {
            names.addAll(all.keySet());
        }
        names.removeIf(name -> Objects.equals(limits.get(name), other.limits.get(name))
                && Objects.equals(requests.get(name), other.requests.get(name)));
        return names;
    }

    void validate(Problems problems) {
        limits.forEach((resource, most) -> {
            Problems here = problems.at("limits." + resource);
            Range range = RANGES.get(resource);
            if (range == null) {
                here.require(false, most, "unknown resource; known are cpu, memory and pids");
            } else {
                here.require(range.contains(most), most, "it must be between " + range.least + " and " + range.most);
            }
        });
        requests.forEach((resource, needed) -> {
            Problems here = problems.at("requests." + resource);
            here.require(RANGES.containsKey(resource), needed, "unknown resource; known are cpu, memory and pids");
            here.require(needed.value().signum() >= 0, needed, "it must be 0 or more");
            Quantity most = limits.get(resource);
            here.require(most == null || needed.compareTo(most) <= 0, needed, "it must be at most the limit, " + most);
        });
    }
}
