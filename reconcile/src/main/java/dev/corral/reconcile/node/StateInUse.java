package dev.corral.reconcile.node;

import dev.corral.CorralException;
import java.io.Serial;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A state directory belongs to another control plane that runs now. Two of them would start and end each other's containers. */
public final class StateInUse extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    StateInUse(Path directory, @Nullable Throwable cause) {
        super(
                "state directory " + directory + " belongs to a control plane that runs: close that one first, or give"
                        + " this one a directory of its own",
                cause);
    }
}
