package dev.corral.cgroups;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import java.io.Serial;
import java.io.Serializable;
import java.nio.file.Path;

/**
 * The parts of a sentence about something that failed; empty text where there is nothing to say.
 *
 * @param operation a verb, such as {@code write}
 * @param subject a path as a rule
 * @param value what was to be written
 * @param errno the kernel's error code by name
 * @param why what it means here
 * @param hint what to do
 */
record Failure(String operation, String subject, String value, String errno, String why, String hint)
        implements Serializable {
    @Serial
    private static final long serialVersionUID = 1L;

    static Failure of(String operation, Path path) {
        return new Failure(operation, path.toString(), "", "", "", "");
    }

    /** One that has no path: a limit this host does not have, for instance. */
    static Failure of(String operation, String subject) {
        return new Failure(operation, subject, "", "", "", "");
    }

    Failure value(String text) {
        return new Failure(operation, subject, text, errno, why, hint);
    }

    Failure errno(ErrnoException cause) {
        return new Failure(operation, subject, value, Errno.name(cause.errno()), why, hint);
    }

    Failure errno(String name) {
        return new Failure(operation, subject, value, name, why, hint);
    }

    Failure why(String reason) {
        return new Failure(operation, subject, value, errno, reason, hint);
    }

    Failure hint(String advice) {
        return new Failure(operation, subject, value, errno, why, advice);
    }

    String sentence() {
        StringBuilder text = new StringBuilder("cannot ").append(operation).append(' ');
        if (!value.isEmpty()) {
            text.append(value).append(" to ");
        }
        text.append(subject);
        if (!errno.isEmpty()) {
            text.append(": ").append(errno);
        }
        if (!why.isEmpty()) {
            text.append(errno.isEmpty() ? ": " : ", ").append(why);
        }
        if (!hint.isEmpty()) {
            text.append("; ").append(hint);
        }
        return text.toString();
    }
}
