package dev.corral.reconcile.workload;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What one run of a container has written, as far as it is kept. Safe for any thread. */
public interface ContainerLog {
    /** What is kept now, oldest first. */
    List<LogLine> lines();

    /** What is kept now, and then whatever comes. Belongs to the caller. */
    Follower follow();

    /** A reader that waits for more. Belongs to one thread at a time. */
    interface Follower extends AutoCloseable {
        /**
         * The next line, if there is one within this time.
         *
         * @return empty when the time is up, or nothing will come any more
         */
        Optional<LogLine> next(Duration timeout) throws InterruptedException;

        /** Whether all has been read and nothing will come. */
        boolean ended();

        /** How many lines were dropped before they could be read, since the program writes faster than this reads. */
        long missed();

        @Override
        void close();
    }
}
