package dev.corral.reconcile.plane;

import dev.corral.CorralException;
import java.io.Serial;

/** The control plane is closed, or being closed: it takes nothing in any more, and nothing will change. What is stored can be read. */
public final class PlaneClosed extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    PlaneClosed() {
        super("the control plane is closed: it starts and changes nothing any more; start another one");
    }
}
