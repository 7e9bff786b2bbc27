package dev.corral.reconcile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All that the in-memory store holds at one version.
 *
 * @param epoch the highest epoch of a commit so far
 * @param kinds by name
 */
record State(long version, long epoch, Table resources, Indexes indexes, Map<String, Kind<?, ?>> kinds)
        implements Snapshot {
    static State empty() {
        return new State(0, 0, Table.empty(), Indexes.empty(), Map.of());
    }

    State version(long next) {
        return new State(next, epoch, resources, indexes, kinds);
    }

    State epoch(long seen) {
        return seen <= epoch ? this : new State(version, seen, resources, indexes, kinds);
    }

    /** With something else known of a resource that stays as it is. */
    State known(Object edit, Stored<?, ?> stored) {
        return new State(version, epoch, resources.changed(edit, stored), indexes, kinds);
    }

    /** With one more, whose number is the next. */
    State with(Object edit, Stored<?, ?> come) {
        return new State(
                version,
                epoch,
                resources.with(edit, come),
                indexes.with(edit, come),
                kindsWith(come.resource().kind()));
    }

    State changed(Object edit, Resource<?, ?> before, Stored<?, ?> after) {
        return new State(version, epoch, resources.changed(edit, after), indexes.changed(edit, before, after), kinds);
    }

    State without(Object edit, Stored<?, ?> gone) {
        return new State(version, epoch, resources.without(edit, gone), indexes.without(edit, gone), kinds);
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
        return find(kind, Path.of(kind, key));
    }

    <S, T> Optional<Stored<S, T>> find(Kind<S, T> kind, Path path) {
        requireKnown(kind);
        return Optional.ofNullable(resources.get(path)).map(State::cast);
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
        return typed(kind, listed(Path.all(kind), resource -> true));
    }

    @Override
    public <S, T> List<Resource<S, T>> list(Kind<S, T> kind, String namespace) {
        return typed(kind, listed(Path.all(kind, namespace), resource -> true));
    }

    @Override
    public <S, T> List<Resource<S, T>> list(Kind<S, T> kind, LabelSelector selector) {
        return typed(kind, selected(Path.all(kind), selector));
    }

    @Override
    public <S, T> List<Resource<S, T>> list(Kind<S, T> kind, String namespace, LabelSelector selector) {
        return typed(kind, selected(Path.all(kind, namespace), selector));
    }

    /** Where the selector names values of a label, only those that have one of them are looked at. */
    private List<Resource<?, ?>> selected(Tree.Range<Path> where, LabelSelector selector) {
        Optional<Indexes.Label> label = Indexes.label(selector);
        if (label.isEmpty()) {
            return listed(
                    where, resource -> selector.matches(resource.metadata().labels()));
        }
        List<Resource<?, ?>> found = new ArrayList<>();
        List<Term> terms = label.get().terms();
        for (Term term : terms) {
            indexes.found(term)
                    .within(
                            where,
                            path -> resources.at(path, candidate -> {
                                if (selector.matches(candidate.metadata().labels())) {
                                    found.add(candidate);
                                }
                            }));
        }
        if (terms.size() > 1) {
            found.sort(Comparator.comparing(Resource::key));
        }
        return found;
    }

    @Override
    public <S, T> List<Resource<S, T>> find(Kind<S, T> kind, String indexName, String value) {
        kind.requireIndex(indexName);
        return typed(kind, indexed(Term.field(kind, indexName, value)));
    }

    @Override
    public <S, T> List<Resource<S, T>> children(Kind<S, T> kind, String ownerUid) {
        List<Resource<?, ?>> found = new ArrayList<>();
        indexes.found(Term.controlled(ownerUid)).within(Path.all(kind), path -> resources.at(path, found::add));
        return typed(kind, found);
    }

    @Override
    public List<Resource<?, ?>> children(String ownerUid) {
        return Collections.unmodifiableList(indexed(Term.controlled(ownerUid)));
    }

    @Override
    public List<Resource<?, ?>> dependents(String ownerUid) {
        List<Resource<?, ?>> all = indexed(Term.controlled(ownerUid));
        all.addAll(indexed(Term.belonging(ownerUid)));
        return Collections.unmodifiableList(all);
    }

    @Override
    public Optional<Resource<?, ?>> owner(Resource<?, ?> child) {
        return child.metadata().owner().flatMap(owner -> owner(child, owner));
    }

    @Override
    public Optional<Resource<?, ?>> owner(Resource<?, ?> child, OwnerReference reference) {
        Stored<?, ?> owner =
                resources.get(Path.of(reference.kind(), child.metadata().namespace(), reference.name()));
        return owner != null && owner.resource().metadata().uid().equals(reference.uid())
                ? Optional.of(owner.resource())
                : Optional.empty();
    }

    @Override
    public List<Resource<?, ?>> all() {
        List<Resource<?, ?>> found = new ArrayList<>();
        resources.each(found::add);
        return Collections.unmodifiableList(found);
    }

    /** Two versions of one store share what is the same; where the numbers are another store's, all differs and is told apart by uids. */
    @Override
    public <S, T> List<Changed<S, T>> changed(Kind<S, T> kind, Snapshot before) {
        if (!(before instanceof State other)) {
            return Snapshot.super.changed(kind, before);
        }
        List<Resource<?, ?>> old = new ArrayList<>();
        List<Resource<?, ?>> now = new ArrayList<>();
        resources.compare(other.resources, (then, form) -> {
            add(old, kind, then);
            add(now, kind, form);
        });
        return Changed.between(other.typed(kind, old), typed(kind, now));
    }

    private static void add(List<Resource<?, ?>> found, Kind<?, ?> kind, @Nullable Stored<?, ?> stored) {
        if (stored != null && stored.resource().kind().name().equals(kind.name())) {
            found.add(stored.resource());
        }
    }

    private List<Resource<?, ?>> listed(Tree.Range<Path> where, Predicate<Resource<?, ?>> which) {
        List<Resource<?, ?>> found = new ArrayList<>();
        resources.within(where, resource -> {
            if (which.test(resource)) {
                found.add(resource);
            }
        });
        return found;
    }

    private List<Resource<?, ?>> indexed(Term term) {
        List<Resource<?, ?>> found = new ArrayList<>();
        indexes.found(term).each(path -> resources.at(path, found::add));
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
    private static <S, T> Stored<S, T> cast(Stored<?, ?> stored) {
        return (Stored<S, T>) stored;
    }
}
