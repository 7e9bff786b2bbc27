package dev.corral.reconcile.workload;

/**
 * What the answers of a run to its probes come to. Each run begins with a new one.
 *
 * @param startup unknown until it has passed or failed; then it is not asked any more
 * @param liveness success until it has failed; then it is not asked any more
 * @param readiness failure until it has passed
 */
public record Health(Standing startup, Standing liveness, Standing readiness) {
    /** What counts of the answers to one probe. */
    public enum Verdict {
        UNKNOWN,
        SUCCESS,
        FAILURE
    }

    /**
     * Where the answers to one probe stand.
     *
     * @param streak how many answers in a row have said something else than the verdict
     */
    public record Standing(Verdict verdict, int streak) {
        Standing after(boolean success, Probe probe) {
            Verdict said = success ? Verdict.SUCCESS : Verdict.FAILURE;
            int needed = success ? probe.successThreshold() : probe.failureThreshold();
            if (said == verdict) {
                return new Standing(verdict, 0);
            }
            return streak + 1 >= needed ? new Standing(said, 0) : new Standing(verdict, streak + 1);
        }
    }

    /** Of a run that was never asked. What has no probe is well; it is ready as soon as it has started. */
    public static Health unasked(Container container) {
        return new Health(
                first(container.startupProbe().isPresent() ? Verdict.UNKNOWN : Verdict.SUCCESS),
                first(Verdict.SUCCESS),
                first(container.readinessProbe().isPresent() ? Verdict.FAILURE : Verdict.SUCCESS));
    }

    private static Standing first(Verdict verdict) {
        return new Standing(verdict, 0);
    }

    /** The state after one more answer. One that is not asked for any more changes nothing. */
    public Health after(ProbeKind kind, boolean success, Probe probe) {
        if (!asks(kind)) {
            return this;
        }
        return switch (kind) {
            case STARTUP -> new Health(startup.after(success, probe), liveness, readiness);
            case LIVENESS -> new Health(startup, liveness.after(success, probe), readiness);
            case READINESS -> new Health(startup, liveness, readiness.after(success, probe));
        };
    }

    /** The state of a run whose pod goes: whether it has started and still works is not asked any more. */
    public Health leaving() {
        return new Health(first(Verdict.SUCCESS), first(Verdict.SUCCESS), readiness);
    }

    /** Whether an answer of this kind would say anything now. */
    public boolean asks(ProbeKind kind) {
        return switch (kind) {
            case STARTUP -> startup.verdict == Verdict.UNKNOWN;
            case LIVENESS -> started() && liveness.verdict == Verdict.SUCCESS;
            case READINESS -> started();
        };
    }

    /** Whether it has started. */
    public boolean started() {
        return startup.verdict == Verdict.SUCCESS;
    }

    /** Whether it can take traffic. */
    public boolean ready() {
        return started() && readiness.verdict == Verdict.SUCCESS;
    }

    /** What one kind of probe has come to. */
    public Verdict verdict(ProbeKind kind) {
        return switch (kind) {
            case STARTUP -> startup.verdict;
            case LIVENESS -> liveness.verdict;
            case READINESS -> readiness.verdict;
        };
    }
}
