package dev.corral.reconcile;

import dev.corral.CorralException;
import java.io.Serial;

/** What a plan was made of changed each time before it could be carried out; the pass is repeated after a back-off. */
public final class PlanOutdated extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    PlanOutdated(Subject subject, WriteResult<?, ?> refusal) {
        super("the plan for " + subject + " was outdated several times in a row, the last time because " + refusal);
    }
}
