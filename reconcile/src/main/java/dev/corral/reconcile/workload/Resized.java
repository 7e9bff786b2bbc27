package dev.corral.reconcile.workload;

/** What became of other limits for a container that runs. */
public sealed interface Resized {
    /** They are in force. */
    record Applied() implements Resized {}

    /** They can only be had by starting it anew. */
    record NeedsRestart(String reason) implements Resized {}

    /** Not now, but perhaps later; what was in force stays. */
    record Deferred(String reason) implements Resized {}

    /** Never; what was in force stays. */
    record Refused(String reason) implements Resized {}
}
