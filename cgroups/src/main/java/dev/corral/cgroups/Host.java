package dev.corral.cgroups;

import dev.corral.internal.linux.LibC;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The world outside: what a test replaces.
 *
 * @param proc the root of procfs
 * @param identity tells this process from every other one, past ones too; part of the names it gives
 * @param user the effective uid of this process
 * @param pageSize of the running kernel, in bytes
 * @param random makes names unique
 */
record Host(
        Tree tree,
        Path proc,
        String identity,
        int user,
        long pageSize,
        Clock clock,
        Backoff backoff,
        LongSupplier random) {
    static Host real(Path proc) {
        Random random = new Random();
        return new Host(
                new KernelTree(),
                proc,
                identity(ProcessHandle.current()),
                LibC.effectiveUser(),
                LibC.pageSize(),
                Clock.systemUTC(),
                new Backoff(System::nanoTime, LockSupport::parkNanos),
                random::nextLong);
    }

    /** Pids come again; a pid with the time of its start does not. */
    private static String identity(ProcessHandle process) {
        String start = process.info()
                .startInstant()
                .map(instant -> "-" + Long.toString(instant.toEpochMilli(), Character.MAX_RADIX))
                .orElse("");
        return process.pid() + start;
    }
}
