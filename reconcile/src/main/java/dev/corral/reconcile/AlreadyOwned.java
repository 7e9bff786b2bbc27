package dev.corral.reconcile;

import dev.corral.CorralException;
import java.io.Serial;

/** A plan lists a child that exists already and belongs to another resource, or to nobody. The plan was not carried out. */
public final class AlreadyOwned extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    AlreadyOwned(Resource<?, ?> claimant, Resource<?, ?> child) {
        super(claimant.title() + " wants " + child.title() + " as its child, but that belongs to "
                + child.metadata()
                        .owner()
                        .map(owner -> owner.kind() + " " + owner.name())
                        .orElse("nobody")
                + ": choose another name or delete it");
    }
}
