package dev.corral.reconcile;

/**
 * The address of a resource within its kind. Ordered by namespace, then name. Which names are allowed is the {@link Kind}'s
 * matter, and checked before storing.
 *
 * @param namespace never blank
 * @param name never blank
 */
public record Key(String namespace, String name) implements Comparable<Key> {
    /** The namespace of whatever names none. */
    public static final String DEFAULT_NAMESPACE = "default";

    public Key {
        if (namespace.isBlank() || name.isBlank()) {
            throw new IllegalArgumentException(
                    "a key needs a namespace and a name, got '" + namespace + "/" + name + "'");
        }
    }

    /** A name in the default namespace. */
    public static Key of(String name) {
        return new Key(DEFAULT_NAMESPACE, name);
    }

    @Override
    public int compareTo(Key other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
