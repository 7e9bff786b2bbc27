package dev.corral.cgroups;

import dev.corral.internal.linux.NativeBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;

/** Buffers for calls of the kernel, lent to one thread at a time; who forgets to give one back costs a new one. */
final class NativeBuffers {
    /** Most texts are of a few bytes. */
    private static final int CAPACITY = 4096;

    private static final int SPARE = 8;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<NativeBuffer> spare = new ArrayDeque<>();

    NativeBuffer take() {
        lock.lock();
        try {
            NativeBuffer kept = spare.pollLast();
            return kept == null ? new NativeBuffer(CAPACITY) : kept;
        } finally {
            lock.unlock();
        }
    }

    void give(NativeBuffer buffer) {
        lock.lock();
        try {
            if (spare.size() < SPARE) {
                spare.addLast(buffer);
            }
        } finally {
            lock.unlock();
        }
    }
}
