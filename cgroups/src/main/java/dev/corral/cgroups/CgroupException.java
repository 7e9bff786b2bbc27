package dev.corral.cgroups;

import dev.corral.CorralException;
import dev.corral.internal.linux.Errno;
import java.io.Serial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The root of what goes wrong with control groups; its leaves name the condition. */
public abstract class CgroupException extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final Failure failure;

    CgroupException(Failure failure, @Nullable Throwable cause) {
        super(failure.sentence());
        this.failure = failure;
        if (cause != null) {
            initCause(cause);
        }
    }

    /** What was tried, a verb such as {@code create} or {@code write}. */
    public String operation() {
        return failure.operation();
    }

    /** What it was tried on: an absolute path, or the name of a limit where there is no file. */
    public String subject() {
        return failure.subject();
    }

    /** What was to be written; empty where nothing was. */
    public Optional<String> value() {
        return text(failure.value());
    }

    /** The kernel's error code by name, such as {@code EBUSY}; empty where the kernel was not asked. */
    public Optional<String> errno() {
        return text(failure.errno());
    }

    /** What to do about it; empty where nothing is known to help. */
    public Optional<String> hint() {
        return text(failure.hint());
    }

    /** Whether the kernel answered with this error code. */
    boolean is(int errno) {
        return failure.errno().equals(Errno.name(errno));
    }

    /** What it means here, without what was tried on what. */
    String why() {
        return failure.why();
    }

    private static Optional<String> text(String part) {
        return Optional.of(part).filter(text -> !text.isEmpty());
    }
}
