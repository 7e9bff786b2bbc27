package dev.corral.cgroups;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Reads the usage of one group again and again, from files that it keeps open: many times faster than opening them, and a
 * snapshot makes no object but itself.
 *
 * <p>Which files the group has is looked up when they are opened; a controller that is enabled later is seen by a new reader. One that
 * is taken away leaves its part empty, as does pressure that is switched off.
 * All readers of one {@link Cgroups} share a budget of open files, a quarter of what the process may open and 1024 at most;
 * those that were not used for the longest time lose theirs, and open them again when they are used.
 *
 * <p>Safe for use by several threads, one of which reads at a time; an interrupt of a thread is of no effect. To be closed by
 * its owner; the group is not closed with it.
 */
public final class StatReader implements AutoCloseable {
    private final Reading reading;
    private final List<GroupDirectory> directories;
    private final StatMask mask;
    private final ReentrantLock lock = new ReentrantLock();
    private final Scratch scratch = new Scratch();
    private @Nullable UsageFiles files;
    private boolean closed;
    private volatile long lastUsed;

    StatReader(Reading reading, List<GroupDirectory> directories, StatMask mask) {
        this.reading = reading;
        this.directories = directories;
        this.mask = mask;
    }

    /**
     * The usage now; parts that the mask leaves out are empty.
     *
     * @throws CgroupGone if the group was removed
     * @throws CgroupException if a file can't be read
     * @throws IllegalStateException if the reader is closed
     */
    public Usage read() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the reader is closed");
            }
            try {
                return readOnce();
            } catch (CgroupGone e) {
                drop();
                if (!isThere()) {
                    throw e;
                }
                // only files went: those of pressure that was switched off, of a controller that was taken away
                return readOnce();
            }
        } catch (CgroupGone e) {
            drop();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private Usage readOnce() {
        Instant at = reading.host().clock().instant();
        UsageFiles open = files;
        if (open == null) {
            open = UsageFiles.open(directories, mask);
            if (!reading.budget().admit(this, open.count())) {
                try (UsageFiles once = open) {
                    return once.read(scratch, at);
                }
            }
            files = open;
        }
        lastUsed = reading.budget().now();
        return open.read(scratch, at);
    }

    private boolean isThere() {
        return directories.stream().allMatch(GroupDirectory::alive);
    }

    /** Gives the files back. May be called again. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            drop();
        } finally {
            lock.unlock();
        }
    }

    long lastUsed() {
        return lastUsed;
    }

    /**
     * Closes the files for the sake of another reader; false if this one is reading. With its lock held nobody else can be
     * about to use a number that the kernel gives to another file the next moment.
     */
    boolean evict() {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            closeFiles();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void drop() {
        if (files != null) {
            reading.budget().release(this);
            closeFiles();
        }
    }

    private void closeFiles() {
        UsageFiles open = files;
        files = null;
        if (open != null) {
            open.close();
        }
    }
}
