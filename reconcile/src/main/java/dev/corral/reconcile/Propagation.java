package dev.corral.reconcile;

/** What becomes of the resources that a deleted one owns. Source: {@code DeleteOptions.propagationPolicy}. */
public enum Propagation {
    /** It goes at once, and what it owned is deleted after it. */
    BACKGROUND,
    /** It stays, marked, until everything is gone that it owned and that blocks its deletion. */
    FOREGROUND,
    /** What it owned stays and no longer belongs to it. */
    ORPHAN
}
