package dev.corral.internal.linux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the kernel says of one process, or of one thread. Source: proc_pid_stat(5).
 *
 * @param state such as {@code R}, {@code D} or {@code Z}
 * @param parent pid of the process that is told of its end
 * @param flags PF_… of the kernel
 * @param userTicks time on the processor outside of the kernel, with that of the children it has waited for; in
 *     {@link #TICKS_PER_SECOND}
 * @param systemTicks the same within the kernel
 * @param start in the same ticks since the boot: with the pid its identity
 * @param policy of scheduling, as in sched(7)
 */
public record ProcStat(char state, long parent, long flags, long userTicks, long systemTicks, long start, int policy) {
    /** USER_HZ, which is the same on x86-64 and aarch64. */
    public static final long TICKS_PER_SECOND = 100;

    private static final long PF_KTHREAD = 0x0020_0000;
    private static final int SCHED_FIFO = 1;
    private static final int SCHED_RR = 2;

    /** The fields after the name; the first of them is field 3. */
    private static final int STATE = 0;

    private static final int PARENT = 1;
    private static final int FLAGS = 6;
    private static final int USER = 11;
    private static final int SYSTEM = 12;
    private static final int USER_OF_CHILDREN = 13;
    private static final int SYSTEM_OF_CHILDREN = 14;
    private static final int START = 19;
    private static final int POLICY = 38;

    /** Of a process that this JVM sees; empty if there is none. */
    public static Optional<ProcStat> of(long pid) {
        try {
            return parse(Files.readString(Path.of("/proc", Long.toString(pid), "stat"), ISO_8859_1));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** Empty for a text of another shape. The name may have any bytes, blanks and parentheses among them. */
    public static Optional<ProcStat> parse(String text) {
        String[] fields = text.substring(text.lastIndexOf(')') + 1).strip().split(" ", -1);
        if (fields.length <= POLICY || !fields[STATE].matches("[A-Za-z]")) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ProcStat(
                    fields[STATE].charAt(0),
                    Long.parseLong(fields[PARENT]),
                    Long.parseLong(fields[FLAGS]),
                    Long.parseLong(fields[USER]) + Long.parseLong(fields[USER_OF_CHILDREN]),
                    Long.parseLong(fields[SYSTEM]) + Long.parseLong(fields[SYSTEM_OF_CHILDREN]),
                    Long.parseLong(fields[START]),
                    Integer.parseInt(fields[POLICY])));
        } catch (NumberFormatException otherShape) {
            return Optional.empty();
        }
    }

    /** Whether it has ended, and only waits for its parent to notice. */
    public boolean isDead() {
        return state == 'Z' || state == 'X' || state == 'x';
    }

    public boolean isKernelThread() {
        return (flags & PF_KTHREAD) != 0;
    }

    public boolean isRealTime() {
        return policy == SCHED_FIFO || policy == SCHED_RR;
    }
}
