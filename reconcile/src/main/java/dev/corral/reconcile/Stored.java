package dev.corral.reconcile;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A resource as the store keeps it.
 *
 * @param path with its number
 * @param applied what each party applied last, by its name: the base of the next merge
 */
record Stored<S, T>(Path path, Resource<S, T> resource, Map<String, Applied<S>> applied) {
    /** What one party wants of a resource, defaults filled in. */
    record Applied<S>(S spec, Map<String, String> labels, Map<String, String> annotations) {}

    static <S, T> Stored<S, T> of(Path path, Resource<S, T> resource, String applier, Applied<S> wanted) {
        return new Stored<>(path, resource, Map.of(applier, wanted));
    }

    Stored<S, T> resource(Resource<S, T> changed) {
        return new Stored<>(path, changed, applied);
    }

    Stored<S, T> applied(String applier, Applied<S> wanted) {
        if (applied.size() <= 1 && (applied.isEmpty() || applied.containsKey(applier))) {
            return new Stored<>(path, resource, Map.of(applier, wanted));
        }
        Map<String, Applied<S>> all = new TreeMap<>(applied);
        all.put(applier, wanted);
        return new Stored<>(path, resource, Map.copyOf(all));
    }

    /** The resource once a party has applied what it wants now. */
    Resource<S, T> merged(String applier, Applied<S> wanted) {
        Optional<Applied<S>> last = Optional.ofNullable(applied.get(applier));
        Metadata metadata = resource.metadata();
        return new Resource<>(
                resource.kind(),
                metadata.words(
                        Entries.merged(wanted.labels(), last.map(Applied::labels), metadata.labels()),
                        Entries.merged(wanted.annotations(), last.map(Applied::annotations), metadata.annotations())),
                resource.kind().merged(wanted.spec(), last.map(Applied::spec), resource.spec()),
                resource.status());
    }
}
