package dev.corral.reconcile.testing;

import dev.corral.reconcile.Event;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A simulated world, to be looked at: what a predicate of a {@link Trials} is asked about. */
public interface World {
    /** All that is stored now. */
    Snapshot snapshot();

    /** The simulated time; it begins with the year 2026. */
    Instant now();

    /** The processes that run now, in the order in which they started. */
    List<ContainerRuntime.Identity> running();

    /** Those of them that were asked to end, by SIGTERM. */
    List<ContainerRuntime.Identity> ending();

    /** What controllers and the node agent have told, those included that have crashed since. */
    List<Event> events();

    /** A resource in the default namespace; empty if there is none. */
    default <S, T> Optional<Resource<S, T>> find(Kind<S, T> kind, String name) {
        return snapshot().get(kind, Key.of(name));
    }

    /** A resource in the default namespace; an AssertionError if there is none. */
    default <S, T> Resource<S, T> get(Kind<S, T> kind, String name) {
        return find(kind, name)
                .orElseThrow(() ->
                        new AssertionError("there is no " + kind.name() + " '" + name + "', only " + names(kind)));
    }

    /** All resources of a kind in the default namespace, ordered by name. */
    default <S, T> List<Resource<S, T>> list(Kind<S, T> kind) {
        return snapshot().list(kind, Key.DEFAULT_NAMESPACE);
    }

    /** The names of all resources of a kind in the default namespace, in order. */
    default List<String> names(Kind<?, ?> kind) {
        return snapshot().list(kind, Key.DEFAULT_NAMESPACE).stream()
                .map(Resource::name)
                .toList();
    }

    /** All pods of the default namespace, ordered by name, those being deleted included. */
    default Stream<Resource<PodSpec, PodStatus>> pods() {
        return list(Pod.KIND).stream();
    }
}
