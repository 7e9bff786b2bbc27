package dev.corral.reconcile;

import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** The same again and again. */
public final class Rounds {
    private static final int ROUNDS = 5;

    private Rounds() {}

    /** One round. */
    @FunctionalInterface
    public interface Round {
        /** Does it once and answers the figure. */
        double run() throws Exception;
    }

    /** The median of five rounds, after some that nobody counts. */
    public static double median(int warmUp, Round round) throws Exception {
        for (int i = 0; i < warmUp; i++) {
            round.run();
        }
        double[] figures = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            figures[i] = round.run();
        }
        Arrays.sort(figures);
        return figures[ROUNDS / 2];
    }

    /** The processor time of this thread in nanoseconds: whatever else the machine does, it isn't in it. */
    public static long processorTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** How many thousand in a second of this thread's processor time. */
    public static double thousandsAlone(long count, long since) {
        return count / ((processorTime() - since) / 1e9) / 1e3;
    }

    /** How many thousand a second, of so many since a time. */
    public static double thousands(long count, long sinceNanos) {
        return count / ((System.nanoTime() - sinceNanos) / 1e9) / 1e3;
    }
}
