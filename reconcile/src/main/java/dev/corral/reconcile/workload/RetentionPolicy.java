package dev.corral.reconcile.workload;

/**
 * What becomes of the directories of a StatefulSet's pods. Source: Kubernetes API,
 * {@code StatefulSetPersistentVolumeClaimRetentionPolicy}.
 *
 * @param whenDeleted when the set is deleted
 * @param whenScaled when their pod is one too many
 */
public record RetentionPolicy(Retention whenDeleted, Retention whenScaled) {
    /** What becomes of a directory. */
    public enum Retention {
        RETAIN,
        DELETE
    }

    /** Nothing is ever deleted. */
    public static RetentionPolicy retain() {
        return new RetentionPolicy(Retention.RETAIN, Retention.RETAIN);
    }
}
