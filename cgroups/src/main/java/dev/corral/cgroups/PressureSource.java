package dev.corral.cgroups;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.PollCalls;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A pressure trigger, which lives as long as its descriptor. Without CAP_SYS_RESOURCE the first event may be a false one, made
 * of time that was lost before: an event counts only if as much time was lost since the one before it.
 */
final class PressureSource extends EventSource {
    private static final int ROOM = 512;

    private final PsiTrigger trigger;
    private final Words words = new Words();
    private final byte[] text = new byte[ROOM];
    private Duration before;

    /**
     * Sets it.
     *
     * @param asked what handlers are told
     */
    private PressureSource(Subscription subscription, GroupDirectory group, Fd fd, PsiTrigger asked) {
        super(subscription, group, fd, PollCalls.POLLPRI);
        trigger = asked;
        before = total();
    }

    static PressureSource set(Subscription subscription, GroupDirectory group, PsiTrigger asked) {
        try {
            return write(subscription, group, asked, asked);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EINVAL || asked.isUnprivileged()) {
                throw refused(group, asked, e);
            }
        }
        PsiTrigger rounded = asked.rounded();
        try {
            PressureSource source = write(subscription, group, rounded, asked);
            subscription.note("the window of the " + asked.file() + " trigger is "
                    + rounded.window().toSeconds() + " s instead of "
                    + asked.window().toMillis() + " ms: others need CAP_SYS_RESOURCE");
            return source;
        } catch (ErrnoException e) {
            throw refused(group, rounded, e);
        }
    }

    @Override
    void react() {
        Duration now = total();
        Duration newStall = now.minus(before);
        before = now;
        if (newStall.compareTo(trigger.threshold()) >= 0) {
            subscription.deliver(events -> events.pressure(trigger, newStall));
        }
    }

    private static PressureSource write(
            Subscription subscription, GroupDirectory group, PsiTrigger trigger, PsiTrigger asked) {
        Fd fd = Descriptors.open(group, trigger.file(), LibC.O_RDWR | LibC.O_NONBLOCK);
        try {
            byte[] text = trigger.text().getBytes(StandardCharsets.US_ASCII);
            LibC.write(fd.number(), text, text.length);
            return new PressureSource(subscription, group, fd, asked);
        } catch (RuntimeException | Error e) {
            fd.close();
            throw e;
        }
    }

    /** What the kernel's answer to a trigger means. */
    static CgroupException refused(GroupDirectory group, PsiTrigger trigger, ErrnoException e) {
        Failure failure = Failure.of("write", group.path().resolve(trigger.file()))
                .value(trigger.text().strip())
                .errno(e);
        return switch (e.errno()) {
            case Errno.EINVAL, Errno.EPERM, Errno.EACCES ->
                new UnsupportedLimit(
                        trigger.resource() == Psi.Resource.IRQ && trigger.kind() == PsiTrigger.Kind.SOME
                                ? failure.why("interrupts stop all tasks or none, and are counted as full only")
                                : failure.why("before Linux 6.5 the kernel takes triggers only from processes with"
                                        + " CAP_SYS_RESOURCE"),
                        e);
            case Errno.ENOENT -> {
                if (!group.alive()) {
                    yield new CgroupGone(failure.why("the group was removed"), e);
                }
                yield new UnsupportedLimit(
                        group.text("cgroup.pressure").orElse("").startsWith("0")
                                ? failure.why("pressure is switched off in the group")
                                        .hint("write 1 to cgroup.pressure")
                                : failure.why("this kernel was built without it or is older than 4.20"),
                        e);
            }
            case Errno.EBUSY -> new KernelRefused(failure.why("the descriptor has a trigger already"), e);
            case Errno.EOPNOTSUPP ->
                new UnsupportedLimit(failure.why("the kernel was booted without pressure; boot with psi=1"), e);
            case Errno.ENODEV -> new CgroupGone(failure.why("the group was removed"), e);
            default -> new KernelRefused(failure, e);
        };
    }

    private Duration total() {
        int length = LibC.pread(number(), text, ROOM, 0);
        Pressure pressure = Pressure.parse(words.over(text, 0, length));
        return (trigger.kind() == PsiTrigger.Kind.SOME ? pressure.some() : pressure.full())
                .map(Pressure.Stall::total)
                .orElse(Duration.ZERO);
    }
}
