package dev.corral.cgroups;

import dev.corral.Applied;
import dev.corral.internal.linux.Errno;
import java.time.Duration;
import java.util.Optional;

/** The cpu controller of version 2. Source: cgroup-v2.rst, "CPU Interface Files". */
public final class CpuV2 extends CpuController {
    static final String MAX = "cpu.max";
    private static final String BURST = "cpu.max.burst";
    private static final String WEIGHT = "cpu.weight";
    private static final String WEIGHT_NICE = "cpu.weight.nice";

    CpuV2(GroupDirectory group) {
        super(group);
    }

    /** The bandwidth of this group; one above may have less, and then that counts. */
    public CpuMax max() {
        String text = text(MAX);
        try {
            return CpuMax.parse(text);
        } catch (IllegalArgumentException e) {
            throw group.unreadable(MAX, text);
        }
    }

    /** The same as {@link #max()}. */
    @Override
    public CpuMax bandwidth() {
        return max();
    }

    /** Sets {@code cpu.max}. A burst above the quota comes down first. */
    public Applied max(CpuMax max) {
        return bandwidth(max, Optional.empty());
    }

    /**
     * Sets {@code cpu.max}.
     *
     * @param quota 1 ms or more
     * @param period 1 ms to 1 s
     */
    public Applied max(Duration quota, Duration period) {
        return max(CpuMax.of(quota, period));
    }

    /** Sets bandwidth and burst. */
    public Applied max(CpuMax max, Duration burst) {
        return bandwidth(max, Optional.of(CpuMax.checkBurst(burst)));
    }

    /** Sets the quota; the period stays. */
    public Applied quota(Limit<Duration> quota) {
        return max(new CpuMax(quota, max().period()));
    }

    /** Sets the period; the quota stays. */
    public Applied period(Duration period) {
        return max(new CpuMax(max().quota(), period));
    }

    /** The share of the CPU among groups that want more than there is, 1 to 10000; 0 while it idles, on newer kernels. */
    public int weight() {
        return (int) number(WEIGHT);
    }

    /**
     * Sets {@code cpu.weight}.
     *
     * @param weight 1 to 10000; 100 is the default
     */
    public Applied.Entry weight(int weight) {
        return weight(weight, Pen.writing());
    }

    /** Ends {@link #idle(boolean)} and gives it a weight. */
    public Applied busy(int weight) {
        return busy(weightChange(weight));
    }

    /** The weight as the nearest nice value, -20 to 19. */
    public int weightNice() {
        String text = text(WEIGHT_NICE);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw group.unreadable(WEIGHT_NICE, text);
        }
    }

    /**
     * Sets the weight that a process of that nice value has.
     *
     * @param nice -20 to 19
     */
    public Applied.Entry weightNice(int nice) {
        if (nice < Nice.LOWEST || nice > Nice.HIGHEST) {
            throw invalid(WEIGHT_NICE, Integer.toString(nice), "it must be between -20 and 19");
        }
        return put(weightChange(WEIGHT_NICE, nice, Integer.toString(nice)));
    }

    @Override
    Applied.Entry bandwidth(CpuMax max, String requested, Pen pen) {
        return pen.put(change(MAX, requested, max.toString())
                .feature("cpu")
                .refusedAs(refused -> refused.is(Errno.EINVAL)
                        ? new UnsupportedLimit(
                                Failure.of("write", path().resolve(MAX))
                                        .value(max.toString())
                                        .errno("EINVAL")
                                        .why("the quota must be 1000 us or more and not below "
                                                + burst().map(CpuMax::text).orElse("the burst") + " us of " + BURST),
                                refused)
                        : refused));
    }

    @Override
    Applied.Entry weight(int weight, Pen pen) {
        return pen.put(weightChange(weight));
    }

    @Override
    String burstFile() {
        return BURST;
    }

    @Override
    String weightFile() {
        return WEIGHT;
    }

    private Change weightChange(int weight) {
        requireBetween(WEIGHT, weight, ShareConversion.MIN_WEIGHT, ShareConversion.MAX_WEIGHT);
        return weightChange(WEIGHT, weight, Integer.toString(weight)).feature("cpuWeight");
    }
}
