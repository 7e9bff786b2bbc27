package dev.corral.reconcile;

/** How urgent a key is: more is sooner, and waiting makes everybody more urgent. */
final class Priority {
    /** What somebody has just changed. */
    static final int FRESH = 0;
    /** What was there at the start, and what the safety net comes back to. */
    static final int LOW = -100;
    /** How much earlier one level counts: after 4 s a low key comes before a fresh one, one time in four. */
    static final long NANOS_PER_LEVEL = 40_000_000;

    private Priority() {}
}
