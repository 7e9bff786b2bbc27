package dev.corral;

import java.io.Serial;

/** A program ran and did not exit with code 0. */
public final class CommandFailed extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Exit exit;

    CommandFailed(String message, Exit exit) {
        super(message);
        this.exit = exit;
    }

    /** How it ended. Not kept by serialization. */
    public Exit exit() {
        return exit;
    }
}
