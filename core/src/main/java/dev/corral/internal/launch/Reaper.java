package dev.corral.internal.launch;

import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.PollCalls;
import dev.corral.internal.linux.Poller;
import dev.corral.internal.linux.ProcessCalls;
import java.time.Duration;
import java.util.Optional;

/**
 * Ends what is left of launches that came to nothing. Safe for any thread.
 *
 * @param patience how long a caller waits for a death
 */
record Reaper(Poller poller, Duration patience) {
    /** Longer than a healthy process takes to die on a machine that is not too busy; a frozen one takes until it is thawed. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    Reaper(Poller poller) {
        this(poller, PATIENCE);
    }

    /**
     * Kills a child of this JVM that nobody has reaped yet, and reaps it: at once if it goes, otherwise whenever it does,
     * without keeping the caller.
     *
     * @return its wait status; empty when it has not ended yet, or somebody else reaped it
     */
    Optional<Integer> end(int pid) {
        return end(pid, () -> {});
    }

    /** The same for the leader of a process group. If it goes later, whatever is left of its group then is reaped as well. */
    Optional<Integer> endLeader(int pid) {
        return end(pid, () -> reapGroup(pid));
    }

    private Optional<Integer> end(int pid, Runnable later) {
        ProcessCalls.kill(pid, ProcessCalls.SIGKILL);
        Fd handle;
        try {
            handle = new Fd(ProcessCalls.pidfdOpen(pid));
        } catch (ErrnoException noRoom) { // or reaped by others; then this does not wait
            return reap(pid);
        }
        long deadline = System.nanoTime() + patience.toNanos();
        for (long left = patience.toMillis(); left > 0; left = (deadline - System.nanoTime()) / 1_000_000) {
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
            later.run();
        });
        return Optional.empty();
    }

    /** On a thread of its own: others of the group may still be frozen, and nobody else is to wait for that. */
    private static void reapGroup(int leader) {
        Thread thread = new Thread(null, () -> ProcessCalls.waitFor(-leader), "corral-reap-" + leader, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
    }

    private static Optional<Integer> reap(int pid) {
        return ProcessCalls.waitFor(pid).map(ProcessCalls.Waited::rawStatus);
    }
}
