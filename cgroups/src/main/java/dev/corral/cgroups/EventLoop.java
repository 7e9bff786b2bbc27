package dev.corral.cgroups;

import dev.corral.internal.linux.Poller;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The one thread that waits for all events of one host; it is there as long as somebody is subscribed. */
final class EventLoop {
    private final ReentrantLock lock = new ReentrantLock();
    private int users;
    private @Nullable Poller poller;

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

    void leave() {
        lock.lock();
        try {
            users--;
            Poller running = poller;
            if (users == 0 && running != null) {
                running.close();
                poller = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
