package dev.corral.reconcile;

import java.time.Duration;
import java.util.List;

/**
 * The changes of one kind in the order in which they were written, each told once. Nothing is lost while the reader is slow.
 * Belongs to one thread at a time.
 */
public interface Watch<S, T> extends AutoCloseable {
    /**
     * What happened since the last call; empty if nothing did.
     *
     * @throws WatchExpired if it began at a version and fell behind what the store remembers
     */
    List<StoreEvent<S, T>> poll();

    /**
     * Like {@link #poll}, but waits until something has happened; empty when the time is up or the watch is closed.
     *
     * @throws InterruptedException if the thread is interrupted while it waits; nothing is lost
     */
    List<StoreEvent<S, T>> await(Duration timeout) throws InterruptedException;

    /** Ends it, and a waiting call of {@link #await}. Twice is the same as once. */
    @Override
    void close();
}
