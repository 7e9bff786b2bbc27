package dev.corral.internal.launch;

import java.io.IOException;
import java.io.Serial;

/** The launcher program is there, but there is no place from which it could be executed; the message names all attempts. */
public final class NowhereToRun extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    public NowhereToRun(String message) {
        super(message);
    }
}
