package dev.corral.reconcile;

import java.time.Instant;

/** The time, and things to do at a time: all the time there is for the engine. */
public interface Clock {
    Instant now();

    /**
     * Runs a short task once, at that time or a little later; soon if it has passed, but never within this call. The task must
     * neither block nor throw.
     */
    Timer at(Instant time, Runnable task);

    /** Ends a thread that is kept for the next timer, unless one waits, and returns when it has ended. The clock can be used on. */
    default void rest() {}

    /**
     * This clock, from now on so many times as fast: back-offs, graces, deadlines and time-outs of waiting pass sooner, while
     * processes go on as fast as they do. For tests and demonstrations.
     *
     * @param factor 1 or more
     */
    default Clock faster(int factor) {
        return new FasterClock(this, factor);
    }

    /** A task that waits for its time. */
    interface Timer {
        /** Forgets the task, unless it runs or has run. */
        void cancel();
    }

    /** The system's time. Its only thread exists while something waits. */
    static Clock system() {
        return new SystemClock();
    }
}
