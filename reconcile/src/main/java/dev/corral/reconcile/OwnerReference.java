package dev.corral.reconcile;

/**
 * A resource that another one belongs to: it lives in the same namespace, and when the last of its owners is gone the other goes
 * too. Source: {@code metadata.ownerReferences}.
 *
 * @param kind name of the owner's kind
 * @param name name of the owner
 * @param uid uid of the owner; an owner of the same name and another uid is a stranger
 * @param controller whether the owner's controller manages it; at most one owner does
 * @param blocksDeletion whether an owner that is deleted in the foreground waits for it
 */
public record OwnerReference(String kind, String name, String uid, boolean controller, boolean blocksDeletion) {
    /** The reference of a child to the stored resource that controls it, and waits for it. */
    public static OwnerReference to(Resource<?, ?> owner) {
        return new OwnerReference(
                owner.kind().name(), owner.name(), owner.metadata().uid(), true, true);
    }

    /** A reference to a stored resource that keeps it alive, but neither controls it nor waits for it. */
    public static OwnerReference plain(Resource<?, ?> owner) {
        return new OwnerReference(
                owner.kind().name(), owner.name(), owner.metadata().uid(), false, false);
    }

    /** The same, without making the owner wait. */
    public OwnerReference withoutBlocking() {
        return new OwnerReference(kind, name, uid, controller, false);
    }
}
