package dev.corral.reconcile;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** Which keys a resource of another kind concerns. */
record Relation<S, T>(Kind<S, T> kind, Function<Resource<S, T>, Collection<Key>> mapper) {
    Collection<Key> keys(Resource<?, ?> resource) {
        if (!resource.kind().equals(kind)) {
            return List.of();
        }
        @SuppressWarnings("unchecked") // equal kinds have the same classes
        Resource<S, T> typed = (Resource<S, T>) resource;
        return mapper.apply(typed);
    }
}
