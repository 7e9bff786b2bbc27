package dev.corral.cgroups;

/** Nice values as CPU weights. Source: sched_prio_to_weight of the kernel, a factor of about 1.25 for each step. */
final class Nice {
    static final int LOWEST = -20;
    static final int HIGHEST = 19;
    private static final long[] LOADS = {
        88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916,
        9548, 7620, 6100, 4904, 3906, 3121, 2501, 1991, 1586, 1277,
        1024, 820, 655, 526, 423, 335, 272, 215, 172, 137,
        110, 87, 70, 56, 45, 36, 29, 23, 18, 15
    };

    private Nice() {}

    /** The weight of version 2 that {@code cpu.weight.nice} sets, rounded as the kernel does. */
    static int weight(int nice) {
        return (int) ((LOADS[check(nice) - LOWEST] * 100 + 512) / 1024);
    }

    static int check(int nice) {
        if (nice < LOWEST || nice > HIGHEST) {
            throw new IllegalArgumentException("nice value of " + nice + ": it must be between -20 and 19");
        }
        return nice;
    }
}
