package dev.corral;

import java.io.Serial;

/** The kernel does not let this JVM send a signal to a child, because the child runs as somebody else by now. */
public final class SignalDenied extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    SignalDenied(String message, Throwable cause) {
        super(message, cause);
    }
}
