package dev.corral;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** A child could not be ended, or something that was made for it not be given back. Suppressed exceptions say what. */
public final class CloseFailed extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    CloseFailed(String message) {
        super(message);
    }

    CloseFailed(Command command, List<Throwable> failures) {
        super("closing " + command + ": "
                + failures.stream().map(Throwable::toString).collect(Collectors.joining("; ")));
        failures.forEach(this::addSuppressed);
    }
}
