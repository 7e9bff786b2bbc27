package dev.corral.internal.linux;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open descriptor with one owner, closed once.
 *
 * <p>The number is handed out by {@link #number()} for the duration of a call only. An owner that shares an {@code Fd}
 * between threads makes sure that nobody uses the number while it is closed: the kernel gives it out again at once.
 */
public final class Fd implements AutoCloseable {
    private static final Cleaner NET = Cleaner.create();

    private final Slot slot;
    private final Cleaner.Cleanable cleanable;

    public Fd(int number) {
        this.slot = new Slot(number);
        this.cleanable = NET.register(this, slot);
    }

    /** The descriptor's number. Throws IllegalStateException once closed. */
    public int number() {
        int number = slot.number.get();
        if (number < 0) {
            throw new IllegalStateException("descriptor is closed");
        }
        return number;
    }

    public boolean isOpen() {
        return slot.number.get() >= 0;
    }

    /** Gives the number to a new owner; this object is closed from then on, the descriptor is not. */
    public int release() {
        int number = slot.number.getAndSet(-1);
        if (number < 0) {
            throw new IllegalStateException("descriptor is closed");
        }
        cleanable.clean();
        return number;
    }

    @Override
    public void close() {
        cleanable.clean();
    }

    @Override
    public String toString() {
        return "fd " + slot.number.get();
    }

    private static final class Slot implements Runnable {
        private final AtomicInteger number;

        Slot(int number) {
            this.number = new AtomicInteger(number);
        }

        @Override
        public void run() {
            int open = number.getAndSet(-1);
            if (open >= 0) {
                LibC.close(open);
            }
        }
    }
}
