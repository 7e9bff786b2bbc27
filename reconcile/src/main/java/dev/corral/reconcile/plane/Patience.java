package dev.corral.reconcile.plane;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for the end of something that ends soon. */
final class Patience {
    private Patience() {}

    /** A wait of some nanoseconds at most, which may end early. */
    @FunctionalInterface
    interface Wait {
        void await(long nanos) throws InterruptedException;
    }

    /** Waits until it is done or the time is up; an interrupt is kept but does not end it. */
    static void until(BooleanSupplier done, Duration limit, Wait wait) {
        long end = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        for (long left = limit.toNanos(); left > 0 && !done.getAsBoolean(); left = end - System.nanoTime()) {
            try {
                wait.await(left);
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
