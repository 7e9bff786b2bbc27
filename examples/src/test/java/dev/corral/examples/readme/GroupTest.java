package dev.corral.examples.readme;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.cgroups.Cgroup;
import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.Controller;
import dev.corral.cgroups.CpuStat;
import dev.corral.cgroups.CpuV1;
import dev.corral.cgroups.CpuV2;
import dev.corral.cgroups.Limits;
import dev.corral.examples.testing.Needs;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GroupTest {
    @Test
    void aGroupMadeByHand() throws InterruptedException {
        Needs.controlGroups(Controller.CPU);
        String name = "cpudemo-" + ProcessHandle.current().pid();
        Optional<CpuStat> used = Optional.empty();
        long began = System.nanoTime();
        // README
        Command busyLoop = Command.of("sh", "-c", "while :; do :; done");
        try (Cgroup demo = Cgroups.detect().create(name)) {
            demo.apply(Limits.none().cpus(0.1));
            demo.find(CpuV1.class).ifPresent(cpu -> cpu.cfsQuota(ofMillis(10))); // cpu.cfs_quota_us 10000
            demo.find(CpuV2.class).ifPresent(cpu -> cpu.max(ofMillis(10), ofMillis(100))); // cpu.max "10000 100000"
            try (Child loop = busyLoop.with(demo).start()) {
                loop.await(Duration.ofSeconds(1)); // still running: the wait ends without an exit
                System.out.println(demo.usage().cpu()); // about 100 ms used, and throttled
                used = demo.usage().cpu(); // hidden
            }
        }
        // end
        assumeThat(used)
                .as("only a group with cpuacct knows its CPU time on version 1")
                .isPresent();
        CpuStat cpu = used.orElseThrow();
        // a tenth at most of what passed; on a busy machine that may be more than the second, and the loop may get less
        assertThat(cpu.used()).isBetween(Duration.ofNanos(1), Duration.ofNanos((System.nanoTime() - began) / 2));
        assertThat(cpu.throttling().orElseThrow().throttled()).isPositive();
    }
}
