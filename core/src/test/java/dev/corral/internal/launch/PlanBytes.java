package dev.corral.internal.launch;

/** What the launcher would read, for tests elsewhere. */
public final class PlanBytes {
    private PlanBytes() {}

    public static byte[] of(LaunchPlan plan) {
        return plan.bytes();
    }
}
