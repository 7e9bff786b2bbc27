package dev.corral.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * How a controller or loop runs. Immutable.
 *
 * @param <S> the type of its resources' specs
 * @param <T> the type of their statuses
 */
public final class ControllerOptions<S, T> {
    int workers = 1;
    List<Relation<?, ?>> relations = List.of();
    List<Kind<?, ?>> owned = List.of();
    List<Adoption<S, ?, ?>> adoptions = List.of();
    List<Source> sources = List.of();
    Optional<Set<Change>> wakeOn = Optional.empty();
    Optional<Predicate<? super Resource<S, T>>> concerns = Optional.empty();
    Backoff backoff = Backoff.standard();
    int maxAttempts = Integer.MAX_VALUE;
    Optional<Duration> timeout = Optional.empty();
    Duration minInterval = Duration.ZERO;
    Duration debounce = Duration.ZERO;
    Optional<Cleanup<S, T>> cleanup = Optional.empty();
    Optional<ErrorStatus<S, T>> onError = Optional.empty();

    private ControllerOptions() {}

    /** One worker, woken by its own kind (the status apart) and by children. */
    public static <S, T> ControllerOptions<S, T> none() {
        return new ControllerOptions<>();
    }

    /**
     * How many keys may be handled at once; 1 unless said otherwise.
     *
     * @throws IllegalArgumentException unless it is 1 or more
     */
    public ControllerOptions<S, T> workers(int workers) {
        require(workers >= 1, "a controller needs 1 worker or more, got " + workers);
        return changed(copy -> copy.workers = workers);
    }

    /**
     * Wakes keys when a resource of another kind changes. The mapper is asked about the resource as it was and as it is, so
     * that both sides of a moved reference wake. Children wake their owner without it.
     */
    public <C, D> ControllerOptions<S, T> watches(Kind<C, D> kind, Function<Resource<C, D>, Collection<Key>> mapper) {
        return changed(copy -> copy.relations = plus(relations, new Relation<>(kind, mapper)));
    }

    /** Lets plans have children of a kind that no controller or loop of this manager is for: plain data, for instance. */
    public ControllerOptions<S, T> owns(Kind<?, ?> kind) {
        return changed(copy -> copy.owned = plus(owned, kind));
    }

    /**
     * Makes resources of a kind children of the resource whose selector they match, if nobody controls them, and lets children
     * go that no longer match. The empty selector adopts nothing.
     */
    public <C, D> ControllerOptions<S, T> adopts(Kind<C, D> kind, Function<? super S, LabelSelector> selector) {
        return changed(copy -> copy.adoptions = plus(adoptions, new Adoption<>(kind, selector)));
    }

    /** Wakes keys for reasons outside the store. */
    public ControllerOptions<S, T> source(Source source) {
        return changed(copy -> copy.sources = plus(sources, source));
    }

    /**
     * What changes of a resource wake its key; what comes and goes does in any case. Unless said otherwise all but the status and the
     * owners does so for a controller, and every change for a loop, which has no children.
     */
    public ControllerOptions<S, T> wakeOn(Change first, Change... more) {
        return changed(copy -> copy.wakeOn = Optional.of(EnumSet.of(first, more)));
    }

    /**
     * Lets a change of a resource wake its key only if this holds for the resource as it is now, or as it was last if it is gone:
     * for a loop that has nothing to do for most. What else wakes keys is not asked about. For loops only; without it they are
     * woken by every change.
     */
    public ControllerOptions<S, T> concerns(Predicate<? super Resource<S, T>> which) {
        return changed(copy -> copy.concerns = Optional.of(which));
    }

    /** How long a key waits after failures; {@link Backoff#standard} unless said otherwise. */
    public ControllerOptions<S, T> retry(Backoff backoff) {
        return changed(copy -> copy.backoff = backoff);
    }

    /**
     * After how many failures in a row a key isn't tried again until its resource changes or the safety net passes.
     *
     * @throws IllegalArgumentException unless it is 1 or more
     */
    public ControllerOptions<S, T> maxAttempts(int attempts) {
        require(attempts >= 1, "a controller needs 1 attempt or more, got " + attempts);
        return changed(copy -> copy.maxAttempts = attempts);
    }

    /**
     * How long a pass may take before it is interrupted and counts as failed; none unless said otherwise.
     *
     * @throws IllegalArgumentException unless it is more than zero
     */
    public ControllerOptions<S, T> timeout(Duration timeout) {
        require(!timeout.isNegative() && !timeout.isZero(), "a time-out is more than zero, got " + timeout);
        return changed(copy -> copy.timeout = Optional.of(timeout));
    }

    /** The least time from the beginning of a pass to that of the next one for the same key. It beats a retry. */
    public ControllerOptions<S, T> minInterval(Duration interval) {
        require(!interval.isNegative(), "an interval is zero or more, got " + interval);
        return changed(copy -> copy.minInterval = interval);
    }

    /** Waits this long after the first event, so that what comes in a burst is one pass. */
    public ControllerOptions<S, T> debounce(Duration delay) {
        require(!delay.isNegative(), "a delay is zero or more, got " + delay);
        return changed(copy -> copy.debounce = delay);
    }

    /** What has to be done before a resource goes. For controllers only. */
    public ControllerOptions<S, T> cleanup(Cleanup<S, T> cleanup) {
        return changed(copy -> copy.cleanup = Optional.of(cleanup));
    }

    /** What status a resource shows after a pass that failed. For controllers only. */
    public ControllerOptions<S, T> onError(ErrorStatus<S, T> status) {
        return changed(copy -> copy.onError = Optional.of(status));
    }

    void requireController() {
        require(concerns.isEmpty(), "a controller looks at every resource of its kind: concerns is for loops");
    }

    void requireLoop() {
        require(
                cleanup.isEmpty() && onError.isEmpty() && adoptions.isEmpty() && owned.isEmpty(),
                "a loop has no plan: cleanup, onError, adopts and owns are for controllers");
        require(
                wakeOn.filter(chosen -> chosen.contains(Change.CHILD)).isEmpty(),
                "a loop has no children that could wake it: " + Change.CHILD + " is for controllers");
    }

    private ControllerOptions<S, T> changed(Consumer<ControllerOptions<S, T>> change) {
        ControllerOptions<S, T> copy = new ControllerOptions<>();
        copy.workers = workers;
        copy.relations = relations;
        copy.owned = owned;
        copy.adoptions = adoptions;
        copy.sources = sources;
        copy.wakeOn = wakeOn;
        copy.concerns = concerns;
        copy.backoff = backoff;
        copy.maxAttempts = maxAttempts;
        copy.timeout = timeout;
        copy.minInterval = minInterval;
        copy.debounce = debounce;
        copy.cleanup = cleanup;
        copy.onError = onError;
        change.accept(copy);
        return copy;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    private static <E> List<E> plus(List<E> list, E element) {
        List<E> longer = new ArrayList<>(list);
        longer.add(element);
        return List.copyOf(longer);
    }
}
