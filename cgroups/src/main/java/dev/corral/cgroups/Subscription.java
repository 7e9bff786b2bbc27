package dev.corral.cgroups;

import dev.corral.ByteSize;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Poller;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who listens to one group, until it is closed or the group is removed. It keeps a few files open.
 *
 * <p>All subscriptions of one {@link Cgroups} share one daemon thread, which is there as long as one of them is. Safe for use by
 * several threads.
 */
public final class Subscription implements AutoCloseable {
    private static final long INTERVAL_MILLIS = 100;

    private final EventLoop loop;
    private final List<GroupDirectory> directories;
    private final Delivery delivery;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<EventSource> sources = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Poller poller;
    private final EventTimer timer;
    private Removals.@Nullable Watched removal;
    private boolean active = true;

    private Subscription(EventLoop loop, Poller poller, List<GroupDirectory> directories, Delivery delivery) {
        this.loop = loop;
        this.poller = poller;
        this.directories = directories;
        this.delivery = delivery;
        this.timer = new EventTimer(this, directories.get(0));
    }

    /** Listens to all that the group offers; what it does not offer is noted. */
    static Subscription begin(EventLoop loop, List<GroupDirectory> directories, Delivery delivery) {
        return watching(directories, () -> {
            Subscription subscription = entered(loop, directories, delivery);
            subscription.lock.lock();
            try {
                subscription.listen();
                return subscription;
            } catch (RuntimeException | Error e) {
                subscription.end();
                throw e;
            } finally {
                subscription.lock.unlock();
            }
        });
    }

    private static Subscription entered(EventLoop loop, List<GroupDirectory> directories, Delivery delivery) {
        Poller poller = loop.enter();
        try {
            return new Subscription(loop, poller, directories, delivery);
        } catch (RuntimeException | Error e) {
            loop.leave();
            throw e;
        }
    }

    /** What the kernel refuses on the way, such as one more descriptor, is an error about the group. */
    private static Subscription watching(List<GroupDirectory> directories, Supplier<Subscription> action) {
        try {
            return action.get();
        } catch (ErrnoException e) {
            throw new KernelRefused(
                    Failure.of("watch", directories.get(0).path()).errno(e).why(e.call() + " was refused"), e);
        }
    }

    /**
     * Tells {@link CgroupEvents#pressure} when a trigger goes off; may be called for several.
     *
     * @return this
     * @throws UnsupportedLimit if the group has no such file, or the kernel does not take the trigger
     * @throws CgroupGone if the group was removed
     */
    public Subscription trigger(PsiTrigger trigger) {
        GroupDirectory group = unified()
                .orElseThrow(() -> new UnsupportedLimit(
                        Failure.of("watch", trigger.file())
                                .why("only version 2 knows pressure, and the group has no directory there"),
                        null));
        return add(() -> PressureSource.set(this, group, trigger));
    }

    /**
     * Tells {@link CgroupEvents#threshold} when memory usage crosses a threshold; may be called for several.
     *
     * @return this
     * @throws UnsupportedLimit if memory is not held by version 1
     * @throws CgroupGone if the group was removed
     */
    public Subscription threshold(ByteSize usage) {
        GroupDirectory group = v1("memory")
                .orElseThrow(() -> new UnsupportedLimit(
                        Failure.of("watch", "a threshold of memory usage")
                                .why("only version 1 has such thresholds, and the group has no memory controller there")
                                .hint("set memory.high and listen to memoryHigh, or set a trigger for memory pressure"),
                        null));
        return add(() -> new ThresholdSource(this, group, usage));
    }

    /** What can't be heard of this group, or differs from what was asked for; one sentence each. */
    public List<String> notes() {
        lock.lock();
        try {
            return List.copyOf(notes);
        } finally {
            lock.unlock();
        }
    }

    /** Whether it still listens: it was not closed, and the group was not removed. */
    public boolean isActive() {
        lock.lock();
        try {
            return active;
        } finally {
            lock.unlock();
        }
    }

    /** Stops to listen: no handler is called that was not begun before. May be called again. */
    @Override
    public void close() {
        lock.lock();
        try {
            end();
        } finally {
            lock.unlock();
        }
        delivery.cancel();
    }

    /** Runs it unless all is over; on the thread that waits for events. */
    void locked(Runnable action) {
        lock.lock();
        try {
            if (active) {
                action.run();
            }
        } finally {
            lock.unlock();
        }
    }

    void deliver(Consumer<CgroupEvents> event) {
        delivery.deliver(event);
    }

