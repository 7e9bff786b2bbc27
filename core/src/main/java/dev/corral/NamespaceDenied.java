package dev.corral;

import java.io.Serial;

/** The kernel refused the namespaces that were asked for. */
public final class NamespaceDenied extends LaunchException {
    @Serial
    private static final long serialVersionUID = 1L;

    NamespaceDenied(String message, Throwable cause, Failure failure) {
        super(message, cause, failure);
    }
}
