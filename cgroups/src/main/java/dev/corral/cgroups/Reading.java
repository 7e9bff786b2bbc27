package dev.corral.cgroups;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What all reading on one host shares. */
final class Reading {
    private static final int SPARE = 4;

    private final Host host;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Scratch> spare = new ArrayDeque<>();
    private @Nullable DescriptorBudget budget;

    Reading(Host host) {
        this.host = host;
    }

    /** With another budget than the usual one. */
    Reading(Host host, DescriptorBudget budget) {
        this.host = host;
        this.budget = budget;
    }

    Host host() {
        return host;
    }

    /** One snapshot, with files that are open for it alone. */
    Usage once(List<GroupDirectory> directories, StatMask mask) {
        Instant at = host.clock().instant();
        Scratch scratch = take();
        try {
            return UsageFiles.once(directories, mask, scratch, at);
        } finally {
            give(scratch);
        }
    }

    DescriptorBudget budget() {
        lock.lock();
        try {
            DescriptorBudget known = budget;
            if (known == null) {
                known = DescriptorBudget.of(
                        host.tree().read(host.proc().resolve("self/limits")).orElse(""));
                budget = known;
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    Scratch take() {
        lock.lock();
        try {
            Scratch kept = spare.pollLast();
            return kept == null ? new Scratch() : kept;
        } finally {
            lock.unlock();
        }
    }

    void give(Scratch scratch) {
        lock.lock();
        try {
            if (spare.size() < SPARE) {
                spare.addLast(scratch);
            }
        } finally {
            lock.unlock();
        }
    }
}