    void note(String sentence) {
        notes.add(sentence);
    }

    EventTimer timer() {
        return timer;
    }

    /** The group was removed. */
    void gone() {
        over(CgroupEvents::removed);
    }

    /** The kernel said something unexpected. */
    void broken(CgroupException why) {
        over(events -> events.failed(why));
    }

    /** It is told whatever becomes of the descriptors. */
    private void over(Consumer<CgroupEvents> last) {
        if (active) {
            try {
                end();
            } finally {
                deliver(last);
            }
        }
    }

    private void listen() {
        start(timer);
        Optional<GroupDirectory> unified = unified();
        state(unified);
        memory(unified);
        pids(unified);
    }

    private void state(Optional<GroupDirectory> unified) {
        Optional<GroupDirectory> withState = unified.filter(group -> group.exists("cgroup.events"));
        if (withState.isPresent()) {
            start(new StateSource(this, withState.get()));
            removal(withState.get());
            v1("freezer")
                    .ifPresent(freezer ->
                            note("frozen, thawed: told by version 2 only, not of what the freezer of version 1 does"));
        } else if (unified.isPresent()) {
            note("empty, frozen: the root group of version 2 does not tell");
        } else {
            StatePolling polling = new StatePolling(this, directories);
            timer.every(INTERVAL_MILLIS, polling::look);
            note("empty, frozen: looked at every " + INTERVAL_MILLIS + " ms, version 1 does not tell");
        }
    }

    /** An empty group goes without a word in its own files. */
    private void removal(GroupDirectory group) {
        Runnable look = () -> {
            if (!group.alive()) {
                gone();
            }
        };
        try {
            removal = loop.removals().watch(group.path(), () -> locked(look));
        } catch (ErrnoException e) {
            timer.every(INTERVAL_MILLIS, look);
            note("removed: looked at every " + INTERVAL_MILLIS + " ms, since " + e.getMessage()
                    + " (fs.inotify.max_user_instances, fs.inotify.max_user_watches)");
        }
        // it may have gone before anybody watched
        look.run();
    }

    private void memory(Optional<GroupDirectory> unified) {
        Optional<GroupDirectory> v1 = v1("memory");
        if (v1.isPresent()) {
            start(new OomSource(this, v1.get()));
            note(
                    "memoryHigh: version 1 has no memory.high; threshold(..) and trigger(..) tell of memory that runs short");
        } else if (unified.filter(group -> group.exists("memory.events")).isPresent()) {
            start(new MemorySource(this, unified.get()));
        } else {
            note("oomKill, memoryHigh: the group has no memory controller");
        }
    }

    private void pids(Optional<GroupDirectory> unified) {
        Optional<GroupDirectory> v1 = v1("pids").filter(group -> group.exists("pids.events"));
        if (v1.isPresent()) {
            ForkRefusals refusals = new ForkRefusals(this, v1.get());
            timer.every(INTERVAL_MILLIS, refusals::look);
            note("pidsLimit: looked at every " + INTERVAL_MILLIS + " ms, version 1 does not tell");
            return;
        }
        List<GroupDirectory> levels = unified.stream()
                .flatMap(group -> group.upwards().stream())
                .filter(group -> group.exists("pids.events"))
                .toList();
        if (levels.isEmpty()) {
            note("pidsLimit: the group has no pids controller, or the kernel does not count refusals");
            return;
        }
        ForkRefusals refusals = new ForkRefusals(this, levels.get(0));
        levels.forEach(level -> start(new PidsSource(this, level, refusals)));
    }

    private Subscription add(Supplier<EventSource> source) {
        lock.lock();
        try {
            if (!active) {
                throw new CgroupGone(
                        Failure.of("watch", directories.get(0).path()).why("the subscription has ended"), null);
            }
            return watching(directories, () -> {
                start(source.get());
                return this;
            });
        } finally {
            lock.unlock();
        }
    }

    private void start(EventSource source) {
        sources.add(source);
        source.start(poller);
    }

    private void end() {
        if (active) {
            active = false;
            timer.close();
            sources.forEach(EventSource::close);
            sources.clear();
            Removals.Watched watched = removal;
            if (watched != null) {
                watched.close();
            }
            loop.leave();
        }
    }

    private Optional<GroupDirectory> unified() {
        return directories.stream().filter(group -> group.hierarchy().unified()).findFirst();
    }

    private Optional<GroupDirectory> v1(String controller) {
        return directories.stream()
                .filter(group -> group.hierarchy().controllers().contains(controller))
                .findFirst();
    }
}
