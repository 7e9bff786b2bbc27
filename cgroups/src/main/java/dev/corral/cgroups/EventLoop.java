package dev.corral.cgroups;

import dev.corral.internal.linux.Poller;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The one thread that waits for all events of one host; it is there as long as somebody is subscribed. */
final class EventLoop {
    private final ReentrantLock lock = new ReentrantLock();
    private int users;
    private @Nullable Poller poller;
    private @Nullable Removals removals;

    /** Answered by {@link #leave}. */
    Poller enter() {
        lock.lock();
        try {
            Poller running = poller;
            if (running == null) {
                running = new Poller("corral-cgroup-events");
                poller = running;
            }
            users++;
            return running;
        } finally {
            lock.unlock();
        }
    }

    /** Who tells of removals, for those who have entered; an ErrnoException if this user may have no more of the kind. */
    Removals removals() {
        lock.lock();
        try {
            Removals running = removals;
            if (running == null) {
                running = new Removals(Objects.requireNonNull(poller));
                removals = running;
            }
            return running;
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            users--;
            if (users > 0) {
                return;
            }
            Removals watching = removals;
            if (watching != null) {
                watching.close();
                removals = null;
            }
            Poller running = poller;
            if (running != null) {
                running.close();
                poller = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
