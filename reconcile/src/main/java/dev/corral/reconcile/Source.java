package dev.corral.reconcile;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;

/** Reasons outside the store to look at keys again: callbacks, timers, polls. */
@FunctionalInterface
public interface Source {
    /**
     * Begins; called when the loop has taken in what is stored.
     *
     * @param waker takes the keys, from any thread
     * @return ends it
     */
    Subscription open(Waker waker);

    /** Where a source tells its keys, and what it may use. Any thread may use it. */
    interface Waker {
        /** Has the key looked at soon. */
        void wake(Key key);

        /** Has the key looked at after this time at the latest. */
        void wakeAfter(Key key, Duration delay);

        /** All that is stored now. */
        Snapshot snapshot();

        /** The manager's time. */
        Clock clock();

        /** Runs work on the manager's executor; what it throws is told as an event and ends nothing. */
        void execute(String label, Work work);
    }

    /** Something to do that may fail. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** Something outside to be asked again and again. */
    @FunctionalInterface
    interface Poll {
        /**
         * What is out there now.
         *
         * @return a value for each key; a key wakes when its value comes, changes or goes
         * @throws Exception for any reason; it is told, and the next poll tries again
         */
        Map<Key, ?> read() throws Exception;
    }

    /**
     * Wakes keys at a fixed interval.
     *
     * @param interval more than zero
     * @param keys which of what is stored
     */
    static Source every(Duration interval, Function<Snapshot, ? extends Collection<Key>> keys) {
        return new Repeating(
                interval, waker -> () -> keys.apply(waker.snapshot()).forEach(waker::wake));
    }

    /**
     * Asks something outside at a fixed interval, on the manager's executor, and wakes the keys whose answer has changed.
     *
     * @param interval from the end of a poll to the next; more than zero
     */
    static Source polling(Duration interval, Poll poll) {
        return new Repeating(interval, waker -> new Polled(poll, waker));
    }
}
