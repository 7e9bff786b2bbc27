package dev.corral;

import dev.corral.internal.launch.PipeInput;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Moves what a payload writes to somebody, on a thread of its own, until the stream ends or is closed. */
final class Pump {
    private static final int CHUNK = 1 << 16;

    private final PipeInput from;
    private final Sink sink;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private volatile @Nullable Thread thread;

    Pump(PipeInput from, Sink sink) {
        this.from = from;
        this.sink = sink;
    }

    /** Who gets it. Called by one thread. */
    interface Sink {
        /** The first so many bytes of an array that is used again. */
        void take(byte[] bytes, int count);

        /** Nothing comes any more. */
        default void end() {}
    }

    void start(Executor executor) {
        executor.execute(this::run);
    }

    private void run() {
        thread = Thread.currentThread();
        byte[] chunk = new byte[CHUNK];
        try {
            for (int n = from.read(chunk, 0, CHUNK); n >= 0; n = from.read(chunk, 0, CHUNK)) {
                sink.take(chunk, n);
            }
        } catch (IOException closed) {
            // by its owner: an end like any other
        } finally {
            thread = null;
            try {
                sink.end();
            } finally {
                done.complete(null);
            }
        }
    }

    /**
     * Stops at the first moment when nothing is there to be read, and waits for that; not if it is this thread that pumps.
     *
     * @param timeout how long at most, or empty for as long as it takes
     * @return false when the time was up
     */
    boolean drain(Optional<Duration> timeout) throws InterruptedException {
        from.endWhenEmpty();
        if (Thread.currentThread().equals(thread)) {
            return true;
        }
        try {
            if (timeout.isPresent()) {
                done.get(timeout.get().toNanos(), TimeUnit.NANOSECONDS);
            } else {
                done.get();
            }
            return true;
        } catch (TimeoutException stuck) {
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    void close() {
        from.close();
    }
}
