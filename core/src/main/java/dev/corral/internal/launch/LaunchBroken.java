package dev.corral.internal.launch;

import java.io.Serial;

/** A launch that ended without the launcher saying why. */
public final class LaunchBroken extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** How it broke. */
    public enum How {
        /** The set-up died before exec; only its wait status tells how. */
        DIED,
        /** It did not get to exec in time. */
        TIMED_OUT,
        /** The caller gave up. */
        CANCELLED,
        /** It rested, and was given up before it should have gone on. */
        ABANDONED,
        /** What came over the socket was not the protocol. */
        GARBLED
    }

    private final How how;
    private final String last;
    private final int rawStatus;

    public LaunchBroken(How how, String last, int rawStatus) {
        super(how + " after " + last);
        this.how = how;
        this.last = last;
        this.rawStatus = rawStatus;
    }

    public How how() {
        return how;
    }

    /** Whether the set-up died by this signal. */
    public boolean isBy(int signal) {
        return how == How.DIED && rawStatus >= 0 && (rawStatus & 0x7f) == signal;
    }

    /** The last that was heard of it. */
    public String last() {
        return last;
    }

    /** The wait status of the process that died, or -1 where there is none to tell. */
    public int rawStatus() {
        return rawStatus;
    }
}
