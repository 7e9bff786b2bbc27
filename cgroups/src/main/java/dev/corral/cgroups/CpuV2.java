package dev.corral.cgroups;

import dev.corral.Applied;
import java.util.Optional;

/** Bandwidth of version 2. Source: cgroup-v2.rst, "CPU Interface Files". */
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
}
