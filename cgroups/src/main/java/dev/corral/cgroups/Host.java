package dev.corral.cgroups;

import dev.corral.internal.linux.LibC;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The world outside: what a test replaces.
 *
 * @param processes those of this machine, and with them the root of procfs
 * @param owner this process, as the groups it makes tell of it; empty where {@code /proc} does not tell enough
 * @param user the effective uid of this process
 * @param pageSize of the running kernel, in bytes
 * @param random makes names unique
 */
record Host(
        Tree tree,
        Processes processes,
        Optional<Owner> owner,
        int user,
        long pageSize,
        Clock clock,
        Backoff backoff,
        LongSupplier random) {
    static Host real(Path proc) {
        Random random = new Random();
        Tree tree = new KernelTree();
        Processes processes = Processes.real(tree, proc);
        return new Host(
                tree,
                processes,
                processes.self(),
                LibC.effectiveUser(),
                LibC.pageSize(),
                Clock.systemUTC(),
                new Backoff(System::nanoTime, LockSupport::parkNanos),
                random::nextLong);
    }

    /** The same with another way to the groups. */
    Host through(Tree other) {
        return new Host(other, processes, owner, user, pageSize, clock, backoff, random);
    }

    Path proc() {
        return processes.proc();
    }

    /** What tells the names that this process gives from all others. */
    String identity() {
        return owner.map(Owner::inName)
                .orElseGet(() -> Long.toString(ProcessHandle.current().pid()));
    }
}
