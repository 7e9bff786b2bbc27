package dev.corral.cgroups;

import dev.corral.Applied;
import dev.corral.internal.linux.Errno;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** CPU bandwidth of one group. */
abstract sealed class CpuController extends ControllerFiles permits CpuV1, CpuV2 {
    static final String IDLE = "cpu.idle";

    CpuController(GroupDirectory group) {
        super(group);
    }

    static CpuController of(GroupDirectory group) {
        return group.hierarchy().unified() ? new CpuV2(group) : new CpuV1(group);
    }

    @Override
    public String name() {
        return "cpu";
    }

    /** Quota and period as they are. */
    public abstract CpuMax bandwidth();

    /** Sets quota and period; one entry, under the name {@code cpu}. */
    abstract Applied.Entry bandwidth(CpuMax max, String requested, Pen pen);

    /** Sets a weight on the scale of version 2. */
    abstract Applied.Entry weight(int weight, Pen pen);

    /** The same for a group that may be gone. */
    final Applied bandwidth(CpuMax max, Optional<Duration> burst) {
        group.requireAlive("write", burstFile());
        return bandwidth(max, max.toString(), burst, Pen.writing());
    }

    abstract String burstFile();

    abstract String weightFile();

    /**
     * Sets the bandwidth with a burst that must not exceed the quota at any moment: one that is above the new quota comes
     * down before it, and a larger one comes after it.
     *
     * @param burst empty to leave it, save that it comes down to the new quota
     */
    final Applied bandwidth(CpuMax max, String requested, Optional<Duration> burst, Pen pen) {
        List<Applied.Entry> entries = new ArrayList<>();
        max.quota()
                .value()
                .filter(quota -> burst.isPresent() && burst.get().compareTo(quota) > 0)
                .ifPresent(quota -> {
                    throw invalid(
                            burstFile(),
                            CpuMax.text(burst.orElseThrow()),
                            "a burst can't be above the quota, " + CpuMax.text(quota) + " us");
                });
        Optional<Duration> now = burst();
        boolean first = now.isPresent()
                && max.quota()
                        .value()
                        .filter(quota -> now.get().compareTo(quota) > 0)
                        .isPresent();
        if (first) {
            Duration lower = burst.orElseGet(() -> max.quota().value().orElseThrow());
            String note = burst.isPresent() ? "" : "lowered from " + CpuMax.text(now.get()) + " us with the quota";
            entries.add(pen.put(burstChange(lower).noting(note)));
        }
        entries.add(bandwidth(max, requested, pen));
        if (!first && burst.isPresent()) {
            entries.add(pen.put(burstChange(burst.get())));
        }
        return new Applied(entries);
    }

    /** Time saved up from periods with less work, for use on top of the quota; empty before Linux 5.14, on version 2 5.15. */
    public Optional<Duration> burst() {
        return group.number(burstFile()).map(micros -> Duration.of(micros, ChronoUnit.MICROS));
    }

    /**
     * Sets the burst.
     *
     * @param burst 0 to the quota, in whole microseconds
     */
    public Applied.Entry burst(Duration burst) {
        return put(burstChange(CpuMax.checkBurst(burst)));
    }

    /** Whether its processes run only when nobody else wants the CPU; empty before Linux 5.15. */
    public Optional<Boolean> idle() {
        return flag(IDLE);
    }

    /**
     * Lets its processes run only when nobody else wants the CPU, or ends that. Both set the weight back to the kernel's
     * default, and while it idles no weight can be set; {@link #weight} and its neighbours say so.
     */
    public Applied.Entry idle(boolean on) {
        group.requireAlive("write", IDLE);
        String before = group.text(weightFile()).map(String::strip).orElse("");
        Applied.Entry entry = put(change(IDLE, on, on ? "1" : "0"));
        String after = group.text(weightFile()).map(String::strip).orElse("");
        return entry.noting(
                entry.written().isEmpty() ? "" : weightFile() + " was " + before + " and is " + after + " now");
    }

    /** Makes it run like the others again, with a weight. */
    final Applied busy(Change weight) {
        Applied.Entry idle = idle(false);
        return new Applied(List.of(idle, put(weight)));
    }

    final Change weightChange(String file, Object requested, String value) {
        return change(file, requested, value).refusedAs(refused -> {
            boolean idle = refused.is(Errno.EINVAL) && idle().orElse(false);
            return idle
                    ? new UnsupportedLimit(
                            Failure.of("write", path().resolve(file))
                                    .value(value)
                                    .errno("EINVAL")
                                    .why(path() + " is idle")
                                    .hint("clear cpu.idle first"),
                            refused)
                    : refused;
        });
    }

    private Change burstChange(Duration burst) {
        String value = CpuMax.text(burst);
        return change(burstFile(), value + " us", value)
                .refusedAs(refused -> refused.is(Errno.EINVAL)
                        ? new UnsupportedLimit(
                                Failure.of("write", path().resolve(burstFile()))
                                        .value(value)
                                        .errno("EINVAL")
                                        .why("a burst can't be above the quota, and the bandwidth is " + bandwidth()),
                                refused)
                        : refused);
    }
}
