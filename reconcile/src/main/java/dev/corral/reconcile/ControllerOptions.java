package dev.corral.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * How a controller or loop runs. Immutable.
 *
 * @param workers how many keys may be handled at once; 1 or more, 1 unless said otherwise
 */
public record ControllerOptions(int workers, List<Relation<?, ?>> relations) {
    public ControllerOptions {
        if (workers < 1) {
            throw new IllegalArgumentException("a controller needs 1 worker or more, got " + workers);
        }
        relations = List.copyOf(relations);
    }

    /** One worker, woken by its own kind and by children. */
    public static ControllerOptions none() {
        return new ControllerOptions(1, List.of());
    }

    public ControllerOptions workers(int workers) {
        return new ControllerOptions(workers, relations);
    }

    /**
     * Wakes keys when a resource of another kind changes. The mapper is asked about the resource as it was and as it is, so
     * that both sides of a moved reference wake. Children wake their owner without it.
     */
    public <S, T> ControllerOptions watches(Kind<S, T> kind, Function<Resource<S, T>, Collection<Key>> mapper) {
        List<Relation<?, ?>> more = new ArrayList<>(relations);
        more.add(new Relation<>(kind, mapper));
        return new ControllerOptions(workers, more);
    }

    /** Which keys a resource of another kind concerns. */
    public record Relation<S, T>(Kind<S, T> kind, Function<Resource<S, T>, Collection<Key>> mapper) {
        Stream<Key> keys(Resource<?, ?> resource) {
            if (!resource.kind().equals(kind)) {
                return Stream.empty();
            }
            @SuppressWarnings("unchecked") // equal kinds have the same classes
            Resource<S, T> typed = (Resource<S, T>) resource;
            return mapper.apply(typed).stream();
        }
    }
}
