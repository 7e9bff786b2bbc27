package dev.corral.reconcile;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * What a reconciler may look at: one resource and everything else in the store, all at one version, and the time. Lists are
 * immutable and ordered by key.
 *
 * @param <S> the spec's type
 * @param <T> the status's type
 */
public interface Context<S, T> {
    /** The resource that this pass is about. */
    Resource<S, T> resource();

    /** The time of this pass; the same at each call. */
    Instant now();

    /** All that is stored, at the version that this pass looks at. */
    Snapshot snapshot();

    /**
     * Whether all of a plan becomes visible at once. Where it doesn't, only what may be cut short after any of its writes may
     * stand in one plan.
     */
    default boolean transactional() {
        return true;
    }

    /** Which pass in a row this is without a success in between. */
    default Attempt attempt() {
        return new Attempt(1, false);
    }

    /**
     * The resource as it was at the last pass of this process; empty at its first. For logs and messages only: a plan that
     * depends on it is wrong after a restart.
     */
    default Optional<Resource<S, T>> previous() {
        return Optional.empty();
    }

    /** Random numbers that are the same whenever this version of the resource is looked at. */
    default RandomGenerator random() {
        return new SplittableRandom(
                metadata().uid().hashCode() * 0x9e3779b97f4a7c15L + metadata().version());
    }

    /** How far an effect of this resource is; pending too if it was never declared. */
    default Effect.State effect(String key) {
        return Intents.state(snapshot(), metadata(), key);
    }

    /** A condition of this resource, for its generation and at the time of this pass. */
    default Condition condition(String type, boolean holds, String reason, String message) {
        return condition(type, Condition.Status.of(holds), reason, message);
    }

    /** A condition of this resource, for its generation and at the time of this pass. */
    default Condition condition(String type, Condition.Status status, String reason, String message) {
        return new Condition(type, status, reason, message, metadata().generation(), now());
    }

    /** A pass by hand: what a test of a reconciler hands in. */
    static <S, T> Context<S, T> of(Snapshot snapshot, Resource<S, T> resource, Instant now) {
        return new Pass<>(snapshot, resource, now, new Attempt(1, false), Optional.empty(), true);
    }

    default String name() {
        return resource().name();
    }

    default S spec() {
        return resource().spec();
    }

    default T status() {
        return resource().status();
    }

    default Metadata metadata() {
        return resource().metadata();
    }

    /** The stored child of this kind and name; empty if there is none yet, or one that this resource doesn't own. */
    default <C, D> Optional<Resource<C, D>> child(Declared<C, D> declared) {
        return get(declared.kind(), declared.name())
                .filter(child -> child.metadata().ownedBy(metadata()));
    }

    /** The children of one kind, those being deleted included. */
    default <C, D> List<Resource<C, D>> children(Kind<C, D> kind) {
        return snapshot().children(kind, metadata().uid());
    }

    /** Any resource of the same namespace. */
    default <C, D> Optional<Resource<C, D>> get(Kind<C, D> kind, String name) {
        return snapshot().get(kind, new Key(metadata().namespace(), name));
    }

    /** All resources of a kind in the same namespace that a predicate accepts. */
    default <C, D> List<Resource<C, D>> list(Kind<C, D> kind, Predicate<? super Resource<C, D>> which) {
        return snapshot().list(kind, metadata().namespace()).stream()
                .filter(which)
                .toList();
    }

    /** All resources of a kind in the same namespace that a selector matches. */
    default <C, D> List<Resource<C, D>> list(Kind<C, D> kind, LabelSelector selector) {
        return snapshot().list(kind, metadata().namespace(), selector);
    }

    /** All resources of a kind in the same namespace that carry all these labels. */
    default <C, D> List<Resource<C, D>> list(Kind<C, D> kind, Map<String, String> labels) {
        return list(kind, LabelSelector.of(labels));
    }
}
