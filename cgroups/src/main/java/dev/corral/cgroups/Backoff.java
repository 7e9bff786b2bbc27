package dev.corral.cgroups;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Asks again and again, with growing pauses, until a time is up.
 *
 * <p>It ends processes and removes groups, so it goes on when the thread is interrupted, within its bound, and hands the
 * interrupt on afterwards.
 *
 * @param nanoTime a monotonic clock
 * @param pause waits for about so many nanoseconds
 */
record Backoff(LongSupplier nanoTime, LongConsumer pause) {
    private static final long[] PAUSES_MICROS = {200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000};

    /** Whether it was done within the limit; it is tried at least once. */
    boolean until(Duration limit, BooleanSupplier done) {
        long began = nanoTime.getAsLong();
        long most = nanos(limit);
        return repeated(done, tries -> {
            long left = most - (nanoTime.getAsLong() - began);
            long pause = 1_000 * PAUSES_MICROS[Math.min(tries, PAUSES_MICROS.length) - 1];
            return left <= 0 ? OptionalLong.empty() : OptionalLong.of(Math.min(pause, left));
        });
    }

    /** 292 years are as good as for ever. */
    private static long nanos(Duration limit) {
        try {
            return limit.toNanos();
        } catch (ArithmeticException tooLong) {
            return limit.isNegative() ? 0 : Long.MAX_VALUE;
        }
    }

    /** Whether it was done within so many tries, with a pause between one and the next. */
    boolean within(int most, long pauseNanos, BooleanSupplier done) {
        return repeated(done, tries -> tries < most ? OptionalLong.of(pauseNanos) : OptionalLong.empty());
    }

    /** Gives up when there is no pause for so many tries. */
    private boolean repeated(BooleanSupplier done, IntFunction<OptionalLong> pauseAfter) {
        // no pause is one while the thread is interrupted
        boolean interrupted = Thread.interrupted();
        try {
            for (int tries = 1; !done.getAsBoolean(); tries++) {
                OptionalLong next = pauseAfter.apply(tries);
                if (next.isEmpty()) {
                    return false;
                }
                pause.accept(next.getAsLong());
                interrupted |= Thread.interrupted();
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
