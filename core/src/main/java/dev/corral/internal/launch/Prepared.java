package dev.corral.internal.launch;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;

/**
 * Everything that a launch needs besides stage0, made while that starts.
 *
 * @param length of the plan, in bytes
 * @param memory the plan
 * @param lifelineRead for init; as long as {@code lifeline} is open it lives
 * @param statusWrite for init; what it says of the payload's end is read from {@code status}
 */
record Prepared(LaunchRequest request, int length, Fd memory, Fd lifelineRead, Fd lifeline, Fd status, Fd statusWrite) {
    static Prepared of(LaunchRequest request) {
        byte[] plan = request.plan().bytes();
        Fds made = new Fds();
        try {
            Fd memory = made.keep(SealedMemory.of("corral-plan", plan));
            int[] pipe = LibC.pipe();
            Fd lifelineRead = made.add(pipe[0]);
            Fd lifeline = made.add(pipe[1]);
            pipe = LibC.pipe();
            return new Prepared(request, plan.length, memory, lifelineRead, lifeline, new Fd(pipe[0]), new Fd(pipe[1]));
        } catch (RuntimeException | Error failed) {
            made.close();
            throw failed;
        }
    }

    /** The launcher's copies are in flight; ours would keep the pipes from ending. */
    void closeTheirs() {
        memory.close();
        lifelineRead.close();
        statusWrite.close();
    }

    void close() {
        closeTheirs();
        lifeline.close();
        status.close();
    }
}
