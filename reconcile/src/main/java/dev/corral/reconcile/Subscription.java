package dev.corral.reconcile;

/** Something that goes on until it is closed. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    /** Ends it; twice is the same as once. */
    @Override
    void close();
}
