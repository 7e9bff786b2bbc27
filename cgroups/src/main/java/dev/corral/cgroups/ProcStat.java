package dev.corral.cgroups;

import java.util.Optional;

/**
 * What the kernel says of one task. Source: proc_pid_stat(5).
 *
 * @param state such as {@code R}, {@code D} or {@code Z}
 * @param flags PF_… of the kernel
 * @param start in clock ticks since the machine was started
 * @param policy of scheduling, as in sched(7)
 */
record ProcStat(char state, long flags, long start, int policy) {
    private static final long KERNEL_THREAD = 0x0020_0000;
    private static final int FIFO = 1;
    private static final int ROUND_ROBIN = 2;
    /** Fields after the name, which may hold blanks and parentheses; the first of them is field 3. */
    private static final int STATE = 0;

    private static final int FLAGS = 6;
    private static final int START = 19;
    private static final int POLICY = 38;

    /** Empty for a text of another shape. */
    static Optional<ProcStat> parse(String text) {
        String[] fields = text.substring(text.lastIndexOf(')') + 1).strip().split(" ", -1);
        if (fields.length <= POLICY || fields[STATE].isEmpty()) {
            return Optional.empty();
        }
        return KernelNumber.parse(fields[START])
                .flatMap(start -> KernelNumber.parse(fields[FLAGS])
                        .flatMap(flags -> KernelNumber.parse(fields[POLICY])
                                .map(policy ->
                                        new ProcStat(fields[STATE].charAt(0), flags, start, Math.toIntExact(policy)))));
    }

    /** Whether it has ended, and only waits for its parent to notice. */
    boolean isDead() {
        return state == 'Z' || state == 'X' || state == 'x';
    }

    boolean isKernelThread() {
        return (flags & KERNEL_THREAD) != 0;
    }

    boolean isRealTime() {
        return policy == FIFO || policy == ROUND_ROBIN;
    }
}
