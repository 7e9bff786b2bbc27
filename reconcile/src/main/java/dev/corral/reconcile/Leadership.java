package dev.corral.reconcile;

import java.util.OptionalLong;

/**
 * Who may write. Each change of the leader raises the epoch; every commit carries the epoch of its writer, and the store refuses
 * one that is lower than the highest it has seen, so a leader that was paused and wakes up can't write. Any thread may use it.
 */
public interface Leadership {
    /** The epoch in which this process leads, 1 or more; empty while it doesn't. */
    OptionalLong epoch();

    /**
     * Calls after every change of {@link #epoch}; the callee must neither block nor throw.
     *
     * @return ends the calls
     */
    Runnable onChange(Runnable callee);

    /** Gives the leadership up, if it is held: after the last pass of a manager that is closed. */
    default void release() {}

    /** Always this process, in epoch 1. */
    static Leadership always() {
        return Always.INSTANCE;
    }

    /** The leadership of a process that has no rival. */
    enum Always implements Leadership {
        INSTANCE;

        @Override
        public OptionalLong epoch() {
            return OptionalLong.of(1);
        }

        @Override
        public Runnable onChange(Runnable callee) {
            return () -> {};
        }
    }
}
