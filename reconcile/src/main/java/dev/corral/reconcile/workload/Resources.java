package dev.corral.reconcile.workload;

import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;

/**
 * The most a container may use of {@code memory} (bytes), {@code cpu} (CPUs) and, which Kubernetes has no word for,
 * {@code pids} (processes and threads). Source: Kubernetes API, {@code ResourceRequirements}.
 *
 * @param limits by the name of the resource; what is not named is unlimited
 */
public record Resources(Map<String, Quantity> limits) {
    private static final Map<String, BigInteger> LARGEST = Map.of(
            "memory", BigInteger.valueOf(Long.MAX_VALUE),
            "cpu", BigInteger.valueOf(Integer.MAX_VALUE),
            "pids", BigInteger.valueOf(Integer.MAX_VALUE));

    public Resources {
        limits = Copies.sorted(limits);
    }

    public static Resources unlimited() {
        return new Resources(Map.of());
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
        return new Resources(Copies.with(limits, resource, most));
    }

    void validate(Problems problems) {
        limits.forEach((resource, most) -> {
            Problems here = problems.at("limits." + resource);
            BigInteger largest = LARGEST.get(resource);
            here.require(largest != null, most, "unknown resource; known are cpu, memory and pids");
            here.require(most.signum() > 0, most, "it must be more than 0");
            here.require(
                    largest == null || most.roundedUp().compareTo(largest) <= 0, most, "it must be at most " + largest);
        });
    }
}
