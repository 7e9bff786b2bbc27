package dev.corral.namespaces;

import dev.corral.CorralException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A lambda can't run in such namespaces, whoever asks: the kernel offers them to whole processes only. */
public final class ImpossibleCall extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    ImpossibleCall(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
