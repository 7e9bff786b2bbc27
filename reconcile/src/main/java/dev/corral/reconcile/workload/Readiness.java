package dev.corral.reconcile.workload;

/**
 * What the answers of a readiness probe come to. A new run begins with {@link #unknown}.
 *
 * @param ready the last result that counted; false before the first
 * @param streak how many answers in a row differed from it
 */
public record Readiness(boolean ready, int streak) {
    /** Before any answer. */
    public static Readiness unknown() {
        return new Readiness(false, 0);
    }

    /** The state after one more answer. */
    public Readiness after(boolean success, Probe probe) {
        if (success == ready) {
            return new Readiness(ready, 0);
        }
        int needed = success ? probe.successThreshold() : probe.failureThreshold();
        return streak + 1 >= needed ? new Readiness(success, 0) : new Readiness(ready, streak + 1);
    }
}
