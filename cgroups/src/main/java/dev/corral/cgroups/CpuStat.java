package dev.corral.cgroups;

import java.time.Duration;
import java.util.Optional;

/**
 * CPU time of a group and all below it, since the group was made.
 *
 * <p>Source: {@code cpuacct.usage} and {@code cpu.stat} of version 1, {@code cpu.stat} of version 2.
 *
 * @param used in user mode and in the kernel together
 * @param user in user mode; empty where the kernel does not tell them apart
 * @param system in the kernel; empty where the kernel does not tell them apart
 * @param throttling how its CPU limit slowed it down; empty without the cpu controller
 * @param details the lines of {@code cpu.stat}, where newer kernels and vendors count more; version 1 counts in nanoseconds
 *     there, version 2 in microseconds
 */
public record CpuStat(
        Duration used,
        Optional<Duration> user,
        Optional<Duration> system,
        Optional<Throttling> throttling,
        Keyed details) {
    /**
     * How a CPU limit slowed a group down.
     *
     * @param periods how many periods with work there were
     * @param throttled in how many of them the quota was used up
     * @param time how long its threads waited for the next period, all CPUs added up
     */
    public record Throttling(long periods, long throttled, Duration time) {}
}
