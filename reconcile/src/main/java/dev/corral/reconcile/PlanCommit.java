package dev.corral.reconcile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns a plan into the one commit that makes it so. */
final class PlanCommit {
    private final Snapshot snapshot;
    private final Resource<?, ?> owner;
    private final Set<Subject> mentioned = new HashSet<>();
    private Commit commit;

    private PlanCommit(String author, Snapshot snapshot, Resource<?, ?> owner) {
        this.snapshot = snapshot;
        this.owner = owner;
        this.commit = Commit.by(author).require(owner);
    }

    /**
     * The commit for a plan that was made from a snapshot.
     *
     * @throws AlreadyOwned if a child listed exists and belongs to another resource
     * @throws IllegalArgumentException if the plan deletes what isn't a child, or what it also lists
     */
    static <S, T> Commit of(String author, Snapshot snapshot, Resource<S, T> owner, Plan<T> plan) {
        PlanCommit planned = new PlanCommit(author, snapshot, owner);
        plan.listed().forEach(planned::want);
        plan.doomed().forEach(planned::delete);
        plan.kept().forEach(kept -> planned.mentioned.add(Subject.of(kept)));
        planned.prune(plan.unpruned());
        T status = plan.status().orElse(owner.status());
        if (!status.equals(owner.status()) || !owner.metadata().observed()) {
            planned.commit = planned.commit.decide(owner.status(status));
        }
        return planned.commit;
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
        // A child that is still being deleted is created once it is gone: its removal wakes the owner.
        if (existing == null || !existing.metadata().terminating()) {
            commit = commit.apply(owner, child);
        }
    }

    private void belong(Belonging<?, ?> wanted, @Nullable Resource<?, ?> existing) {
        if (existing == null) {
            commit = wanted.owned()
                    ? commit.apply(owner, wanted.declared())
                    : commit.create(owner.metadata().namespace(), wanted.declared());
        } else if (wanted.owned()
                && existing.metadata().owner().isEmpty()
                && !existing.metadata().terminating()) {
            commit = commit.adopt(owner, existing);
        } else if (!wanted.owned() && existing.metadata().ownedBy(owner.metadata())) {
            commit = commit.release(owner, existing);
        }
    }

    private void delete(Plan.Doomed doomed) {
        Resource<?, ?> child = doomed.child();
        if (!child.metadata().ownedBy(owner.metadata())) {
            throw new IllegalArgumentException(
                    "the plan for " + owner.title() + " deletes " + child.title() + ", which isn't its child");
        }
        if (!mentioned.add(Subject.of(child))) {
            throw new IllegalArgumentException(
                    "the plan for " + owner.title() + " both lists and deletes " + child.title());
        }
        commit =
                doomed.grace().isPresent() ? commit.delete(child, doomed.grace().get()) : commit.delete(child);
    }

    private void prune(Set<String> unpruned) {
        List<Resource<?, ?>> children =
                new ArrayList<>(snapshot.children(owner.metadata().uid()));
        Collections.reverse(children);
        for (Resource<?, ?> child : children) {
            if (!mentioned.contains(Subject.of(child))
                    && !unpruned.contains(child.kind().name())
                    && !child.metadata().terminating()) {
                commit = commit.delete(child);
            }
        }
    }
}
