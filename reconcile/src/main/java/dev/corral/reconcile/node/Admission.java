package dev.corral.reconcile.node;

/**
 * Whether runs may still begin. What was admitted before the end is registered by the time {@link #close} returns, so whoever
 * kills all that is registered then misses none. Safe for any thread.
 */
final class Admission {
    private boolean closed;

    /** Has a run registered; false, and nothing is done, after the end. */
    synchronized boolean admits(Runnable registration) {
        if (!closed) {
            registration.run();
        }
        return !closed;
    }

    /** Admits nothing more. */
    synchronized void close() {
        closed = true;
    }

    synchronized boolean closed() {
        return closed;
    }
}
