package dev.corral.reconcile.workload;

/**
 * How far a rollout may go at a time. Both may be a percentage of the wanted replicas. Source: Kubernetes API,
 * {@code RollingUpdateDeployment}.
 *
 * @param maxSurge how many pods more than wanted there may be; a percentage is rounded up
 * @param maxUnavailable how many of the wanted pods may be missing; a percentage is rounded down
 */
public record RollingUpdate(IntOrPercent maxSurge, IntOrPercent maxUnavailable) implements DeploymentStrategy {
    /** One of the bounds of a rolling update, to be set. */
    @FunctionalInterface
    public interface Bound {
        RollingUpdate of(RollingUpdate old);
    }

    /** A quarter of the wanted replicas for both bounds. */
    public static RollingUpdate quarter() {
        return new RollingUpdate(IntOrPercent.percent(25), IntOrPercent.percent(25));
    }

    /** So many pods more than wanted; 0 or more. */
    public static Bound maxSurge(int pods) {
        return maxSurge(IntOrPercent.of(pods));
    }

    /** A percentage such as {@code 25%}; anything else is an IllegalArgumentException. */
    public static Bound maxSurge(String percentage) {
        return maxSurge(IntOrPercent.parse(percentage));
    }

    /** So many pods fewer than wanted; 0 or more. */
    public static Bound maxUnavailable(int pods) {
        return maxUnavailable(IntOrPercent.of(pods));
    }

    /** A percentage such as {@code 25%}; anything else is an IllegalArgumentException. */
    public static Bound maxUnavailable(String percentage) {
        return maxUnavailable(IntOrPercent.parse(percentage));
    }

    private static Bound maxSurge(IntOrPercent surge) {
        return old -> new RollingUpdate(surge, old.maxUnavailable);
    }

    private static Bound maxUnavailable(IntOrPercent unavailable) {
        return old -> new RollingUpdate(old.maxSurge, unavailable);
    }

    @Override
    public int surge(int replicas) {
        return maxSurge.scaledUp(replicas);
    }

    /** How many of the wanted pods may be missing. If rounding leaves both at 0, nothing could ever move: then it is 1. */
    @Override
    public int unavailable(int replicas) {
        int rounded = surge(replicas) == 0
                ? Math.max(1, maxUnavailable.scaledDown(replicas))
                : maxUnavailable.scaledDown(replicas);
        return Math.min(rounded, replicas);
    }

    void validate(Problems problems) {
        problems.require(
                maxSurge.amount() > 0 || maxUnavailable.amount() > 0,
                "maxSurge " + maxSurge + ", maxUnavailable " + maxUnavailable,
                "one of them must be more than 0, or nothing could ever be replaced");
        problems.at("maxUnavailable")
                .require(
                        maxUnavailable.unit() == IntOrPercent.Unit.COUNT || maxUnavailable.amount() <= 100,
                        maxUnavailable,
                        "it must be at most 100%");
    }
}
