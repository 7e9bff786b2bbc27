package dev.corral;

import java.io.Serial;
import java.io.Serializable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A command that could not be started. Nothing is left of the attempt: no process, descriptor, mount or group. */
public abstract sealed class LaunchException extends CorralException
        permits AttachFailed,
                CgroupJoinFailed,
                ExecFailed,
                IdMapDenied,
                ImpossibleLaunch,
                LaunchCancelled,
                LauncherUnavailable,
                MountFailed,
                NamespaceDenied,
                PrivilegeFailed,
                ProcMountDenied,
                ProtocolError,
                SetUpFailed,
                StartTimeout {
    @Serial
    private static final long serialVersionUID = 1L;

    private final @Nullable Failure failure;

    /**
     * The step of the launch that failed.
     *
     * @param step the step's name, such as {@code clone} or {@code exec}
     * @param stage which process performed it: the launcher before the clone, init, or payload; empty for the JVM itself
     * @param errno the kernel's error code; 0 where the set-up died without a word
     * @param errnoName the code's name, such as {@code EPERM}; empty for 0
     * @param subject what the step was about, a path as a rule; may be empty
     */
    public record Failure(String step, String stage, int errno, String errnoName, String subject)
            implements Serializable {}

    LaunchException(String message, @Nullable Throwable cause, @Nullable Failure failure) {
        super(message, cause);
        this.failure = failure;
    }

    /** The step that failed; empty when the launch ended before or between steps. */
    public Optional<Failure> failure() {
        return Optional.ofNullable(failure);
    }
}
