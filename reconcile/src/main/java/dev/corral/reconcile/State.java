package dev.corral.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that the in-memory store holds at one version.
 *
 * @param resources by kind, namespace and name
 * @param index paths of {@code resources}, by owner and by label
 * @param kinds by name
 */
record State(long version, Tree<Path, Stored<?, ?>> resources, Tree<Path, Path> index, Map<String, Kind<?, ?>> kinds)
        implements Snapshot {
    private static final String OWNER = "owner";
    private static final String LABEL = "label";

    static State empty() {
        return new State(0, Tree.empty(), Tree.empty(), Map.of());
    }

    /** Every path under which a resource is found in the index. */
    static List<Path> indexed(Resource<?, ?> resource) {
        Path path = Path.of(resource.kind(), resource.key());
        List<Path> entries = new ArrayList<>();
        resource.metadata()
                .owner()
                .ifPresent(owner -> entries.add(Path.of(OWNER, owner.uid()).then(path)));
        resource.metadata()
                .labels()
                .forEach((label, value) ->
                        entries.add(Path.of(LABEL, label, value).then(path)));
        return entries;
    }

    <S, T> Optional<Stored<S, T>> find(Kind<S, T> kind, Key key) {
        requireKnown(kind);
        return resources.get(Path.of(kind, key)).map(State::cast);
    }

    /** Refuses a kind that shares its name with another one stored here. */
    void requireKnown(Kind<?, ?> kind) {
        Kind<?, ?> known = kinds.getOrDefault(kind.name(), kind);
        if (!known.equals(kind)) {
            throw new IllegalArgumentException("the store holds another kind named " + kind.name() + ", with spec "
                    + known.specClass().getName() + " and status "
                    + known.statusClass().getName());
        }
    }

    @Override
    public <S, T> Optional<Resource<S, T>> get(Kind<S, T> kind, Key key) {
        return find(kind, key).map(Stored::resource);
    }

    @Override
    public <S, T> List<Resource<S, T>> list(Kind<S, T> kind) {
        return typed(kind, below(Path.of(kind.name())));
    }

    @Override
    public <S, T> List<Resource<S, T>> list(Kind<S, T> kind, String namespace) {
        return typed(kind, below(Path.of(kind.name(), namespace)));
    }

    @Override
    public <S, T> List<Resource<S, T>> list(Kind<S, T> kind, String namespace, Map<String, String> labels) {
        if (labels.isEmpty()) {
            return list(kind, namespace);
        }
        Map.Entry<String, String> first = labels.entrySet().iterator().next();
        Path entries = Path.of(LABEL, first.getKey(), first.getValue(), kind.name(), namespace);
        return typed(kind, indexedBelow(entries)).stream()
                .filter(resource -> resource.metadata().labels().entrySet().containsAll(labels.entrySet()))
                .toList();
    }

    @Override
    public <S, T> List<Resource<S, T>> children(Kind<S, T> kind, String ownerUid) {
        return typed(kind, indexedBelow(Path.of(OWNER, ownerUid, kind.name())));
    }

    @Override
    public List<Resource<?, ?>> children(String ownerUid) {
        return indexedBelow(Path.of(OWNER, ownerUid));
    }

    @Override
    public Optional<Resource<?, ?>> owner(Resource<?, ?> child) {
        Metadata metadata = child.metadata();
        return metadata.owner()
                .flatMap(owner -> resources.get(Path.of(owner.kind(), metadata.namespace(), owner.name())))
                .<Resource<?, ?>>map(Stored::resource)
                .filter(owner -> metadata.ownedBy(owner.metadata()));
    }

    @Override
    public List<Resource<?, ?>> all() {
        return below(Path.of());
    }

    private List<Resource<?, ?>> below(Path prefix) {
        List<Resource<?, ?>> found = new ArrayList<>();
        resources.from(prefix, (path, stored) -> path.startsWith(prefix) && found.add(stored.resource()));
        return found;
    }

    private List<Resource<?, ?>> indexedBelow(Path prefix) {
        List<Resource<?, ?>> found = new ArrayList<>();
        index.from(prefix, (entry, path) -> {
            boolean within = entry.startsWith(prefix);
            if (within) {
                resources.get(path).ifPresent(stored -> found.add(stored.resource()));
            }
            return within;
        });
        return found;
    }

    private <S, T> List<Resource<S, T>> typed(Kind<S, T> kind, List<Resource<?, ?>> found) {
        requireKnown(kind);
        return found.stream().map(State::<S, T>cast).toList();
    }

    @SuppressWarnings("unchecked") // found below a kind's name, and a name has one kind
    private static <S, T> Resource<S, T> cast(Resource<?, ?> resource) {
        return (Resource<S, T>) resource;
    }

    @SuppressWarnings("unchecked") // found below a kind's name, and a name has one kind
    private static <S, T> Stored<S, T> cast(Stored<?, ?> stored) {
        return (Stored<S, T>) stored;
    }
}
