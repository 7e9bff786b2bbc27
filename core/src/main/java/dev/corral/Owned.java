package dev.corral;

import java.util.Deque;

/** What was made for one child, given back in the reverse order. */
final class Owned {
    private Owned() {}

    /** Closes all of it and adds what goes wrong to the failure that led here. */
    static void closeAll(Deque<AutoCloseable> owned, Throwable failure) {
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception more) {
                failure.addSuppressed(more);
            }
        }
    }
}
