package dev.corral.cgroups;

import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.Poller;
import org.jspecify.annotations.Nullable;

/**
 * A descriptor that becomes ready when something may have happened to a group. All methods are called with the subscription's
 * lock held.
 */
abstract class EventSource implements AutoCloseable {
    private static final int ROOM = 4096;

    final Subscription subscription;
    final GroupDirectory group;
    private final Fd fd;
    private final int events;
    private Poller.@Nullable Watch watch;

    /** Takes over the descriptor. */
    EventSource(Subscription subscription, GroupDirectory group, Fd fd, int events) {
        this.subscription = subscription;
        this.group = group;
        this.fd = fd;
        this.events = events;
    }

    /** Finds out what happened and delivers it, so that the descriptor is not ready any more. */
    abstract void react();

    /** Begins to wait; what is the case now is known. */
    void start(Poller poller) {
        watch = poller.watch(fd.number());
        arm();
    }

    int number() {
        return fd.number();
    }

    /** The text of a file of keys, read through the descriptor that is waited for: that is what makes it wait again. */
    Keyed keyed() {
        byte[] text = new byte[ROOM];
        return Keyed.lines(text, 0, LibC.pread(fd.number(), text, ROOM, 0));
    }

    /** Empties an eventfd or a timer. */
    void drain() {
        byte[] count = new byte[8];
        LibC.read(fd.number(), count, count.length);
    }

    /** Opens a file of a group, and not that of a later one of the same name. */
    static Fd open(GroupDirectory group, String file) {
        try {
            return Descriptors.open(group, file, LibC.O_RDONLY);
        } catch (ErrnoException e) {
            throw ControlFile.failed(group.path().resolve(file), e);
        }
    }

    private void arm() {
        Poller.Watch waiting = watch;
        if (waiting != null) {
            waiting.once(events, () -> subscription.locked(this::ready));
        }
    }

    private void ready() {
        try {
            react();
            if (subscription.isActive()) {
                arm();
            }
        } catch (ErrnoException e) {
            // rmdir wakes a waiter for ever, and reading says ENODEV
            over(ControlFile.failed(group.path(), e));
        } catch (CgroupException e) {
            over(e);
        } catch (RuntimeException | Error e) {
            // want of memory, for instance: who is armed no more hears nothing, and has to know
            subscription.broken(
                    new ListeningFailed(Failure.of("listen to", group.path()).why(e.toString()), e));
            throw e;
        }
    }

    /** The files of a group can also go while it stays: those of pressure that is switched off, of a controller that is taken away. */
    private void over(CgroupException why) {
        if (!(why instanceof CgroupGone)) {
            subscription.broken(why);
        } else if (group.gone()) {
            subscription.gone();
        } else {
            subscription.broken(new ControllerUnavailable(
                    Failure.of("listen to", group.path())
                            .why(
                                    "a file that was listened to is gone, and the group is not: pressure was switched off in it"
                                            + " by cgroup.pressure, or a controller was taken away by the group above")
                            .hint("listen again, for what is left"),
                    why));
        }
    }

    @Override
    public void close() {
        Poller.Watch waiting = watch;
        if (waiting != null) {
            waiting.close();
        }
        fd.close();
    }
}
