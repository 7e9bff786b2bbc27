package dev.corral.network;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What has been made so far, given back in the reverse order and once. */
final class Undo implements AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<AutoCloseable> made = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T resource) {
        lock.lock();
        try {
            made.push(resource);
            return resource;
        } finally {
            lock.unlock();
        }
    }

    /** Closes all of it, whatever fails on the way, and throws the first failure. Whoever comes second waits. */
    @Override
    public void close() {
        lock.lock();
        try {
            @Nullable RuntimeException first = null;
            while (!made.isEmpty()) {
                try {
                    made.pop().close();
                } catch (Exception failed) { // one that fails must not keep the others
                    RuntimeException plain = plain(failed);
                    if (first == null) {
                        first = plain;
                    } else {
                        first.addSuppressed(plain);
                    }
                }
            }
            if (first != null) {
                throw first;
            }
        } finally {
            lock.unlock();
        }
    }

    private static RuntimeException plain(Exception failed) {
        if (failed instanceof NetlinkRefused refused) {
            return NetworkErrors.of("giving back a network", refused);
        }
        return failed instanceof RuntimeException plain
                ? plain
                : new NetworkFailed("can't give back a network: " + failed, "", failed);
    }

    /** Gives all back after a failure, which stays the one to report. */
    void after(Throwable failure) {
        try {
            close();
        } catch (RuntimeException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }
}
