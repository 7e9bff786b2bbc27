package dev.corral.internal.launch;

import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.PollCalls;
import dev.corral.internal.linux.Poller;
import dev.corral.internal.linux.ProcessCalls;
import java.time.Duration;
import java.util.Optional;

/** Ends what is left of launches that came to nothing. Safe for any thread. */
record Reaper(Poller poller) {
    /** Longer than a healthy process takes to die; a frozen one takes until it is thawed. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /**
     * Kills a child of this JVM that nobody has reaped yet, and reaps it: at once if it goes, otherwise whenever it does,
     * without keeping the caller.
     *
     * @return its wait status; empty when it has not ended yet, or somebody else reaped it
     */
    Optional<Integer> end(int pid) {
        ProcessCalls.kill(pid, ProcessCalls.SIGKILL);
        Fd handle;
        try {
            handle = new Fd(ProcessCalls.pidfdOpen(pid));
        } catch (ErrnoException noRoom) { // or reaped by others; then this does not wait
            return reap(pid);
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (long left = PATIENCE.toMillis(); left > 0; left = (deadline - System.nanoTime()) / 1_000_000) {
            if (PollCalls.poll(handle.number(), PollCalls.POLLIN, (int) left) != 0) {
                handle.close();
                return reap(pid);
            }
        }
        Poller.Watch watch = poller.watch(handle.number());
        watch.once(PollCalls.POLLIN, () -> {
            watch.close();
            handle.close();
            reap(pid);
        });
        return Optional.empty();
    }

    private static Optional<Integer> reap(int pid) {
        return ProcessCalls.waitFor(pid).map(ProcessCalls.Waited::rawStatus);
    }
}
