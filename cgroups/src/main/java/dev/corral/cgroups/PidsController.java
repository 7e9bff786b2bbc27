package dev.corral.cgroups;

import dev.corral.Applied;
import java.util.Optional;

/** The pids controller, whose files are the same on both versions. Source: cgroup-v2.rst, "PID". */
abstract sealed class PidsController extends ControllerFiles permits PidsV1, PidsV2 {
    static final String MAX = "pids.max";

    PidsController(GroupDirectory group) {
        super(group);
    }

    static PidsController of(GroupDirectory group) {
        return group.hierarchy().unified() ? new PidsV2(group) : new PidsV1(group);
    }

    @Override
    public String name() {
        return "pids";
    }

    /** How many processes and threads there are, here and below. */
    public long current() {
        return number("pids.current");
    }

    /** How many there may be. */
    public Limit<Long> max() {
        String text = text(MAX);
        return KernelNumber.count(text).orElseThrow(() -> group.unreadable(MAX, text));
    }

    /**
     * Sets {@code pids.max}. A limit below what there is stops nobody but those who want to fork, and never a process that is
     * moved in; 0 lets nobody fork.
     *
     * @param most 0 to 4194304
     */
    public Applied.Entry max(Limit<Long> most) {
        most.value().ifPresent(count -> requireBetween(MAX, count, 0, Limits.MAX_PIDS));
        return put(change(MAX, most, most.toString()).noting(crowded(most)));
    }

    /** The most there were at once; empty before Linux 6.1. */
    public Optional<Long> peak() {
        return group.number("pids.peak");
    }

    /**
     * How often a fork was refused. Kernels before 6.11 count it in the group whose process wanted to fork, later ones in the
     * group whose limit it was.
     */
    public Optional<Long> refusals() {
        return group.keyed("pids.events").get("max");
    }

    /**
     * Sets the limit.
     *
     * @param payload how many the payload may have
     * @param own how many of Corral's own come on top
     */
    final Applied.Entry limit(int payload, int own, Pen pen) {
        String value = Integer.toString(Math.min(payload + own, Limits.MAX_PIDS));
        String note = own == 0 ? "" : payload + " for the payload and " + own + " for Corral's own processes";
        return pen.put(change(MAX, payload, value)
                .feature("pids")
                .noting(note)
                .noting(crowded(Limit.of(Long.parseLong(value)))));
    }

    private String crowded(Limit<Long> most) {
        long now = group.number("pids.current").orElse(0L);
        return most.value().filter(count -> count < now).isEmpty()
                ? ""
                : "there are " + now + " already: no more can be forked, and none is ended";
    }
}
