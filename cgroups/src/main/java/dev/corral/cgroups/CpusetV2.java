package dev.corral.cgroups;

import dev.corral.Applied;
import java.util.Optional;

/**
 * The cpuset controller of version 2. An empty list takes over what the group above has; what is asked for and what the group
 * really has may differ, and the effective lists tell. Source: cgroup-v2.rst, "Cpuset".
 */
public final class CpusetV2 extends ControllerFiles {
    private static final String EFFECTIVE = ".effective";
    private static final String EXCLUSIVE = "cpuset.cpus.exclusive";
    private static final String PARTITION = "cpuset.cpus.partition";

    CpusetV2(GroupDirectory group) {
        super(group);
    }

    @Override
    public String name() {
        return "cpuset";
    }

    /** What was asked for; empty to take over what the group above has. */
    public CpuSet cpus() {
        return set(CpusetV1.CPUS);
    }

    /** Sets {@code cpuset.cpus}; {@link CpuSet#none()} clears it. The report says when the group really has less. */
    public Applied.Entry cpus(CpuSet cpus) {
        return set(CpusetV1.CPUS, cpus, Pen.writing());
    }

    /** The CPUs that its processes can run on. */
    public CpuSet effectiveCpus() {
        return set(CpusetV1.CPUS + EFFECTIVE);
    }

    /** Memory nodes that were asked for; empty to take over what the group above has. */
    public CpuSet mems() {
        return set(CpusetV1.MEMS);
    }

    /** Sets {@code cpuset.mems}; {@link CpuSet#none()} clears it. */
    public Applied.Entry mems(CpuSet nodes) {
        return set(CpusetV1.MEMS, nodes, Pen.writing());
    }

    /** The memory nodes that it really has: what the groups above leave of its own list. */
    public CpuSet effectiveMems() {
        return set(CpusetV1.MEMS + EFFECTIVE);
    }

    /** CPUs kept for partitions below; empty before Linux 6.7. */
    public Optional<CpuSet> exclusiveCpus() {
        return group.exists(EXCLUSIVE) ? Optional.of(set(EXCLUSIVE)) : Optional.empty();
    }

    /** Sets {@code cpuset.cpus.exclusive}, Linux 6.7; {@link CpuSet#none()} clears it. */
    public Applied.Entry exclusiveCpus(CpuSet cpus) {
        return put(list(EXCLUSIVE, cpus));
    }

    /** What of the exclusive CPUs the group really has; empty before Linux 6.7. */
    public Optional<CpuSet> effectiveExclusiveCpus() {
        String file = EXCLUSIVE + EFFECTIVE;
        return group.exists(file) ? Optional.of(set(file)) : Optional.empty();
    }

    /** Whether it is a partition, with CPUs of its own, and whether that holds. */
    public Partition partition() {
        String text = text(PARTITION);
        return Partition.parse(text).orElseThrow(() -> group.unreadable(PARTITION, text));
    }

    /**
     * Sets {@code cpuset.cpus.partition}. The kernel takes it even when it can't hold, and tells the reason; that is in the
     * note, and in what is returned by {@link #partition()}.
     */
    public Applied.Entry partition(Partition.Kind kind) {
        Applied.Entry entry =
                put(change(PARTITION, kind, kind.kernelName()).seen(text -> text.split(" ", 2)[0], kind.kernelName()));
        return entry.noting(
                partition().invalid().map(why -> "it does not hold: " + why).orElse(""));
    }

    /** Sets one of the two lists. */
    Applied.Entry set(String file, CpuSet wanted, Pen pen) {
        Applied.Entry entry = pen.put(list(file, wanted));
        Optional<CpuSet> effective = CpusetV1.listed(group, file + EFFECTIVE)
                .filter(has -> !wanted.isEmpty() && !has.equals(wanted) && !pen.isDry());
        return entry.noting(effective.map(has -> "effective is " + has).orElse(""));
    }

    private Change list(String file, CpuSet wanted) {
        return change(file, wanted.isEmpty() ? "none" : wanted, wanted.toString())
                .seen(CpusetTree::canonical, wanted.toString())
                .refusedAs(e -> CpusetV1.refused(group, file, wanted, e));
    }
}
