package dev.corral.reconcile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that the in-memory store holds at one version.
 *
 * @param epoch the highest epoch of a commit so far
 * @param resources by kind, namespace and name
 * @param index paths of {@code resources}, by owner, by label and by functions of the kinds
 * @param kinds by name
 */
record State(
        long version,
        long epoch,
        Tree<Path, Stored<?, ?>> resources,
        Tree<Path, Path> index,
        Map<String, Kind<?, ?>> kinds)
        implements Snapshot {
    static State empty() {
        return new State(0, 0, Tree.empty(), Tree.empty(), Map.of());
    }

    State version(long next) {
        return new State(next, epoch, resources, index, kinds);
    }

    State epoch(long seen) {
        return seen <= epoch ? this : new State(version, seen, resources, index, kinds);
    }

    State resources(Tree<Path, Stored<?, ?>> changed) {
        return new State(version, epoch, changed, index, kinds);
    }

    /** With one resource come, changed or gone, and the index kept in step; where an entry stays, the index isn't touched. */
    State replaced(Path path, Optional<Resource<?, ?>> before, Optional<Stored<?, ?>> after) {
        boolean moved = before.isEmpty()
                || after.isEmpty()
                || Indexes.mayDiffer(before.get(), after.get().resource());
        Tree<Path, Path> changed = moved ? indexed(path, before, after) : index;
        Tree<Path, Stored<?, ?>> stored = after.isPresent() ? resources.put(path, after.get()) : resources.remove(path);
        Map<String, Kind<?, ?>> known =
                after.map(kept -> kindsWith(kept.resource().kind())).orElse(kinds);
        return new State(version, epoch, stored, changed, known);
    }

    private Tree<Path, Path> indexed(Path path, Optional<Resource<?, ?>> before, Optional<Stored<?, ?>> after) {
        List<Path> old = before.map(Indexes::entries).orElse(List.of());
        List<Path> fresh =
                after.map(stored -> Indexes.entries(stored.resource())).orElse(List.of());
        Tree<Path, Path> changed = index;
        if (!old.equals(fresh)) {
            for (Path entry : old) {
                changed = fresh.contains(entry) ? changed : changed.remove(entry);
            }
            for (Path entry : fresh) {
                changed = old.contains(entry) ? changed : changed.put(entry, path);
            }
        }
        return changed;
    }

    private Map<String, Kind<?, ?>> kindsWith(Kind<?, ?> kind) {
        if (kinds.containsKey(kind.name())) {
            return kinds;
        }
        Map<String, Kind<?, ?>> more = new HashMap<>(kinds);
        more.put(kind.name(), kind);
        return Map.copyOf(more);
    }

    <S, T> Optional<Stored<S, T>> find(Kind<S, T> kind, Key key) {
        requireKnown(kind);
        return resources.get(Path.of(kind, key)).map(State::cast);
    }

    /** Refuses a kind that shares its name with another one stored here. */
    void requireKnown(Kind<?, ?> kind) {
        Kind<?, ?> known = kinds.get(kind.name());
        if (known != null && !known.equals(kind)) {
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
    public <S, T> List<Resource<S, T>> list(Kind<S, T> kind, LabelSelector selector) {
        return selected(kind, Path.of(kind.name()), selector);
    }

    @Override
    public <S, T> List<Resource<S, T>> list(Kind<S, T> kind, String namespace, LabelSelector selector) {
        return selected(kind, Path.of(kind.name(), namespace), selector);
    }

    /** Where the selector names values of a label, only those that have one of them are looked at. */
    private <S, T> List<Resource<S, T>> selected(Kind<S, T> kind, Path where, LabelSelector selector) {
        List<Resource<?, ?>> candidates = Indexes.label(selector)
                .map(label -> label.values().size() == 1
                        ? indexedBelow(
                                Indexes.labelled(label.key(), label.values().get(0), where))
                        : label.values().stream()
                                .distinct()
                                .flatMap(value -> indexedBelow(Indexes.labelled(label.key(), value, where)).stream())
                                .sorted(Comparator.comparing(Resource::key))
                                .toList())
                .orElseGet(() -> below(where));
        requireKnown(kind);
        List<Resource<S, T>> found = new ArrayList<>();
        for (Resource<?, ?> candidate : candidates) {
            if (selector.matches(candidate.metadata().labels())) {
                found.add(cast(candidate));
            }
        }
        return List.copyOf(found);
    }

    @Override
    public <S, T> List<Resource<S, T>> find(Kind<S, T> kind, String indexName, String value) {
        kind.requireIndex(indexName);
        return typed(kind, indexedBelow(Indexes.field(kind.name(), indexName, value)));
    }

    @Override
    public <S, T> List<Resource<S, T>> children(Kind<S, T> kind, String ownerUid) {
        return typed(kind, indexedBelow(Indexes.controlled(ownerUid).then(Path.of(kind.name()))));
    }

    @Override
    public List<Resource<?, ?>> children(String ownerUid) {
        return indexedBelow(Indexes.controlled(ownerUid));
    }

    @Override
    public List<Resource<?, ?>> dependents(String ownerUid) {
        List<Resource<?, ?>> all = new ArrayList<>(children(ownerUid));
        all.addAll(indexedBelow(Indexes.belonging(ownerUid)));
        return List.copyOf(all);
    }

    @Override
    public Optional<Resource<?, ?>> owner(Resource<?, ?> child) {
        return child.metadata().owner().flatMap(owner -> owner(child, owner));
    }

    @Override
    public Optional<Resource<?, ?>> owner(Resource<?, ?> child, OwnerReference reference) {
        return resources
                .get(Path.of(reference.kind(), child.metadata().namespace(), reference.name()))
                .<Resource<?, ?>>map(Stored::resource)
                .filter(owner -> owner.metadata().uid().equals(reference.uid()));
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
        return Collections.unmodifiableList(State.<S, T>cast(found));
    }

    @SuppressWarnings("unchecked") // found below a kind's name, and a name has one kind
    private static <S, T> List<Resource<S, T>> cast(List<?> resources) {
        return (List<Resource<S, T>>) resources;
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
