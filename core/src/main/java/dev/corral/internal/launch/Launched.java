package dev.corral.internal.launch;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.ProcessCalls;
import java.util.Optional;

/**
 * A payload that runs, or that is set up and waits for its start. The descriptors belong to whoever receives this.
 *
 * @param pid the direct child of the JVM: init, or the payload where there is no init
 * @param payload the payload's pid as the JVM sees it
 * @param pidfd names the direct child
 * @param lifeline while it is open, init lives
 * @param status init's report of the payload's end
 * @param terminal the JVM's end of the payload's terminal
 * @param rest the launch, if it waits for its start
 */
public record Launched(
        int pid, int payload, Fd pidfd, Fd lifeline, Fd status, Optional<Fd> terminal, Optional<Handshake> rest) {

    /** Ends and reaps a payload that nobody is going to own. */
    public void end() {
        ProcessCalls.pidfdSignal(pidfd.number(), ProcessCalls.SIGKILL);
        ProcessCalls.waitFor(pid);
        close();
        terminal.ifPresent(Fd::close);
    }

    /** All but the terminal, which goes to an owner of its own. */
    void close() {
        rest.ifPresent(Handshake::abandon);
        pidfd.close();
        lifeline.close();
        status.close();
    }
}
