package dev.corral.cgroups;

import dev.corral.internal.linux.FileNames;
import dev.corral.internal.linux.Inotify;
import dev.corral.internal.linux.PollCalls;
import dev.corral.internal.linux.Poller;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of groups that are removed, for all subscriptions of one thread. A removal wakes nobody who waits for a file of the
 * group, unless the group had processes until then; only the directory above tells.
 */
final class Removals implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Removals.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, Set<Watched>> watched = new HashMap<>();
    private final Inotify inotify;
    private final Poller.Watch ready;
    private boolean closed;

    Removals(Poller poller) {
        inotify = new Inotify();
        ready = poller.watch(inotify.number());
        try {
            arm();
        } catch (RuntimeException | Error e) {
            inotify.close();
            throw e;
        }
    }

    /** A directory that somebody wants to know of. */
    final class Watched implements AutoCloseable {
        private final int above;
        private final String name;
        private final Runnable look;

        private Watched(int above, String name, Runnable look) {
            this.above = above;
            this.name = name;
            this.look = look;
        }

        /** One that fails must not keep the others from looking, now or later. */
        private void look() {
            try {
                look.run();
            } catch (RuntimeException | Error failed) {
                LOG.error("whether {} was removed could not be seen", name, failed);
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                Set<Watched> beside = watched.get(above);
                if (beside != null && beside.remove(this) && beside.isEmpty()) {
                    watched.remove(above);
                    inotify.forget(above);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Has somebody look after a directory whenever one of its name was removed; on the thread that waits for events. What the
     * kernel refuses is an {@link dev.corral.internal.linux.ErrnoException}: a user may watch so many directories only.
     */
    Watched watch(Path directory, Runnable look) {
        lock.lock();
        try {
            int above = inotify.watchRemovals(Objects.requireNonNull(directory.getParent()));
            Watched added = new Watched(above, FileNames.text(Objects.requireNonNull(directory.getFileName())), look);
            watched.computeIfAbsent(above, key -> new HashSet<>()).add(added);
            return added;
        } finally {
            lock.unlock();
        }
    }

    private void arm() {
        ready.once(PollCalls.POLLIN, () -> {
            try {
                // the lock of a subscription is taken by those who look, and so not while this one is held
                touched().forEach(Watched::look);
            } finally {
                arm();
            }
        });
    }

    private List<Watched> touched() {
        lock.lock();
        try {
            if (closed) {
                return List.of();
            }
            return inotify.read().stream()
                    .flatMap(event -> event.isLost()
                            ? watched.values().stream().flatMap(Set::stream)
                            : watched.getOrDefault(event.watch(), Set.of()).stream()
                                    .filter(one -> event.name().isEmpty() || one.name.equals(event.name())))
                    .distinct()
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            ready.close();
            inotify.close();
        } finally {
            lock.unlock();
        }
    }
}
