package dev.corral.reconcile;

import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/** What of a resource, or around it, has changed: the reasons for which a controller may be woken. */
public enum Change {
    SPEC,
    LABELS,
    ANNOTATIONS,
    STATUS,
    /** The deletion mark, or a finalizer. */
    DELETION,
    /** Owners. */
    OWNERS,
    /** Anything of a child. */
    CHILD;

    /** What wakes a controller unless it says otherwise: everything but its own status and owners. */
    static Set<Change> standard() {
        return EnumSet.of(SPEC, LABELS, ANNOTATIONS, DELETION, CHILD);
    }

    /** Whether one of some changes lies between two versions of a resource. */
    static boolean any(Set<Change> wanted, Resource<?, ?> before, Resource<?, ?> after) {
        for (Change change : wanted) {
            if (change.between(before, after)) {
                return true;
            }
        }
        return false;
    }

    private boolean between(Resource<?, ?> before, Resource<?, ?> after) {
        Metadata old = before.metadata();
        Metadata now = after.metadata();
        return switch (this) {
            case SPEC -> !Objects.equals(before.spec(), after.spec());
            case STATUS -> !Objects.equals(before.status(), after.status());
            case LABELS -> !Objects.equals(old.labels(), now.labels());
            case ANNOTATIONS -> !Objects.equals(old.annotations(), now.annotations());
            case DELETION ->
                !old.deletion().equals(now.deletion()) || !old.finalizers().equals(now.finalizers());
            case OWNERS -> !Objects.equals(old.owners(), now.owners());
            case CHILD -> false;
        };
    }
}
