package dev.corral.benchmarks;

import java.util.Arrays;

/**
 * Something that is done again and again.
 *
 * @param name as the table shows it
 */
record Candidate(String name, Sample sample) {
    /** One measurement. */
    @FunctionalInterface
    interface Sample {
        /** How many nanoseconds one operation took. */
        long nanos() throws Exception;
    }

    /** One launch, from the call to the end of the program, or another operation that is worth a measurement of its own. */
    @FunctionalInterface
    interface Operation {
        /** Throws when it could not be done, such as a program that ended with another code than 0. */
        void run() throws Exception;
    }

    /** One operation for each measurement. */
    static Candidate of(String name, Operation operation) {
        return new Candidate(name, () -> {
            long begin = System.nanoTime();
            operation.run();
            return System.nanoTime() - begin;
        });
    }

    /** Many operations in a row for each measurement, which is their median: those that others interrupt drop out. */
    static Candidate batch(String name, int times, Operation operation) {
        long[] nanos = new long[times];
        return new Candidate(name, () -> {
            for (int i = 0; i < times; i++) {
                long begin = System.nanoTime();
                operation.run();
                nanos[i] = System.nanoTime() - begin;
            }
            Arrays.sort(nanos);
            return nanos[times / 2];
        });
    }
}
