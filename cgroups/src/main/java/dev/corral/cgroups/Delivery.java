package dev.corral.cgroups;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls a handler on its executor, one event after the other, whatever threads that has. */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final String group;
    private final CgroupEvents handler;
    private final Executor executor;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Consumer<CgroupEvents>> waiting = new ArrayDeque<>();
    private boolean running;
    private boolean cancelled;

    /** Of what happens to a group, which is named where somebody fails. */
    Delivery(String group, CgroupEvents handler, Executor executor) {
        this.group = group;
        this.handler = handler;
        this.executor = executor;
    }

    void deliver(Consumer<CgroupEvents> event) {
        lock.lock();
        try {
            if (cancelled) {
                return;
            }
            waiting.add(event);
            if (running) {
                return;
            }
            running = true;
        } finally {
            lock.unlock();
        }
        try {
            executor.execute(this::run);
        } catch (RuntimeException | Error rejected) {
            LOG.error("an event of {} was lost: its executor does not take it", group, rejected);
            drop();
        }
    }

    /** Drops what was not handed over yet, and all that comes. */
    void cancel() {
        lock.lock();
        try {
            waiting.clear();
            cancelled = true;
        } finally {
            lock.unlock();
        }
    }

    private void drop() {
        lock.lock();
        try {
            waiting.clear();
            running = false;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        Consumer<CgroupEvents> event;
        while ((event = next()) != null) {
            try {
                event.accept(handler);
            } catch (Throwable failed) { // one that ended this would be the last that is ever called
                LOG.error("a handler of the events of {} failed", group, failed);
            }
        }
    }

    private @Nullable Consumer<CgroupEvents> next() {
        lock.lock();
        try {
            Consumer<CgroupEvents> event = waiting.poll();
            if (event == null) {
                running = false;
            }
            return event;
        } finally {
            lock.unlock();
        }
    }
}
