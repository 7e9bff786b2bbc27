package dev.corral.reconcile.node;

import dev.corral.CorralException;
import java.io.Serial;
import java.util.List;

/** A container could not outlive its JVM, as the control plane was asked to let all of them: so it is not started. */
public final class NotAdoptable extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient List<String> reasons;

    NotAdoptable(String container, List<String> reasons) {
        super("container " + container + " can't outlive the JVM, as adopt asks for: " + String.join("; ", reasons)
                + ". Change that, or run it by a control plane without adopt");
        this.reasons = List.copyOf(reasons);
    }

    /** What would end with the JVM, a sentence for each. */
    public List<String> reasons() {
        return reasons;
    }
}
