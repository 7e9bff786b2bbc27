package dev.corral.cgroups;

import dev.corral.Applied;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Bandwidth and CPU time of version 2. Source: cgroup-v2.rst, "CPU Interface Files". */
record CpuV2(GroupDirectory group) implements CpuController {
    private static final String MAX = "cpu.max";

    @Override
    public Applied.Entry limit(double cpus) {
        group.write(MAX, Limits.quotaMicros(cpus) + " " + Limits.CPU_PERIOD_MICROS);
        return new Applied.Entry(
                "cpu",
                cpus + " CPUs",
                Optional.of(group.path().resolve(MAX).toString()),
                group.text(MAX).map(String::strip),
                "");
    }

    @Override
    public Optional<CpuStat.Throttling> throttling() {
        return throttling(group.keyed("cpu.stat"));
    }

    /** The group's CPU time, which version 2 counts without the controller too; empty before Linux 4.15. */
    Optional<CpuStat> stat() {
        Keyed stat = group.keyed("cpu.stat");
        return stat.get("usage_usec")
                .map(used -> new CpuStat(
                        micros(used),
                        stat.get("user_usec").map(CpuV2::micros),
                        stat.get("system_usec").map(CpuV2::micros),
                        throttling(stat)));
    }

    private static Optional<CpuStat.Throttling> throttling(Keyed stat) {
        return stat.get("nr_periods")
                .map(periods -> new CpuStat.Throttling(
                        periods,
                        stat.get("nr_throttled").orElse(0L),
                        micros(stat.get("throttled_usec").orElse(0L))));
    }

    private static Duration micros(long count) {
        return Duration.of(count, ChronoUnit.MICROS);
    }
}
