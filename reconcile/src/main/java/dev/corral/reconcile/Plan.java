package dev.corral.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What should be, in the eyes of one reconciler: the children a resource should have and the status it should show. Immutable.
 * The engine carries it out in one commit, or drops it and asks again if the resource has changed meanwhile.
 *
 * <p>The plan is the whole truth: a child of any kind that is neither listed nor kept is deleted. A status that isn't given
 * stays as it is.
 *
 * @param <T> the status's type
 */
public final class Plan<T> {
    private final Parts parts;
    private final Optional<T> status;

    private Plan(Parts parts, Optional<T> status) {
        this.parts = parts;
        this.status = status;
    }

    /**
     * These children, and no others.
     *
     * @throws IllegalArgumentException if two have the same kind and name
     */
    public static <T> Plan<T> children(Declared<?, ?>... children) {
        return children(List.of(children));
    }

    /**
     * These children, and no others.
     *
     * @throws IllegalArgumentException if two have the same kind and name
     */
    public static <T> Plan<T> children(Collection<? extends Declared<?, ?>> children) {
        Set<List<String>> seen = new HashSet<>();
        for (Declared<?, ?> child : children) {
            if (!seen.add(List.of(child.kind().name(), child.name()))) {
                throw new IllegalArgumentException(
                        "the plan lists " + child.kind().name() + " '" + child.name() + "' twice");
            }
        }
        return new Plan<>(Parts.of(children), Optional.empty());
    }

    /** Leaves a child as it is, neither written nor deleted. */
    public Plan<T> keep(Resource<?, ?> child) {
        return with(parts.keep(child));
    }

    /** Leaves children as they are. */
    public Plan<T> keep(Collection<? extends Resource<?, ?>> children) {
        Parts kept = parts;
        for (Resource<?, ?> child : children) {
            kept = kept.keep(child);
        }
        return with(kept);
    }

    /** Deletes a child with a grace of its own, where the child's kind is deleted gracefully. */
    public Plan<T> delete(Resource<?, ?> child, Duration grace) {
        return with(parts.delete(new Doomed(child, Optional.of(grace))));
    }

    /** Deletes a child with the grace of its kind; the same as not listing it. */
    public Plan<T> delete(Resource<?, ?> child) {
        return with(parts.delete(new Doomed(child, Optional.empty())));
    }

    /** Lets children of this kind stay that are neither listed nor kept. */
    public Plan<T> withoutPruning(Kind<?, ?> kind) {
        return with(parts.withoutPruning(kind.name()));
    }

    /** The status to show. */
    public <U> Plan<U> status(U status) {
        return new Plan<>(parts, Optional.of(status));
    }

    /** Asks for another pass at the latest after this time. Of several wake-ups the earliest counts. */
    public Plan<T> wakeAfter(Duration delay) {
        return with(parts.wake(new WakeUp(Optional.of(delay), Optional.empty())));
    }

    /** Asks for another pass at the latest at this time. Of several wake-ups the earliest counts. */
    public Plan<T> wakeAt(Instant time) {
        return with(parts.wake(new WakeUp(Optional.empty(), Optional.of(time))));
    }

    /** Tells something about the resource; see {@link ControllerManager#events}. */
    public Plan<T> event(String reason, String message) {
        return with(parts.tell(new Told(Event.Type.NORMAL, reason, message)));
    }

    /** Tells something about the resource that somebody should look at. */
    public Plan<T> warning(String reason, String message) {
        return with(parts.tell(new Told(Event.Type.WARNING, reason, message)));
    }

    /** The children listed, in the plan's order. */
    public List<Declared<?, ?>> listed() {
        return parts.children();
    }

    /** The children kept as they are. */
    public List<Resource<?, ?>> kept() {
        return parts.kept();
    }

    /** The children to delete by name, apart from what pruning deletes. */
    public List<Resource<?, ?>> deleted() {
        return parts.doomed().stream().<Resource<?, ?>>map(Doomed::child).toList();
    }

    /** The status to show; empty if it stays. */
    public Optional<T> status() {
        return status;
    }

    /** When another pass is asked for at the latest, counted from the time of this one. */
    public Optional<Instant> wake(Instant now) {
        return parts.wakeUps().stream().map(wakeUp -> wakeUp.from(now)).min(Instant::compareTo);
    }

    List<Doomed> doomed() {
        return parts.doomed();
    }

    Set<String> unpruned() {
        return parts.unpruned();
    }

    List<Told> told() {
        return parts.told();
    }

    private Plan<T> with(Parts changed) {
        return new Plan<>(changed, status);
    }

    /** A child to delete. */
    record Doomed(Resource<?, ?> child, Optional<Duration> grace) {}

    /** Something to tell. */
    record Told(Event.Type type, String reason, String message) {}

    private record WakeUp(Optional<Duration> after, Optional<Instant> at) {
        Instant from(Instant now) {
            return at.orElseGet(() -> now.plus(after.orElse(Duration.ZERO)));
        }
    }

    /** All of a plan that doesn't depend on the status's type. */
    private record Parts(
            List<Declared<?, ?>> children,
            List<Resource<?, ?>> kept,
            List<Doomed> doomed,
            Set<String> unpruned,
            List<WakeUp> wakeUps,
            List<Told> told) {
        static Parts of(Collection<? extends Declared<?, ?>> children) {
            return new Parts(List.copyOf(children), List.of(), List.of(), Set.of(), List.of(), List.of());
        }

        Parts keep(Resource<?, ?> child) {
            return new Parts(children, plus(kept, child), doomed, unpruned, wakeUps, told);
        }

        Parts delete(Doomed child) {
            return new Parts(children, kept, plus(doomed, child), unpruned, wakeUps, told);
        }

        Parts withoutPruning(String kind) {
            Set<String> more = new HashSet<>(unpruned);
            more.add(kind);
            return new Parts(children, kept, doomed, Set.copyOf(more), wakeUps, told);
        }

        Parts wake(WakeUp wakeUp) {
            return new Parts(children, kept, doomed, unpruned, plus(wakeUps, wakeUp), told);
        }

        Parts tell(Told event) {
            return new Parts(children, kept, doomed, unpruned, wakeUps, plus(told, event));
        }

        private static <E> List<E> plus(List<? extends E> list, E element) {
            List<E> longer = new ArrayList<>(list);
            longer.add(element);
            return List.copyOf(longer);
        }
    }
}
