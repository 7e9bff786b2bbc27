package dev.corral.cgroups;

import java.util.ArrayList;
import java.util.List;

/**
 * Which parts of a {@link Usage} to read: what is not read costs nothing. An immutable value.
 *
 * <p>{@code StatMask.CPU} is a mask by itself; {@code StatMask.of(CPU, MEMORY)} joins several.
 */
public final class StatMask {
    /** CPU time, and throttling. */
    public static final StatMask CPU = new StatMask(1);
    /** Memory, by what it is used for. */
    public static final StatMask MEMORY = new StatMask(2);
    /** Processes and threads. */
    public static final StatMask PIDS = new StatMask(4);
    /** Reads and writes of block devices. */
    public static final StatMask IO = new StatMask(8);
    /** Huge pages. */
    public static final StatMask HUGETLB = new StatMask(16);
    /** How long tasks waited for what they lacked. */
    public static final StatMask PRESSURE = new StatMask(32);
    /** How many groups there are below. */
    public static final StatMask TREE = new StatMask(64);
    /** Every part. */
    public static final StatMask ALL = new StatMask(127);

    private static final List<String> NAMES = List.of("CPU", "MEMORY", "PIDS", "IO", "HUGETLB", "PRESSURE", "TREE");

    private final int bits;

    private StatMask(int bits) {
        this.bits = bits;
    }

    /** All that is in one of the masks. */
    public static StatMask of(StatMask first, StatMask... more) {
        int bits = first.bits;
        for (StatMask mask : more) {
            bits |= mask.bits;
        }
        return new StatMask(bits);
    }

    /** What of it a snapshot does not have. */
    StatMask without(Usage usage) {
        int present = (usage.cpu().isPresent() ? CPU.bits : 0)
                | (usage.memory().isPresent() ? MEMORY.bits : 0)
                | (usage.pids().isPresent() ? PIDS.bits : 0)
                | (usage.io().isPresent() ? IO.bits : 0)
                | (usage.hugetlb().isPresent() ? HUGETLB.bits : 0)
                | (usage.pressure().isPresent() ? PRESSURE.bits : 0)
                | (usage.tree().isPresent() ? TREE.bits : 0);
        return new StatMask(bits & ~present);
    }

    /** Whether all of another mask is in this one. */
    public boolean has(StatMask part) {
        return (bits & part.bits) == part.bits;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StatMask mask && bits == mask.bits;
    }

    @Override
    public int hashCode() {
        return bits;
    }

    /** As {@code [CPU, PIDS]}. */
    @Override
    public String toString() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            if ((bits & 1 << i) != 0) {
                names.add(NAMES.get(i));
            }
        }
        return names.toString();
    }
}
