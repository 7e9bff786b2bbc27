package dev.corral.reconcile.testing;

import dev.corral.reconcile.Key;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.LabelSelector;
import dev.corral.reconcile.OwnerReference;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The newest state, but for some kinds an older one.
 *
 * @param older what is seen of those kinds, by name
 */
record LaggingSnapshot(Snapshot newest, Map<String, Snapshot> older) implements Snapshot {
    private static final Comparator<Resource<?, ?>> ORDER = Comparator.<Resource<?, ?>, String>comparing(
                    resource -> resource.kind().name())
            .thenComparing(resource -> resource.key().namespace())
            .thenComparing(Resource::name);

    private Snapshot of(String kind) {
        return older.getOrDefault(kind, newest);
    }

    @Override
    public long version() {
        return newest.version();
    }

    @Override
    public <S, T> Optional<Resource<S, T>> get(Kind<S, T> kind, Key key) {
        return of(kind.name()).get(kind, key);
    }

    @Override
    public <S, T> List<Resource<S, T>> list(Kind<S, T> kind) {
        return of(kind.name()).list(kind);
    }

    @Override
    public <S, T> List<Resource<S, T>> list(Kind<S, T> kind, String namespace) {
        return of(kind.name()).list(kind, namespace);
    }

    @Override
    public <S, T> List<Resource<S, T>> list(Kind<S, T> kind, LabelSelector selector) {
        return of(kind.name()).list(kind, selector);
    }

    @Override
    public <S, T> List<Resource<S, T>> list(Kind<S, T> kind, String namespace, LabelSelector selector) {
        return of(kind.name()).list(kind, namespace, selector);
    }

    @Override
    public <S, T> List<Resource<S, T>> find(Kind<S, T> kind, String index, String value) {
        return of(kind.name()).find(kind, index, value);
    }

    @Override
    public <S, T> List<Resource<S, T>> children(Kind<S, T> kind, String ownerUid) {
        return of(kind.name()).children(kind, ownerUid);
    }

    @Override
    public List<Resource<?, ?>> children(String ownerUid) {
        return merged(snapshot -> snapshot.children(ownerUid));
    }

    @Override
    public List<Resource<?, ?>> dependents(String ownerUid) {
        return merged(snapshot -> snapshot.dependents(ownerUid));
    }

    @Override
    public Optional<Resource<?, ?>> owner(Resource<?, ?> child, OwnerReference reference) {
        return of(reference.kind()).owner(child, reference);
    }

    @Override
    public Optional<Resource<?, ?>> owner(Resource<?, ?> child) {
        return child.metadata().owner().map(OwnerReference::kind).flatMap(kind -> of(kind).owner(child));
    }

    @Override
    public List<Resource<?, ?>> all() {
        return merged(Snapshot::all);
    }

    @Override
    public <S, T> List<Changed<S, T>> changed(Kind<S, T> kind, Snapshot before) {
        return of(kind.name()).changed(kind, before instanceof LaggingSnapshot other ? other.of(kind.name()) : before);
    }

    private List<Resource<?, ?>> merged(Function<Snapshot, List<Resource<?, ?>>> question) {
        List<Resource<?, ?>> found = new ArrayList<>(question.apply(newest));
        found.removeIf(resource -> older.containsKey(resource.kind().name()));
        older.forEach((kind, snapshot) -> question.apply(snapshot).stream()
                .filter(resource -> resource.kind().name().equals(kind))
                .forEach(found::add));
        found.sort(ORDER);
        return List.copyOf(found);
    }
}
