package dev.corral.reconcile;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Deletes what a resource that is gone has left behind, and so, step by step, everything below it; and does for a resource that
 * is deleted in the foreground, or shall leave orphans, what has to be done before it goes.
 */
record Collector(Store store, World world) implements Body {
    @Override
    public String name() {
        return "collector";
    }

    @Override
    public Optional<Kind<?, ?>> kind() {
        return Optional.empty();
    }

    /** What has lost an owner, what waits for its dependents, and who waits for what has just gone or been let go. */
    @Override
    public Set<Subject> wokenBy(StoreEvent<?, ?> event) {
        Set<Subject> woken = new LinkedHashSet<>();
        Snapshot now = store.snapshot();
        Resource<?, ?> before = event.before().orElse(null);
        Resource<?, ?> after = event.after().orElse(null);
        if (after != null && needsWork(now, after)) {
            woken.add(Subject.of(after));
        }
        if (before != null && after == null) {
            now.dependents(before.metadata().uid()).forEach(child -> woken.add(Subject.of(child)));
        }
        if (before != null) {
            for (OwnerReference reference : before.metadata().owners()) {
                Resource<?, ?> owner = now.owner(before, reference).orElse(null);
                if (owner != null && waits(owner)) {
                    woken.add(Subject.of(owner));
                }
            }
        }
        return woken;
    }

    @Override
    public Outcome handle(Subject subject, Round round) {
        Snapshot now = store.snapshot();
        Resource<?, ?> left = now.get(subject.kind(), subject.key()).orElse(null);
        Optional<Commit> next = left == null ? Optional.empty() : next(now, left);
        if (next.isEmpty()) {
            return new Outcome.Done();
        }
        long epoch = world.leadership().epoch().orElseThrow(LeadershipLost::new);
        CommitResult result = store.commit(next.get().epoch(epoch));
        if (result.refusal().orElse(null) instanceof WriteResult.Fenced<?, ?> fenced) {
            throw new LeadershipLost(fenced);
        }
        return result.ok()
                ? new Outcome.Done()
                : new Outcome.WakeAt(world.clock().now());
    }

    @Override
    public boolean exists(Subject subject) {
        return false;
    }

    private Optional<Commit> next(Snapshot now, Resource<?, ?> resource) {
        Metadata metadata = resource.metadata();
        if (metadata.terminating() && metadata.finalizers().contains(Finalizers.ORPHAN)) {
            return Optional.of(orphaned(now, resource));
        }
        if (metadata.terminating() && metadata.finalizers().contains(Finalizers.FOREGROUND)) {
            return foreground(now, resource);
        }
        return dangling(now, resource) ? Optional.of(withoutDangling(now, resource)) : Optional.empty();
    }

    private Commit orphaned(Snapshot now, Resource<?, ?> owner) {
        Commit commit = Commit.by(name());
        for (Resource<?, ?> dependent : now.dependents(owner.metadata().uid())) {
            commit = commit.release(owner, dependent);
        }
        return commit.update(withoutFinalizer(owner, Finalizers.ORPHAN));
    }

    /**
     * Deletes the dependents, in the foreground too, and lets the owner go once none is left that blocks. Where the blocking
     * references form a circle, those of the circle stop blocking, or everybody would wait for everybody.
     */
    private Optional<Commit> foreground(Snapshot now, Resource<?, ?> owner) {
        List<Resource<?, ?>> blocking = now.dependents(owner.metadata().uid()).stream()
                .filter(dependent -> blocks(dependent, owner))
                .toList();
        if (blocking.isEmpty()) {
            return Optional.of(Commit.by(name()).update(withoutFinalizer(owner, Finalizers.FOREGROUND)));
        }
        Commit commit = Commit.by(name());
        for (Resource<?, ?> dependent : blocking) {
            Metadata metadata = dependent.metadata();
            if (reaches(now, owner, dependent, new HashSet<>())) {
                commit = commit.update(dependent.metadata(metadata.owners(metadata.owners().stream()
                        .map(reference ->
                                reference.uid().equals(owner.metadata().uid())
                                        ? reference.withoutBlocking()
                                        : reference)
                        .toList())));
            } else if (keptByAnother(now, dependent, owner)) {
                commit = commit.release(owner, dependent);
            } else if (!metadata.terminating()) {
                commit = commit.delete(dependent, Propagation.FOREGROUND);
            }
        }
        return commit.size() == 0 ? Optional.empty() : Optional.of(commit);
    }

    private static boolean blocks(Resource<?, ?> dependent, Resource<?, ?> owner) {
        return dependent.metadata().owners().stream()
                .anyMatch(reference -> reference.uid().equals(owner.metadata().uid()) && reference.blocksDeletion());
    }

    /** Whether another owner keeps it alive: one that is there and doesn't itself wait for what it owns. */
    private static boolean keptByAnother(Snapshot now, Resource<?, ?> dependent, Resource<?, ?> owner) {
        return dependent.metadata().owners().stream()
                .filter(reference -> !reference.uid().equals(owner.metadata().uid()))
                .flatMap(reference -> now.owner(dependent, reference).stream())
                .anyMatch(other -> !waits(other));
    }

    /** Whether a resource blocks, over whatever is between them, the deletion of what blocks it. */
    private static boolean reaches(Snapshot now, Resource<?, ?> from, Resource<?, ?> to, Set<String> seen) {
        if (!seen.add(from.metadata().uid())) {
            return false;
        }
        for (OwnerReference reference : from.metadata().owners()) {
            Optional<Resource<?, ?>> owner = reference.blocksDeletion() ? now.owner(from, reference) : Optional.empty();
            if (owner.isPresent()
                    && (reference.uid().equals(to.metadata().uid()) || reaches(now, owner.get(), to, seen))) {
                return true;
            }
        }
        return false;
    }

    /** Collected if no owner lives, else only the references to those that are gone are taken away. */
    private Commit withoutDangling(Snapshot now, Resource<?, ?> resource) {
        Metadata metadata = resource.metadata();
        List<OwnerReference> living = metadata.owners().stream()
                .filter(owner -> now.owner(resource, owner).isPresent())
                .toList();
        Commit commit = Commit.by(name());
        return living.isEmpty() ? commit.delete(resource) : commit.update(resource.metadata(metadata.owners(living)));
    }

    private static boolean needsWork(Snapshot now, Resource<?, ?> resource) {
        return waits(resource) || dangling(now, resource);
    }

    private static boolean waits(Resource<?, ?> resource) {
        Metadata metadata = resource.metadata();
        return metadata.terminating()
                && (metadata.finalizers().contains(Finalizers.FOREGROUND)
                        || metadata.finalizers().contains(Finalizers.ORPHAN));
    }

    private static boolean dangling(Snapshot now, Resource<?, ?> resource) {
        if (resource.metadata().terminating()) {
            return false;
        }
        for (OwnerReference owner : resource.metadata().owners()) {
            if (now.owner(resource, owner).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static <S, T> Resource<S, T> withoutFinalizer(Resource<S, T> resource, String finalizer) {
        return resource.metadata(resource.metadata().withoutFinalizer(finalizer));
    }
}
