package dev.corral.cgroups;

import java.util.Map;
import java.util.Optional;

/**
 * With which Linux a control file came, for the sentence about one that is missing. Whether a file is there is found out by looking,
 * never from this: vendors bring files to older kernels, and leave some out of newer ones.
 *
 * <p>Source: cgroup-v2.rst, sched-bwc.rst, psi.rst, and the history of the kernel.
 */
final class FirstLinux {
    private static final Map<String, String> V1 = Map.of(
            "cpu.cfs_burst_us", "5.14",
            "cpu.idle", "5.15",
            "cpuacct.usage_all", "4.10",
            "cpuacct.usage_sys", "4.10",
            "cpuacct.usage_user", "4.10",
            "cpuset.effective_cpus", "4.2",
            "cpuset.effective_mems", "4.2",
            "freezer.parent_freezing", "3.14",
            "freezer.self_freezing", "3.14",
            "pids.peak", "6.1");

    private static final Map<String, String> V2 = Map.ofEntries(
            Map.entry("cgroup.freeze", "5.2"),
            Map.entry("cgroup.kill", "5.14"),
            Map.entry("cgroup.max.depth", "4.14"),
            Map.entry("cgroup.max.descendants", "4.14"),
            Map.entry("cgroup.pressure", "6.1"),
            Map.entry("cgroup.stat", "4.14"),
            Map.entry("cgroup.threads", "4.14"),
            Map.entry("cgroup.type", "4.14"),
            Map.entry("cpu.idle", "5.15"),
            Map.entry("cpu.max.burst", "5.15"),
            Map.entry("cpu.pressure", "4.20"),
            Map.entry("cpu.stat.local", "6.8"),
            Map.entry("cpu.uclamp.max", "5.4"),
            Map.entry("cpu.uclamp.min", "5.4"),
            Map.entry("cpuset.cpus.exclusive", "6.7"),
            Map.entry("cpuset.cpus.exclusive.effective", "6.7"),
            Map.entry("io.cost.model", "5.4"),
            Map.entry("io.cost.qos", "5.4"),
            Map.entry("io.latency", "4.19"),
            Map.entry("io.pressure", "4.20"),
            Map.entry("irq.pressure", "6.1"),
            Map.entry("memory.events.local", "5.2"),
            Map.entry("memory.min", "4.18"),
            Map.entry("memory.numa_stat", "5.10"),
            Map.entry("memory.oom.group", "4.19"),
            Map.entry("memory.peak", "5.19"),
            Map.entry("memory.pressure", "4.20"),
            Map.entry("memory.reclaim", "5.19"),
            Map.entry("memory.swap.high", "5.8"),
            Map.entry("memory.swap.peak", "6.5"),
            Map.entry("memory.zswap.current", "5.19"),
            Map.entry("memory.zswap.max", "5.19"),
            Map.entry("memory.zswap.writeback", "6.8"),
            Map.entry("misc.events", "5.16"),
            Map.entry("pids.peak", "6.1"));

    /** What is not listed above came with the controller, or later than this list. */
    private static final Map<String, String> CONTROLLERS_V2 = Map.of(
            "cpu", "4.15",
            "cpuset", "5.0",
            "dmem", "6.14",
            "hugetlb", "5.6",
            "io", "4.5",
            "memory", "4.5",
            "misc", "5.13",
            "pids", "4.5",
            "rdma", "4.11");

    private FirstLinux() {}

    /** Such as {@code 5.19}; empty for a file that is not listed, or is as old as version 1. */
    static Optional<String> with(boolean unified, String file) {
        return Optional.ofNullable((unified ? V2 : V1).get(file));
    }

    private static Optional<String> controller(boolean unified, String file) {
        return unified ? Optional.ofNullable(CONTROLLERS_V2.get(file.split("\\.", 2)[0])) : Optional.empty();
    }

    /** The end of a sentence about a missing file; empty text where nothing is known. */
    static String told(boolean unified, String file) {
        return with(unified, file)
                .map(release -> ", which came with Linux " + release)
                .or(() -> controller(unified, file).map(release -> ", whose controller came with Linux " + release))
                .orElse("");
    }
}
