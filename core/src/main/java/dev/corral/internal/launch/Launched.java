package dev.corral.internal.launch;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;

/**
 * A payload that runs. The descriptors belong to whoever receives this.
 *
 * @param pid the direct child of the JVM: init, or the payload where there is no init
 * @param payload the payload's pid as the JVM sees it
 * @param pidfd names the direct child
 * @param lifeline while it is open, init lives
 * @param status init's report of the payload's end
 */
public record Launched(int pid, int payload, Fd pidfd, Fd lifeline, Fd status) {
    private static final int SIGKILL = 9;

    /** Ends and reaps a payload that nobody is going to own. */
    public void end() {
        LibC.pidfdSignal(pidfd.number(), SIGKILL);
        LibC.waitFor(pid);
        close();
    }

    void close() {
        pidfd.close();
        lifeline.close();
        status.close();
    }
}
