package dev.corral.internal.linux;

import java.io.Serial;

/** A system call that failed: which, on what, with which error code. */
public final class ErrnoException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String call;
    private final String subject;
    private final int errno;

    public ErrnoException(String call, String subject, int errno) {
        super(call + (subject.isEmpty() ? "" : " " + subject) + ": " + Errno.name(errno), null, false, true);
        this.call = call;
        this.subject = subject;
        this.errno = errno;
    }

    public String call() {
        return call;
    }

    /** What the call was about, a path as a rule; empty when there is nothing to name. */
    public String subject() {
        return subject;
    }

    public int errno() {
        return errno;
    }
}
