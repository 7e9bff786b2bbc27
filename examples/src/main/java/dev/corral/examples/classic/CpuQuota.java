package dev.corral.examples.classic;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.cgroups.Availability;
import dev.corral.cgroups.Cgroup;
import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.Controller;
import dev.corral.cgroups.CpuStat;
import dev.corral.cgroups.Limits;
import dev.corral.cgroups.StatMask;
import java.time.Duration;

/** Two loops that never rest, which take two CPUs where there are two, brought to a tenth of one by a CPU quota. */
public final class CpuQuota {
    private static final Duration WHILE = Duration.ofSeconds(1);

    private CpuQuota() {}

    /**
     * What was measured.
     *
     * @param before how many CPUs' worth of time the loops took without a quota
     * @param after the same with it
     * @param throttled in how many periods the quota was used up
     */
    record Measured(double before, double after, long throttled) {}

    /** Takes no arguments. */
    public static void main(String... arguments) throws InterruptedException {
        Availability cpu = Cgroups.detect().availability(Controller.CPU);
        if (!cpu.ok()) {
            System.out.println(cpu.describe());
            return;
        }
        Measured measured = run();
        System.out.printf("without a quota %.0f %%%n", 100 * measured.before());
        System.out.printf(
                "with a quota    %.0f %%, %d times throttled%n", 100 * measured.after(), measured.throttled());
    }

    static Measured run() throws InterruptedException {
        Command loop = Command.of("sh", "-c", "while :; do :; done");
        String name = "loops-" + ProcessHandle.current().pid();
        try (Cgroup group = Cgroups.detect().create(name);
                Child one = loop.with(group).start();
                Child two = loop.with(group).start()) {
            double before = cpus(group, one);
            group.apply(Limits.none().cpus(0.1)); // cpu.cfs_quota_us of version 1, cpu.max of version 2
            double after = cpus(group, two);
            return new Measured(
                    before, after, stat(group).throttling().orElseThrow().throttled());
        }
    }

    /** What a group takes while it is looked at, in CPUs. */
    private static double cpus(Cgroup group, Child loop) throws InterruptedException {
        Duration used = stat(group).used();
        long begin = System.nanoTime();
        loop.await(WHILE); // it never ends
        return (double) stat(group).used().minus(used).toNanos() / (System.nanoTime() - begin);
    }

    private static CpuStat stat(Cgroup group) {
        return group.usage()
                .cpu() // on version 1 another hierarchy counts than the one that limits, and it may not be open to
                // everybody
                .orElseThrow(() -> new UnsupportedOperationException(
                        group.absence(StatMask.CPU).toString()));
    }
}
