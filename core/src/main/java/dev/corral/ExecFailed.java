package dev.corral;

import java.io.Serial;

/** The program could not be executed, or its working directory not be entered. */
public final class ExecFailed extends LaunchException {
    @Serial
    private static final long serialVersionUID = 1L;

    ExecFailed(String message, Throwable cause, Failure failure) {
        super(message, cause, failure);
    }
}
