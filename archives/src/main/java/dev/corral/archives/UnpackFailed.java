package dev.corral.archives;

import dev.corral.CorralException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** An archive could not be unpacked, or holds what isn't taken from an archive; what came before it is there. */
public final class UnpackFailed extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    UnpackFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
