package dev.corral.examples.classic;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.ResourceUsage;
import dev.corral.cgroups.Availability;
import dev.corral.cgroups.Cgroup;
import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.Controller;
import dev.corral.cgroups.Limits;
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
            double before = cpus(one, two);
            group.apply(Limits.none().cpus(0.1)); // cpu.cfs_quota_us of version 1, cpu.max of version 2
            double after = cpus(one, two);
            return new Measured(before, after, throttled(group));
        }
    }

    /** What both take while they are looked at, in CPUs. */
    private static double cpus(Child one, Child two) throws InterruptedException {
        Duration used = used(one).plus(used(two));
        long begin = System.nanoTime();
        one.await(WHILE); // it never ends
        return (double) used(one).plus(used(two)).minus(used).toNanos() / (System.nanoTime() - begin);
    }

    /** Of the program itself: on version 1 a group's own time is counted in another hierarchy than the one that limits it. */
    private static Duration used(Child loop) {
        ResourceUsage usage = loop.usage().orElseThrow();
        return usage.userTime().plus(usage.systemTime());
    }

    private static long throttled(Cgroup group) {
        return Long.parseLong(group.file("cpu.stat").keyed().get("nr_throttled"));
    }
}
