package dev.corral.cgroups;

import dev.corral.Applied;
import java.util.Optional;

/** Bandwidth of version 1. Source: sched-bwc.rst. */
record CpuV1(GroupDirectory group) implements CpuController {
    private static final String QUOTA = "cpu.cfs_quota_us";
    private static final String PERIOD = "cpu.cfs_period_us";

    @Override
    public Applied.Entry limit(double cpus) {
        if (!group.exists(QUOTA)) {
            throw new UnsupportedLimit(
                    Failure.of("write", group.path().resolve(QUOTA))
                            .why("this kernel was built without CPU bandwidth control"),
                    null);
        }
        String quota = Long.toString(Limits.quotaMicros(cpus));
        String period = Long.toString(Limits.CPU_PERIOD_MICROS);
        if (read(PERIOD).equals(period)) {
            writeQuota(quota);
        } else {
            writeBoth(quota, period);
        }
        return new Applied.Entry(
                "cpu",
                cpus + " CPUs",
                Optional.of(group.path().resolve(QUOTA).toString()),
                Optional.of(read(QUOTA) + " " + read(PERIOD)),
                "");
    }

    /** The share must at no moment exceed that of the group above, so one of the two orders may be refused. */
    private void writeBoth(String quota, String period) {
        try {
            group.write(PERIOD, period);
            writeQuota(quota);
        } catch (KernelRefused e) {
            group.write(QUOTA, quota);
            group.write(PERIOD, period);
        }
    }

    private void writeQuota(String quota) {
        try {
            group.write(QUOTA, quota);
        } catch (KernelRefused e) {
            throw e.errno().equals(Optional.of("EINVAL")) ? aboveParent(quota, e) : e;
        }
    }

    private CgroupException aboveParent(String quota, KernelRefused e) {
        String allowed = group.upwards().stream()
                .skip(1)
                .findFirst()
                .map(parent -> "the group above allows "
                        + parent.text(QUOTA).orElse("").strip() + " of "
                        + parent.text(PERIOD).orElse("").strip() + " us, ")
                .orElse("");
        return new UnsupportedLimit(
                Failure.of("write", group.path().resolve(QUOTA))
                        .value(quota)
                        .why("EINVAL, " + allowed + "and a version 1 group can't have more than those around it"),
                e);
    }

    private String read(String file) {
        return group.text(file).orElse("").strip();
    }
}
