package dev.corral;

import dev.corral.internal.linux.ProcStat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which processes a child is: what is written down of it to find it again after a restart of the JVM, by {@link Adopted#of}. A
 * pid alone comes to somebody else one day; with the time at which its process started it never does. Source:
 * proc_pid_stat(5).
 *
 * @param boot the boot of the kernel, as {@code /proc/sys/kernel/random/boot_id} names it
 * @param pid the direct child of the JVM that started it, as that JVM saw it
 * @param started when that process started, in ticks since the boot
 * @param payload the program itself; the same where there is no init
 * @param payloadStarted when the program's process started
 */
public record ChildId(String boot, long pid, long started, long payload, long payloadStarted) {
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Pattern TEXT =
            Pattern.compile("([0-9a-f-]{1,64}):([0-9]{1,18}):([0-9]{1,18}):([0-9]{1,18}):([0-9]{1,18})");

    public ChildId {
        if (!TEXT.matcher(text(boot, pid, started, payload, payloadStarted)).matches() || pid < 1 || payload < 1) {
            throw new IllegalArgumentException(
                    "no child has boot \"" + boot + "\" and pids " + pid + " and " + payload);
        }
    }

    /** Reads what {@link #toString} has written; anything else is an IllegalArgumentException. */
    public static ChildId parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no child's id: it must be one that Child.id() gave");
        }
        return new ChildId(
                parts.group(1),
                Long.parseLong(parts.group(2)),
                Long.parseLong(parts.group(3)),
                Long.parseLong(parts.group(4)),
                Long.parseLong(parts.group(5)));
    }

    /** Empty if one of the processes is gone. */
    static Optional<ChildId> of(long pid, long payload) {
        OptionalLong started = startTime(pid);
        OptionalLong payloadStarted = startTime(payload);
        return started.isEmpty() || payloadStarted.isEmpty()
                ? Optional.empty()
                : Optional.of(new ChildId(thisBoot(), pid, started.getAsLong(), payload, payloadStarted.getAsLong()));
    }

    /** Whether the first process is still there, or a zombie. */
    boolean isCurrent() {
        return isCurrent(pid, started);
    }

    /** Whether the program is still there, or a zombie. */
    boolean hasPayload() {
        return isCurrent(payload, payloadStarted);
    }

    private boolean isCurrent(long process, long since) {
        return thisBoot().equals(boot) && startTime(process).equals(OptionalLong.of(since));
    }

    private static String thisBoot() {
        try {
            return Files.readString(BOOT).strip();
        } catch (IOException hidden) { // as in a container; then the pids and times have to do
            return "-";
        }
    }

    private static OptionalLong startTime(long pid) {
        return ProcStat.of(pid).stream().mapToLong(ProcStat::start).findFirst();
    }

    private static String text(String boot, long pid, long started, long payload, long payloadStarted) {
        return boot + ":" + pid + ":" + started + ":" + payload + ":" + payloadStarted;
    }

    /** One word, which {@link #parse} reads again. */
    @Override
    public String toString() {
        return text(boot, pid, started, payload, payloadStarted);
    }
}
