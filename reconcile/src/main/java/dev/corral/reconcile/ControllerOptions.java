package dev.corral.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * How a controller or loop runs. Immutable.
 *
 * @param <S> the type of its resources' specs
 * @param <T> the type of their statuses
 */
public final class ControllerOptions<S, T> {
    final int workers;
    final List<Relation<?, ?>> relations;
    final List<Adoption<S, ?, ?>> adoptions;
    final Optional<ErrorStatus<S, T>> onError;

    private ControllerOptions(
            int workers,
            List<Relation<?, ?>> relations,
            List<Adoption<S, ?, ?>> adoptions,
            Optional<ErrorStatus<S, T>> onError) {
        this.workers = workers;
        this.relations = relations;
        this.adoptions = adoptions;
        this.onError = onError;
    }

    /** One worker, woken by its own kind and by children. */
    public static <S, T> ControllerOptions<S, T> none() {
        return new ControllerOptions<>(1, List.of(), List.of(), Optional.empty());
    }

    /**
     * How many keys may be handled at once; 1 unless said otherwise.
     *
     * @throws IllegalArgumentException unless it is 1 or more
     */
    public ControllerOptions<S, T> workers(int workers) {
        if (workers < 1) {
            throw new IllegalArgumentException("a controller needs 1 worker or more, got " + workers);
        }
        return new ControllerOptions<>(workers, relations, adoptions, onError);
    }

    /**
     * Wakes keys when a resource of another kind changes. The mapper is asked about the resource as it was and as it is, so
     * that both sides of a moved reference wake. Children wake their owner without it.
     */
    public <C, D> ControllerOptions<S, T> watches(Kind<C, D> kind, Function<Resource<C, D>, Collection<Key>> mapper) {
        return new ControllerOptions<>(workers, plus(relations, new Relation<>(kind, mapper)), adoptions, onError);
    }

    /**
     * Makes resources of a kind children of the resource whose selector they match, if nobody controls them, and lets children
     * go that no longer match. The empty selector adopts nothing.
     */
    public <C, D> ControllerOptions<S, T> adopts(Kind<C, D> kind, Function<? super S, LabelSelector> selector) {
        return new ControllerOptions<>(workers, relations, plus(adoptions, new Adoption<>(kind, selector)), onError);
    }

    /** What status a resource shows after a pass whose plan was refused, by a kind's rules or an owner. For controllers only. */
    public ControllerOptions<S, T> onError(ErrorStatus<S, T> status) {
        return new ControllerOptions<>(workers, relations, adoptions, Optional.of(status));
    }

    private static <E> List<E> plus(List<E> list, E element) {
        List<E> longer = new ArrayList<>(list);
        longer.add(element);
        return List.copyOf(longer);
    }

    /** Which keys a resource of another kind concerns. */
    record Relation<C, D>(Kind<C, D> kind, Function<Resource<C, D>, Collection<Key>> mapper) {
        Stream<Key> keys(Resource<?, ?> resource) {
            if (!resource.kind().equals(kind)) {
                return Stream.empty();
            }
            @SuppressWarnings("unchecked") // equal kinds have the same classes
            Resource<C, D> typed = (Resource<C, D>) resource;
            return mapper.apply(typed).stream();
        }
    }
}
