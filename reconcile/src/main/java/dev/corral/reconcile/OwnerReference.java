package dev.corral.reconcile;

/**
 * The resource that controls another one: it lives in the same namespace, and when it is gone its children go too. Source:
 * {@code metadata.ownerReferences} with {@code controller: true}.
 *
 * @param kind name of the owner's kind
 * @param name name of the owner
 * @param uid uid of the owner; an owner of the same name and another uid is a stranger
 */
public record OwnerReference(String kind, String name, String uid) {
    /** The reference to a stored resource. */
    public static OwnerReference to(Resource<?, ?> owner) {
        return new OwnerReference(
                owner.kind().name(), owner.name(), owner.metadata().uid());
    }
}
