package dev.corral.network;

import dev.corral.CorralException;
import java.io.Serial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A network that could not be given to a child, or looked at. Nothing is left of the attempt. */
public abstract sealed class NetworkException extends CorralException
        permits AddressTaken,
                ProcessGone,
                NetworkDenied,
                NetworkFailed,
                NetworkShared,
                PortUnavailable,
                UserModeFailed,
                UserModeTimeout,
                UserModeUnavailable {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String errnoName;

    NetworkException(String message, String errnoName, @Nullable Throwable cause) {
        super(message, cause);
        this.errnoName = errnoName;
    }

    /** The name of the kernel's error code, such as {@code EPERM}; empty where the kernel was not asked. */
    public Optional<String> errnoName() {
        return Optional.of(errnoName).filter(name -> !name.isEmpty());
    }
}
