package dev.corral.internal.launch;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.SpawnCalls;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The start of stage0, by a thread that never ends: the kernel ties a payload's parent-death signal to the thread that spawned
 * it. It happens once, or never if it was given up before.
 */
final class Spawning {
    private final LauncherImage image;
    /** Closed once stage0 has its copy, or nobody ever will. */
    private final Fd socket;

    private final AtomicBoolean decided = new AtomicBoolean();
    private final CompletableFuture<Integer> pid = new CompletableFuture<>();

    private Spawning(LauncherImage image, Fd socket) {
        this.image = image;
        this.socket = socket;
    }

    /** Takes the socket over, in any case. */
    static Spawning by(Executor immortal, LauncherImage image, Fd socket) {
        Spawning spawning = new Spawning(image, socket);
        try {
            immortal.execute(spawning::spawn);
            return spawning;
        } catch (RuntimeException | Error noThread) {
            spawning.giveUp();
            throw noThread;
        }
    }

    private void spawn() {
        if (!decided.compareAndSet(false, true)) {
            return;
        }
        try {
            pid.complete(SpawnCalls.spawn(image.path(), "corral-launcher", socket.number()));
        } catch (Throwable failed) { // told to whoever asks; this thread must live on
            pid.completeExceptionally(failed);
        } finally {
            socket.close();
        }
    }

    /** Its pid, or what it failed with. The conversation's end of file comes no sooner than either. */
    int pid() {
        try {
            return pid.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failed.getCause();
        }
    }

    /** Its pid if it was started; otherwise it never will be. */
    OptionalInt giveUp() {
        if (decided.compareAndSet(false, true)) {
            socket.close();
            return OptionalInt.empty();
        }
        return pid.handle((number, failed) -> failed == null ? OptionalInt.of(number) : OptionalInt.empty())
                .join();
    }
}
