package dev.corral.reconcile;

import dev.corral.CorralException;
import java.io.Serial;

/** This process doesn't lead any more, so a plan was dropped; whoever leads makes another one. */
public final class LeadershipLost extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    LeadershipLost() {
        super("this process doesn't lead any more; its plan was dropped");
    }
}
