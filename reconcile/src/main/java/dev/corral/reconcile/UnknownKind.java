package dev.corral.reconcile;

import dev.corral.CorralException;
import java.io.Serial;

/** A plan lists a child of a kind that its manager doesn't know, so nobody would act on it. The plan was not carried out. */
public final class UnknownKind extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    UnknownKind(String owner, Kind<?, ?> kind, String child) {
        super("the plan for " + owner + " lists " + kind + " '" + child
                + "', but no controller or loop of this manager is for " + kind
                + ": register one, or say knows(..) where it is plain data or somebody else's work");
    }
}
