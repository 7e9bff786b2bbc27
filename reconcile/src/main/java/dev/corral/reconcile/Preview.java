package dev.corral.reconcile;

import java.util.List;

/** What a commit would do to a store; nothing is stored. Immutable. */
public interface Preview {
    /** How the commit would end. */
    CommitResult result();

    /** All that would be stored after it. New resources have uids that the store will not give them. */
    Snapshot after();

    /** What would change, one event for each resource. */
    List<StoreEvent<?, ?>> changes();

    /** What another commit would do after this one. */
    Preview then(Commit next);
}
