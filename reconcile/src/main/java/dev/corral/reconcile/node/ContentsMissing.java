package dev.corral.reconcile.node;

import dev.corral.CorralException;
import java.io.Serial;
import java.util.List;

/** A container can't be started since something that its pod refers to is not there. */
public final class ContentsMissing extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    ContentsMissing(List<String> missing) {
        super(String.join("; ", missing));
    }
}
