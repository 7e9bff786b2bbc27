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
        Set<Name> seen = new HashSet<>();
        for (Declared<?, ?> child : children) {
            if (!seen.add(new Name(child.kind().name(), child.name()))) {
                throw new IllegalArgumentException(
                        "the plan lists " + child.kind().name() + " '" + child.name() + "' twice");
            }
        }
        return new Plan<>(Parts.of(children), Optional.empty());
    }

    /** All children stay as they are, whatever they are. */
    public static <T> Plan<T> unchanged() {
        return new Plan<>(Parts.of(List.of()).withoutPruning(), Optional.empty());
    }

    /** Leaves a child as it is, neither written nor deleted. */
    public Plan<T> keep(Resource<?, ?> child) {
        return with(parts.keep(List.of(child)));
    }

    /** Leaves children as they are. */
    public Plan<T> keep(Collection<? extends Resource<?, ?>> children) {
        return with(parts.keep(children));
    }

    /** Deletes a child with a grace of its own, where the child's kind is deleted gracefully. */
    public Plan<T> delete(Resource<?, ?> child, Duration grace) {
        return with(parts.delete(new Doomed(child, Optional.of(grace))));
    }

    /** Deletes a child with the grace of its kind; the same as not listing it. */
    public Plan<T> delete(Resource<?, ?> child) {
        return with(parts.delete(new Doomed(child, Optional.empty())));
    }

    /**
     * Takes a finalizer away from a child that is kept or deleted; from one that is deleted in the same write. The plan is
     * refused, and made anew, if the finalizer isn't there any more: what is counted in the same plan is counted once.
     */
    public Plan<T> letGo(Resource<?, ?> child, String finalizer) {
        return with(parts.letGo(new Agreed(child, finalizer)));
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

    /**
     * Has something done outside the store once this plan is carried out.
     *
     * @throws IllegalArgumentException if the plan has an effect of this key already
     */
    public Plan<T> effect(Effect effect) {
        if (parts.effects().stream().anyMatch(other -> other.key().equals(effect.key()))) {
            throw new IllegalArgumentException("the plan has an effect '" + effect.key() + "' already");
        }
        return with(parts.effect(effect));
    }

    /** Has something done outside the store once this plan is carried out; see {@link Effect#call}. */
    public Plan<T> effect(String key, Effect.Body body) {
        return effect(Effect.call(key, body));
    }

    /**
     * Says that the resource can't be as it should, and that trying again won't help: the rest of the plan is carried out, the
     * reason is shown, and nothing more is done until the resource changes or the safety net passes.
     *
     * @param reason one word in camel case, for programs
     * @param message a sentence, for people
     */
    public Plan<T> failed(String reason, String message) {
        return with(parts.fail(new Failing(reason, message)));
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

    /** What is to be done outside the store. */
    public List<Effect> effects() {
        return parts.effects();
    }

    /** When another pass is asked for at the latest, counted from the time of this one. */
    public Optional<Instant> wake(Instant now) {
        Optional<Instant> earliest = Optional.empty();
        for (WakeUp wakeUp : parts.wakeUps()) {
            Instant due = wakeUp.from(now);
            earliest = earliest.isEmpty() || due.isBefore(earliest.get()) ? Optional.of(due) : earliest;
        }
        return earliest;
    }

    List<Doomed> doomed() {
        return parts.doomed();
    }

    List<Agreed> agreed() {
        return parts.agreed();
    }

    /** Whether a child that isn't mentioned is deleted. */
    boolean prunes(Kind<?, ?> kind) {
        return kind.equals(Intents.KIND)
                || (parts.pruning() && !parts.unpruned().contains(kind.name()));
    }

    Optional<Failing> failing() {
        return parts.failing();
    }

    List<Told> told() {
        return parts.told();
    }

    private Plan<T> with(Parts changed) {
        return new Plan<>(changed, status);
    }

    private record Name(String kind, String name) {}

    /** A child to delete. */
    record Doomed(Resource<?, ?> child, Optional<Duration> grace) {}

    /** A child and a finalizer of it that is let go. */
    record Agreed(Resource<?, ?> child, String finalizer) {}

    /** Something to tell. */
    record Told(Event.Type type, String reason, String message) {}

    /** Why the resource can't be as it should. */
    record Failing(String reason, String message) {}

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
            List<Agreed> agreed,
            boolean pruning,
            Set<String> unpruned,
            List<WakeUp> wakeUps,
            List<Told> told,
            List<Effect> effects,
            Optional<Failing> failing) {
        static Parts of(Collection<? extends Declared<?, ?>> children) {
            return new Parts(
                    List.copyOf(children),
                    List.of(),
                    List.of(),
                    List.of(),
                    true,
                    Set.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    Optional.empty());
        }

        Parts keep(Collection<? extends Resource<?, ?>> more) {
            List<Resource<?, ?>> all = new ArrayList<>(kept);
            all.addAll(more);
            return new Parts(
                    children, List.copyOf(all), doomed, agreed, pruning, unpruned, wakeUps, told, effects, failing);
        }

        Parts delete(Doomed child) {
            return new Parts(
                    children, kept, plus(doomed, child), agreed, pruning, unpruned, wakeUps, told, effects, failing);
        }

        Parts letGo(Agreed child) {
            return new Parts(
                    children, kept, doomed, plus(agreed, child), pruning, unpruned, wakeUps, told, effects, failing);
        }

        Parts withoutPruning() {
            return new Parts(children, kept, doomed, agreed, false, unpruned, wakeUps, told, effects, failing);
        }

        Parts withoutPruning(String kind) {
            Set<String> more = new HashSet<>(unpruned);
            more.add(kind);
            return new Parts(
                    children, kept, doomed, agreed, pruning, Set.copyOf(more), wakeUps, told, effects, failing);
        }

        Parts wake(WakeUp wakeUp) {
            return new Parts(
                    children, kept, doomed, agreed, pruning, unpruned, plus(wakeUps, wakeUp), told, effects, failing);
        }

        Parts tell(Told event) {
            return new Parts(
                    children, kept, doomed, agreed, pruning, unpruned, wakeUps, plus(told, event), effects, failing);
        }

        Parts effect(Effect effect) {
            return new Parts(
                    children, kept, doomed, agreed, pruning, unpruned, wakeUps, told, plus(effects, effect), failing);
        }

        Parts fail(Failing why) {
            return new Parts(
                    children, kept, doomed, agreed, pruning, unpruned, wakeUps, told, effects, Optional.of(why));
        }

        private static <E> List<E> plus(List<? extends E> list, E element) {
            List<E> longer = new ArrayList<>(list);
            longer.add(element);
            return List.copyOf(longer);
        }
    }
}
