package dev.corral.reconcile.node;

import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a program writes, taken until its end; the last of it is kept. Safe for any thread. */
final class Drain {
    /** After the end of all processes of a container its streams are at their end at once, unless something still holds them. */
    private static final long LAST_WORDS_MILLIS = 500;

    private final LogTail tail = new LogTail();
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    /** Begins, as a task of the executor; once only. */
    void begin(InputStream in, Executor executor) {
        begin(in, (bytes, count) -> {}, () -> {}, executor);
    }

    /** The same with lines of a log. */
    void begin(InputStream in, LineLog lines, Executor executor) {
        begin(in, lines::append, lines::end, executor);
    }

    private void begin(InputStream in, LogTail.Sink sink, Runnable last, Executor executor) {
        executor.execute(() -> {
            try {
                tail.drain(in, sink);
                last.run();
                end.complete(null);
            } catch (RuntimeException | Error failed) {
                end.completeExceptionally(failed);
            }
        });
    }

    /** What is kept so far. */
    String text() {
        return tail.text();
    }

    /** Waits until all is taken, for a moment at most: closing the stream ends the wait for more. An interrupt ends it and is kept. */
    void awaitLastWords() {
        try {
            end.get(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException held) {
            return;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("reading the output of a container failed", impossible.getCause());
        }
    }
}
