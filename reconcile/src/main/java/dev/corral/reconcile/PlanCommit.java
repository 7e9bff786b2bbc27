package dev.corral.reconcile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns a plan into the one commit that makes it so: children in the plan's order, then deletions, then what is to be done
 * outside, and last what the resource itself shows.
 */
final class PlanCommit {
    private final Snapshot snapshot;
    private final Resource<?, ?> owner;
    private final Set<Subject> mentioned = new HashSet<>();
    private final List<Write<?, ?>> writes = new ArrayList<>();

    private PlanCommit(Snapshot snapshot, Resource<?, ?> owner) {
        this.snapshot = snapshot;
        this.owner = owner;
        writes.add(new Write.Require<>(owner));
    }

    /**
     * The commit for a plan that was made from a snapshot.
     *
     * @param status what the resource shall show
     * @param cleanup whether the controller's finalizer shall be held; empty if it stays as it is
     * @throws AlreadyOwned if a child listed exists and belongs to another resource
     * @throws IllegalArgumentException if the plan deletes what isn't a child, or what it also lists, or lists something new for
     *     a resource that is being deleted
     */
    static <S, T> Commit of(
            String author, Snapshot snapshot, Resource<S, T> owner, Plan<T> plan, T status, Optional<Boolean> cleanup) {
        PlanCommit planned = new PlanCommit(snapshot, owner);
        plan.listed().forEach(planned::want);
        plan.agreed().forEach(agreed -> planned.letGo(agreed, plan));
        plan.doomed().forEach(doomed -> planned.delete(doomed, plan));
        plan.kept().forEach(kept -> planned.mentioned.add(Subject.of(kept)));
        List<Declared<?, ?>> intents = planned.intents(plan.effects());
        planned.prune(plan);
        intents.forEach(intent -> planned.writes.add(Write.apply(owner, intent)));
        Resource<S, T> shown = owner.status(status);
        if (cleanup.isPresent()
                || !status.equals(owner.status())
                || !owner.metadata().observed()) {
            planned.writes.add(new Write.Decide<>(shown, cleanup));
        }
        return Commit.by(author).then(planned.writes);
    }

    private void want(Declared<?, ?> child) {
        Subject subject = new Subject(child.kind(), new Key(owner.metadata().namespace(), child.name()));
        mentioned.add(subject);
        Resource<?, ?> existing = snapshot.get(child.kind(), subject.key()).orElse(null);
        if (child instanceof Belonging<?, ?> belonging) {
            belong(belonging, existing);
            return;
        }
        if (existing != null && !existing.metadata().ownedBy(owner.metadata())) {
            throw new AlreadyOwned(owner, existing);
        }
        if (existing == null && owner.metadata().terminating()) {
            throw new IllegalArgumentException("the cleanup of " + owner.title() + " lists " + subject
                    + ", which doesn't exist: nothing is created for a resource that is being deleted");
        }
        // A child that is still being deleted is created once it is gone: its removal wakes the owner.
        if (existing == null || !existing.metadata().terminating()) {
            writes.add(Write.apply(owner, child));
        }
    }

    private void belong(Belonging<?, ?> wanted, @Nullable Resource<?, ?> existing) {
        if (existing == null) {
            Key key = new Key(owner.metadata().namespace(), wanted.name());
            writes.add(wanted.owned() ? Write.apply(owner, wanted.declared()) : Write.create(key, wanted.declared()));
        } else if (wanted.owned()
                && existing.metadata().owner().isEmpty()
                && !existing.metadata().terminating()) {
            writes.add(new Write.Adopt<>(existing, owner));
        } else if (!wanted.owned() && existing.metadata().ownedBy(owner.metadata())) {
            writes.add(new Write.Release<>(existing, owner));
        }
    }

    private void letGo(Plan.Agreed agreed, Plan<?> plan) {
        if (!agreed.child().metadata().ownedBy(owner.metadata())) {
            throw new IllegalArgumentException("the plan for " + owner.title() + " lets go of "
                    + agreed.child().title() + ", which isn't its child");
        }
        if (plan.deleted().stream().noneMatch(doomed -> sameAs(doomed, agreed.child()))) {
            mentioned.add(Subject.of(agreed.child()));
            writes.add(new Write.LetGo<>(agreed.child(), agreed.finalizer()));
        }
    }

    private void delete(Plan.Doomed doomed, Plan<?> plan) {
        Resource<?, ?> child = doomed.child();
        if (!child.metadata().ownedBy(owner.metadata())) {
            throw new IllegalArgumentException(
                    "the plan for " + owner.title() + " deletes " + child.title() + ", which isn't its child");
        }
        if (!mentioned.add(Subject.of(child))) {
            throw new IllegalArgumentException(
                    "the plan for " + owner.title() + " both lists and deletes " + child.title());
        }
        Set<String> letGo = plan.agreed().stream()
                .filter(agreed -> sameAs(agreed.child(), child))
                .map(Plan.Agreed::finalizer)
                .collect(Collectors.toSet());
        writes.add(new Write.Delete<>(child, doomed.grace(), Optional.empty(), letGo));
    }

    private static boolean sameAs(Resource<?, ?> one, Resource<?, ?> other) {
        return one.metadata().uid().equals(other.metadata().uid());
    }

    /** The intents that aren't recorded yet. */
    private List<Declared<?, ?>> intents(List<Effect> effects) {
        List<Declared<?, ?>> fresh = new ArrayList<>();
        for (Effect effect : effects) {
            Declared<?, ?> intent = Intents.declared(owner.metadata(), effect.key());
            Key key = new Key(owner.metadata().namespace(), intent.name());
            mentioned.add(new Subject(Intents.KIND, key));
            if (Intents.find(snapshot, owner.metadata(), effect.key()).isEmpty()) {
                fresh.add(intent);
            }
        }
        return fresh;
    }

    private void prune(Plan<?> plan) {
        List<Resource<?, ?>> children =
                new ArrayList<>(snapshot.children(owner.metadata().uid()));
        Collections.reverse(children);
        for (Resource<?, ?> child : children) {
            if (!mentioned.contains(Subject.of(child))
                    && plan.prunes(child.kind())
                    && !child.metadata().terminating()) {
                writes.add(new Write.Delete<>(child, Optional.empty(), Optional.empty(), Set.of()));
            }
        }
    }
}
