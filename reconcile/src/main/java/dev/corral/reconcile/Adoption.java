package dev.corral.reconcile;

import java.util.function.Function;

/** Which resources a controller makes children of its own, and lets go again. */
record Adoption<S, C, D>(Kind<C, D> kind, Function<? super S, LabelSelector> selector) {
    /** What an owner takes because it matches and belongs to nobody, and what it lets go because it no longer matches. */
    Commit commit(String author, Snapshot now, Resource<S, ?> owner) {
        LabelSelector wanted = selector.apply(owner.spec());
        Commit commit = Commit.by(author).require(owner);
        if (wanted.isEmpty()) {
            return commit;
        }
        for (Resource<C, D> found : now.list(kind, owner.metadata().namespace(), wanted)) {
            if (found.metadata().owner().isEmpty() && !found.metadata().terminating()) {
                commit = commit.adopt(owner, found);
            }
        }
        for (Resource<C, D> child : now.children(kind, owner.metadata().uid())) {
            if (!wanted.matches(child.metadata().labels()) && !child.metadata().terminating()) {
                commit = commit.release(owner, child);
            }
        }
        return commit;
    }

    /** Whether an owner would adopt a resource. */
    boolean wants(Resource<S, ?> owner, Resource<?, ?> orphan) {
        LabelSelector wanted = selector.apply(owner.spec());
        return orphan.kind().equals(kind)
                && orphan.metadata().owner().isEmpty()
                && !orphan.metadata().terminating()
                && !wanted.isEmpty()
                && wanted.matches(orphan.metadata().labels());
    }
}
