package dev.corral.reconcile;

import java.util.function.Function;

/** Which resources a controller makes children of its own. */
record Adoption<S, C, D>(Kind<C, D> kind, Function<? super S, LabelSelector> selector) {
    /** The commit of an owner that takes what matches and belongs to nobody, and lets go what no longer matches. */
    Commit commit(String author, Snapshot now, Resource<S, ?> owner) {
        LabelSelector wanted = selector.apply(owner.spec());
        Commit commit = Commit.by(author);
        if (wanted.isEmpty() || owner.metadata().terminating()) {
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
                && !wanted.isEmpty()
                && wanted.matches(orphan.metadata().labels());
    }
}
