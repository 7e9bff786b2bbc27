package dev.corral.reconcile.testing;

/**
 * What didn't hold in a run.
 *
 * @param oracle which promise, as in {@code O1 convergence}
 * @param message what differs
 */
record Broken(String oracle, String message) {
    static final String CONVERGENCE = "O1 convergence";
    static final String SAME_END = "O2 the same end as without faults";
    static final String IDEMPOTENCE = "O3 idempotence";
    static final String PATH = "O4 path independence";
    static final String INVARIANT = "O5 invariant";
    static final String LEAK = "O6 no leaks";
    static final String HOT_LOOP = "O7 no hot loop";
    static final String SILENCE = "O8 no silent failure";
}
