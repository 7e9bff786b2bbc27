package dev.corral;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What was made for one child, given back in the reverse order. */
final class Owned {
    private Owned() {}

    /** Closes all of it, whatever fails on the way; what failed. An interrupt is kept for later. */
    static List<Throwable> close(Deque<AutoCloseable> owned) {
        return close(owned, 0);
    }

    /** The same for those that came last; so many of the first are kept. */
    static List<Throwable> close(Deque<AutoCloseable> owned, int kept) {
        List<Throwable> failures = new ArrayList<>();
        while (owned.size() > kept) {
            try {
                owned.pop().close();
            } catch (Throwable failed) { // one that fails must not keep the others
                if (failed instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                failures.add(failed);
            }
        }
        return failures;
    }
}
