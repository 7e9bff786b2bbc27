package dev.corral.cgroups;

import dev.corral.Applied;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import java.util.Optional;

/**
 * The cpuset controller of version 1. A group has exactly what its files say, and no process can be in it while one of the
 * two lists is empty; Corral fills both when it makes a group. Source: cpuset(7), cgroup-v1/cpusets.rst.
 */
public final class CpusetV1 extends ControllerFiles {
    static final String CPUS = "cpuset.cpus";
    static final String MEMS = "cpuset.mems";

    CpusetV1(GroupDirectory group) {
        super(group);
    }

    @Override
    public String name() {
        return "cpuset";
    }

    /** The CPUs that its processes may run on; empty for a group that holds none yet. */
    public CpuSet cpus() {
        return set(CPUS);
    }

    /**
     * Sets {@code cpuset.cpus} here and, as far as they need it, in the groups below: those that had the same set follow,
     * the others keep what of theirs is in the new one.
     *
     * @param cpus at least one, all of them in the group above
     */
    public Applied cpus(CpuSet cpus) {
        return new CpusetTree(group, CPUS).set(cpus, Pen.writing());
    }

    /** Memory nodes. */
    public CpuSet mems() {
        return set(MEMS);
    }

    /** Sets {@code cpuset.mems} in the same way. */
    public Applied mems(CpuSet nodes) {
        return new CpusetTree(group, MEMS).set(nodes, Pen.writing());
    }

    /** What of the CPUs is online; empty before Linux 4.2. */
    public Optional<CpuSet> effectiveCpus() {
        return effective("cpuset.effective_cpus");
    }

    /** What of the memory nodes is online; empty before Linux 4.2. */
    public Optional<CpuSet> effectiveMems() {
        return effective("cpuset.effective_mems");
    }

    /** Whether no sibling may have one of its CPUs. */
    public boolean cpuExclusive() {
        return number("cpuset.cpu_exclusive") != 0;
    }

    /** Sets it; the group above must have it too. */
    public Applied.Entry cpuExclusive(boolean exclusive) {
        return flag("cpuset.cpu_exclusive", exclusive);
    }

    /** Whether no sibling may have one of its memory nodes. */
    public boolean memExclusive() {
        return number("cpuset.mem_exclusive") != 0;
    }

    /** Sets it; the group above must have it too. */
    public Applied.Entry memExclusive(boolean exclusive) {
        return flag("cpuset.mem_exclusive", exclusive);
    }

    /** Whether pages move along when the nodes change. */
    public boolean memoryMigrate() {
        return number("cpuset.memory_migrate") != 0;
    }

    /** Sets {@code cpuset.memory_migrate}. */
    public Applied.Entry memoryMigrate(boolean migrate) {
        return flag("cpuset.memory_migrate", migrate);
    }

    /** Whether the kernel balances load over its CPUs. */
    public boolean loadBalance() {
        return number("cpuset.sched_load_balance") != 0;
    }

    /** Sets {@code cpuset.sched_load_balance}. */
    public Applied.Entry loadBalance(boolean balance) {
        return flag("cpuset.sched_load_balance", balance);
    }

    /** Copies lists that are empty from the nearest group above that has them, the highest group first. */
    static void initialise(GroupDirectory group) {
        try (Held held = group.hold("write")) {
            fill(group.through(held), CPUS);
            fill(group.through(held), MEMS);
        }
    }

    private static String fill(GroupDirectory group, String file) {
        try (Edit edit = group.edit(file)) {
            String own = edit.read().map(String::strip).orElse("");
            if (!own.isEmpty()) {
                return own;
            }
            Optional<GroupDirectory> above = group.above();
            if (above.isEmpty()) {
                return own;
            }
            String theirs = above.get().text(file).map(String::strip).orElse("");
            String inherited = theirs.isEmpty() ? fill(above.get(), file) : theirs;
            if (!inherited.isEmpty()) {
                edit.write(inherited + "\n");
            }
            return inherited;
        } catch (ErrnoException e) {
            throw group.refusal().refused("write", file, "", e);
        }
    }

    private Optional<CpuSet> effective(String file) {
        return group.exists(file) ? Optional.of(set(file)) : Optional.empty();
    }

    /** What a refusal of a list of CPUs or nodes means. */
    static CgroupException refused(GroupDirectory group, String file, CpuSet asked, CgroupException e) {
        Failure failure = Failure.of("write", group.path().resolve(file))
                .value(asked.toString())
                .errno(e.errno().orElse(""));
        String what = file.startsWith(CPUS) ? "cpu" : "memory node";
        GroupDirectory top = group.upwards().get(group.upwards().size() - 1);
        CpuSet all = listed(top, file.startsWith(CPUS) ? CPUS : MEMS)
                .filter(set -> !set.isEmpty())
                .or(() -> listed(top, file.startsWith(CPUS) ? CPUS + ".effective" : MEMS + ".effective"))
                .orElseGet(CpuSet::none);
        CpuSet unknown = asked.minus(all);
        if ((e.is(Errno.ERANGE) || e.is(Errno.EINVAL)) && !all.isEmpty() && !unknown.isEmpty()) {
            return new UnsupportedLimit(failure.why(what + " " + unknown + " does not exist, there are " + all), e);
        }
        if (e.is(Errno.EACCES) && group.host().tree().writable(group.path().resolve(file))) {
            Optional<GroupDirectory> above = group.upwards().stream().skip(1).findFirst();
            String has = above.flatMap(level -> listed(level, file))
                    .map(CpuSet::toString)
                    .orElse("less");
            return new UnsupportedLimit(
                    failure.why("the group above, "
                            + above.map(GroupDirectory::path).orElse(group.path()) + ", has only " + has),
                    e);
        }
        if (e.is(Errno.EBUSY)) {
            String below = group.tree().stream()
                    .skip(1)
                    .flatMap(level -> level
                            .ifThere(there -> listed(there, file))
                            .filter(has -> !asked.containsAll(has))
                            .map(has -> "the group below, " + level.path() + " has " + has)
                            .stream())
                    .findFirst()
                    .orElse("a group below has more");
            return new UnsupportedLimit(failure.why(below), e);
        }
        return e;
    }

    static Optional<CpuSet> listed(GroupDirectory group, String file) {
        try {
            return group.text(file).map(CpuSet::parse);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
