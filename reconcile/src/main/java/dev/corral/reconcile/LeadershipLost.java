package dev.corral.reconcile;

import dev.corral.CorralException;
import java.io.Serial;

/** This process doesn't lead any more, so a plan was dropped; whoever leads makes another one. */
public final class LeadershipLost extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean fenced;

    LeadershipLost() {
        super("this process doesn't lead any more; its plan was dropped");
        this.fenced = false;
    }

    LeadershipLost(WriteResult.Fenced<?, ?> refusal) {
        super("this process was told that it leads, but " + refusal);
        this.fenced = true;
    }

    /** Whether only the store knows of it, and not yet the leadership. */
    boolean fenced() {
        return fenced;
    }
}
