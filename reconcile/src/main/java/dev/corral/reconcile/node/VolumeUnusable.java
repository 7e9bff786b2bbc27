package dev.corral.reconcile.node;

import dev.corral.CorralException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A volume can't be mounted: it is not what its type says, or what is to be mounted of it lies elsewhere. */
public final class VolumeUnusable extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    VolumeUnusable(String volume, String why, @Nullable Throwable cause) {
        super("volume " + volume + ": " + why, cause);
    }
}
