package dev.corral.reconcile;

/**
 * Where a resource is stored. Ordered by kind, then namespace, then name; the number, by which what is stored is found without comparing,
 * makes no difference.
 */
final class Path implements Comparable<Path> {
    private final String kind;
    private final String namespace;
    private final String name;
    /** That of the resource, which is given to no other one ever; -1 for a path that is only looked for. */
    private final long number;

    private Path(String kind, String namespace, String name, long number) {
        this.kind = kind;
        this.namespace = namespace;
        this.name = name;
        this.number = number;
    }

    static Path of(Kind<?, ?> kind, Key key) {
        return new Path(kind.name(), key.namespace(), key.name(), -1);
    }

    static Path of(String kind, String namespace, String name) {
        return new Path(kind, namespace, name, -1);
    }

    static Path of(Resource<?, ?> resource) {
        return of(resource.kind(), resource.key());
    }

    /** Of a resource that comes, with its number. */
    Path numbered(long given) {
        return new Path(kind, namespace, name, given);
    }

    long number() {
        return number;
    }

    /** All of a kind. */
    static Tree.Range<Path> all(Kind<?, ?> kind) {
        String wanted = kind.name();
        return path -> order(path.kind, wanted);
    }

    /** All of a kind in one namespace. */
    static Tree.Range<Path> all(Kind<?, ?> kind, String namespace) {
        String wanted = kind.name();
        return path -> {
            int byKind = order(path.kind, wanted);
            return byKind != 0 ? byKind : order(path.namespace, namespace);
        };
    }

    @Override
    public int compareTo(Path other) {
        int byKind = order(kind, other.kind);
        if (byKind != 0) {
            return byKind;
        }
        int byNamespace = order(namespace, other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    @SuppressWarnings("ReferenceEquality") // a short cut: names of kinds and namespaces are mostly the same object
    private static int order(String word, String other) {
        return word == other ? 0 : word.compareTo(other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Path path
                && name.equals(path.name)
                && namespace.equals(path.namespace)
                && kind.equals(path.kind);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * kind.hashCode() + namespace.hashCode()) + name.hashCode();
    }

    @Override
    public String toString() {
        return kind + "/" + namespace + "/" + name;
    }
}
