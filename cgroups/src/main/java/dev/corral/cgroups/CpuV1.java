package dev.corral.cgroups;

import dev.corral.Applied;
import dev.corral.internal.linux.Errno;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The cpu controller of version 1. Source: sched-bwc.rst, sched-design-CFS.rst. */
public final class CpuV1 extends CpuController {
    static final String QUOTA = "cpu.cfs_quota_us";
    static final String PERIOD = "cpu.cfs_period_us";
    private static final String BURST = "cpu.cfs_burst_us";
    private static final String SHARES = "cpu.shares";

    CpuV1(GroupDirectory group) {
        super(group);
    }

    /** CPU time for each period; {@code -1} in the file is no limit. */
    public Limit<Duration> cfsQuota() {
        return bandwidth().quota();
    }

    /**
     * Sets {@code cpu.cfs_quota_us}; the period stays. A burst above it comes down first.
     *
     * @param quota 1 ms or more
     * @throws UnsupportedLimit if a group above has less, or one below has more
     */
    public Applied cfsQuota(Duration quota) {
        return cfsQuota(Limit.of(quota));
    }

    /** Sets {@code cpu.cfs_quota_us} or takes it away, with the same errors. */
    public Applied cfsQuota(Limit<Duration> quota) {
        return bandwidth(new CpuMax(quota, cfsPeriod()));
    }

    /** The period that a quota is for. */
    public Duration cfsPeriod() {
        return micros(PERIOD);
    }

    /**
     * Sets {@code cpu.cfs_period_us}; the quota stays.
     *
     * @param period 1 ms to 1 s
     */
    public Applied cfsPeriod(Duration period) {
        return bandwidth(new CpuMax(cfsQuota(), period));
    }

    @Override
    public CpuMax bandwidth() {
        return bandwidthOf(group).orElseThrow(() -> group.missing(QUOTA));
    }

    /** Sets quota and period, in the order that the groups above and below allow. */
    public Applied bandwidth(CpuMax max) {
        return bandwidth(max, Optional.empty());
    }

    /** Sets quota, period and burst. */
    public Applied bandwidth(CpuMax max, Duration burst) {
        return bandwidth(max, Optional.of(CpuMax.checkBurst(burst)));
    }

    /** The share of the CPU among groups that want more than there is, 2 to 262144; 1024 is the default. */
    public long shares() {
        return number(SHARES);
    }

    /** Sets {@code cpu.shares}; what is below 2 or above 262144 the kernel takes for those. */
    public Applied.Entry shares(long shares) {
        return put(sharesChange(shares, shares));
    }

    /** Ends {@link #idle(boolean)} and gives it shares. */
    public Applied busy(long shares) {
        return busy(sharesChange(shares, shares));
    }

    @Override
    Applied.Entry weight(int weight, Pen pen) {
        long shares = ShareConversion.SYSTEMD.shares(weight);
        return pen.put(sharesChange(weight, shares).feature("cpuWeight").noting("as shares, 1024 for a weight of 100"));
    }

    @Override
    Applied.Entry bandwidth(CpuMax max, String requested, Pen pen) {
        if (!group.exists(QUOTA)) {
            throw new UnsupportedLimit(
                    Failure.of("write", group.path().resolve(QUOTA))
                            .why("this kernel was built without CPU bandwidth control"),
                    null);
        }
        String quotaText = max.quota().value().map(CpuMax::text).orElse("-1");
        Change quota = change(QUOTA, max, quotaText).refusedAs(e -> refused(quotaText, max, e));
        Change period = change(PERIOD, max, CpuMax.text(max.period()));
        Both both = writeBoth(quota, period, max, pen);
        return new Applied.Entry(
                "cpu",
                requested,
                Optional.of(group.path().resolve(QUOTA).toString()),
                both.quota().written(),
                Optional.of(both.quota().readBack().orElse("") + " "
                        + both.period().readBack().orElse("")),
                both.quota().note());
    }

