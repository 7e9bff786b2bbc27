package dev.corral.cgroups;

import java.time.Duration;
import java.util.Optional;

/** CPU time of version 1, in nanoseconds. Source: cpuacct.rst. */
record CpuAcct(GroupDirectory group) {
    /**
     * The time used; empty if the group has no such controller.
     *
     * @param throttling what the cpu controller says, which may sit in another hierarchy
     */
    Optional<CpuStat> stat(Optional<CpuStat.Throttling> throttling) {
        return group.number("cpuacct.usage")
                .map(used -> new CpuStat(
                        Duration.ofNanos(used),
                        group.number("cpuacct.usage_user").map(Duration::ofNanos),
                        group.number("cpuacct.usage_sys").map(Duration::ofNanos),
                        throttling));
    }
}
