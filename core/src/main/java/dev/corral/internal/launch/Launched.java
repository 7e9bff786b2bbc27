package dev.corral.internal.launch;

import dev.corral.internal.linux.Fd;

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
    void close() {
        pidfd.close();
        lifeline.close();
        status.close();
    }
}