    @Override
    String burstFile() {
        return BURST;
    }

    @Override
    String weightFile() {
        return SHARES;
    }

    private Change sharesChange(long requested, long shares) {
        if (shares < 0) {
            throw invalid(SHARES, Long.toString(shares), "it must be 0 or more");
        }
        long kept = Math.max(ShareConversion.MIN_SHARES, Math.min(ShareConversion.MAX_SHARES, shares));
        return weightChange(SHARES, requested, Long.toString(shares))
                .seen(text -> text, Long.toString(kept))
                .noting(kept == shares ? "" : "clamped to " + kept);
    }

    /**
     * Of the two values in between one order has the old quota in the new period, the other the new quota in the old period.
     * Either may be more than a group above has, or less than one below, so the second order is tried when the first is
     * refused on the way. What was written before a refusal is taken back.
     */
    private Both writeBoth(Change quota, Change period, CpuMax max, Pen pen) {
        Change.Made first;
        try {
            first = pen.make(period);
        } catch (CgroupException e) {
            if (!e.is(Errno.EINVAL)) {
                throw e;
            }
            Change.Made made = pen.make(quota);
            try {
                return new Both(made.entry(), pen.put(period));
            } catch (KernelRefused again) {
                CgroupException reason = again.is(Errno.EINVAL) ? refused(period.value(), max, again) : again;
                takeBack(QUOTA, made.before(), reason);
                throw reason;
            }
        }
        try {
            return new Both(pen.put(quota), first.entry());
        } catch (CgroupException e) {
            takeBack(PERIOD, first.before(), e);
            throw e;
        }
    }

    private record Both(Applied.Entry quota, Applied.Entry period) {}

    private void takeBack(String file, Optional<String> old, CgroupException reason) {
        try {
            old.ifPresent(text -> group.write(file, text));
        } catch (CgroupException e) {
            reason.addSuppressed(e);
        }
    }

    private CgroupException refused(String value, CpuMax max, CgroupException e) {
        if (!e.is(Errno.EINVAL)) {
            return e;
        }
        Optional<String> above = group.upwards().stream()
                .skip(1)
                .map(level -> bandwidthOf(level)
                        .filter(max::exceeds)
                        .map(most -> "the group above, " + level.path() + ", allows " + text(most)))
                .flatMap(Optional::stream)
                .findFirst();
        String why = above.or(() -> group.tree().stream()
                        .skip(1)
                        .map(level -> level.ifThere(CpuV1::bandwidthOf)
                                .filter(has -> !has.quota().isMax() && has.exceeds(max))
                                .map(has -> "the group below, " + level.path() + ", has " + text(has)))
                        .flatMap(Optional::stream)
                        .findFirst())
                .map(reason -> reason + ", and a version 1 group can't have more than those around it")
                .orElse("the kernel takes a quota of 1000 us or more, not below that of groups below");
        return new UnsupportedLimit(
                Failure.of("write", path().resolve(QUOTA))
                        .value(value)
                        .errno("EINVAL")
                        .why(why),
                e);
    }

    private static String text(CpuMax max) {
        return max.quota().value().map(CpuMax::text).orElse("max") + " of " + CpuMax.text(max.period()) + " us";
    }

    private static Optional<CpuMax> bandwidthOf(GroupDirectory level) {
        Optional<String> quota = level.text(QUOTA).map(String::strip);
        Optional<Long> period = level.number(PERIOD);
        if (quota.isEmpty() || period.isEmpty()) {
            return Optional.empty();
        }
        Limit<Duration> limit = quota.get().equals("-1")
                ? Limit.max()
                : Limit.of(Duration.of(
                        KernelNumber.parse(quota.get()).orElseThrow(() -> level.unreadable(QUOTA, quota.get())),
                        ChronoUnit.MICROS));
        return Optional.of(new CpuMax(limit, Duration.of(period.get(), ChronoUnit.MICROS)));
    }
}
