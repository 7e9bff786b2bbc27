package dev.corral;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Something was to be done in a child that has ended. */
public final class ChildGone extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    ChildGone(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
