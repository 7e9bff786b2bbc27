package dev.corral.cgroups;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * CPU bandwidth: how much CPU time, all CPUs added up, a group may use in each period.
 *
 * <p>Source: {@code cpu.max} of cgroup-v2.rst, {@code cpu.cfs_quota_us} and {@code cpu.cfs_period_us} of sched-bwc.rst.
 *
 * @param quota the time for one period, 1 ms or more, in whole microseconds; or no limit
 * @param period 1 ms to 1 s, in whole microseconds
 */
public record CpuMax(Limit<Duration> quota, Duration period) {
    static final Duration SHORTEST = Duration.ofMillis(1);
    static final Duration LONGEST_PERIOD = Duration.ofSeconds(1);
    static final Duration USUAL_PERIOD = Duration.ofMillis(100);
    private static final Pattern TEXT = Pattern.compile("(max|[0-9]{1,16})(?:[ \t]+([0-9]{1,16}))?");
    private static final long MICROS = 1_000_000;
    private static final long SYSTEMD_STEP = 10_000;

    /** Refuses what the kernel would refuse, with an IllegalArgumentException. */
    public CpuMax {
        quota.value().ifPresent(CpuMax::checkQuota);
        checkPeriod(period);
    }

    /** So much CPU time in each period. */
    public static CpuMax of(Duration quota, Duration period) {
        return new CpuMax(Limit.of(quota), period);
    }

    /** So many CPUs' worth of time in periods of 100 ms; 0.5 is {@code 50000 100000}. 0.01 or more. */
    public static CpuMax cpus(double count) {
        return of(Duration.of(Limits.quotaMicros(count), ChronoUnit.MICROS), USUAL_PERIOD);
    }

    /** No limit, in periods of 100 ms. */
    public static CpuMax unlimited() {
        return new CpuMax(Limit.max(), USUAL_PERIOD);
    }

    /** Reads {@code cpu.max}: {@code 50000 100000}, {@code max 100000}; without a period it is 100 ms. */
    public static CpuMax parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a CPU bandwidth: \"" + text.strip() + "\"; write for instance"
                    + " \"50000 100000\" or \"max 100000\"");
        }
        Duration period =
                Optional.ofNullable(matcher.group(2)).map(CpuMax::micros).orElse(USUAL_PERIOD);
        return new CpuMax(matcher.group(1).equals("max") ? Limit.max() : Limit.of(micros(matcher.group(1))), period);
    }

    /** How many CPUs' worth of time that is; empty when unlimited. */
    public OptionalDouble cpus() {
        return quota.value().isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of((double) micros(quota.value().get()) / micros(period));
    }

    /**
     * The time for each second as systemd keeps it in CPUQuotaPerSecUSec, rounded up to 10 ms; empty when unlimited.
     * Source: bus_cgroup_set_cpu_quota of systemd; org.freedesktop.systemd1(5).
     */
    public Optional<Duration> perSecond() {
        return quota.value().map(time -> Duration.of(perSecondMicros(time), ChronoUnit.MICROS));
    }

    /** The bandwidth that systemd makes of this one: the same period, and the quota that fits {@link #perSecond()}. */
    public CpuMax asSystemdKeepsIt() {
        return new CpuMax(
                quota.value()
                        .<Limit<Duration>>map(time -> Limit.of(
                                Duration.of(scaled(perSecondMicros(time), micros(period), MICROS), ChronoUnit.MICROS)))
                        .orElseGet(Limit::max),
                period);
    }

    /** As {@code cpu.max} has it. */
    @Override
    public String toString() {
        return quota.value().map(CpuMax::text).orElse("max") + " " + text(period);
    }

    /** Whether a group with this bandwidth may use more of a CPU than one with the other. */
    boolean exceeds(CpuMax other) {
        if (other.quota.isMax()) {
            return false;
        }
        return quota.isMax() || cpus().orElseThrow() > other.cpus().orElseThrow();
    }

    static String text(Duration time) {
        return Long.toString(micros(time));
    }

    static Duration checkPeriod(Duration period) {
        if (period.compareTo(SHORTEST) < 0 || period.compareTo(LONGEST_PERIOD) > 0) {
            throw new IllegalArgumentException(
                    "period of " + text(period) + " us: it must be between 1000 and 1000000 us");
        }
        return whole(period);
    }

    static Duration checkQuota(Duration quota) {
        if (quota.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("quota of " + text(quota) + " us is below the minimum of 1000 us");
        }
        return whole(quota);
    }

    static Duration checkBurst(Duration burst) {
        if (burst.isNegative()) {
            throw new IllegalArgumentException("burst of " + text(burst) + " us: it must be 0 or more");
        }
        return whole(burst);
    }

    private long perSecondMicros(Duration time) {
        long exact = scaled(micros(time), MICROS, micros(period));
        return (exact + SYSTEMD_STEP - 1) / SYSTEMD_STEP * SYSTEMD_STEP;
    }

    /** A value times a fraction: the largest quota that the kernel takes has 44 bits, and times a million it would need 64. */
    private static long scaled(long value, long times, long by) {
        return value / by * times + value % by * times / by;
    }

    private static Duration whole(Duration time) {
        if (!time.truncatedTo(ChronoUnit.MICROS).equals(time)) {
            throw new IllegalArgumentException(time + " is not a whole number of microseconds");
        }
        return time;
    }

    private static Duration micros(String digits) {
        return Duration.of(Long.parseLong(digits), ChronoUnit.MICROS);
    }

    private static long micros(Duration time) {
        return time.getSeconds() * MICROS + time.getNano() / 1000;
    }
}
