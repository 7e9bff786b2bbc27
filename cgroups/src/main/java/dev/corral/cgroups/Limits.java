package dev.corral.cgroups;

import dev.corral.ByteSize;
import dev.corral.Confinement;
import dev.corral.Launch;
import dev.corral.Requirement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What a child may use: memory, CPU time, processes, CPUs, block devices. Immutable, and the same on every version of control
 * groups: what only one of them has is with the controllers, {@link Cgroup#find}.
 *
 * <p>As a confinement it makes a group of its own for each child, sets the limits before the child exists, lets it be born
 * inside, tells when the memory limit killed it, and removes the group with the child. {@code child.find(Cgroup.class)}
 * and {@code child.find(Applied.class)} give the group and the report.
 *
 * @param memory the most memory charged at once, 1 byte or more; rounded down to a page when it is set
 * @param swap what of swap space may come on top; matters only with a memory limit
 * @param lowering what to do when a group uses more memory than its new limit
 * @param cpus how many CPUs' worth of time, 0.01 to 100000; set as a quota for each 100 ms
 * @param cpuWeight the share of the CPU among groups that want more than there is, 1 to 10000; 100 is what others have. On
 *     version 1 it becomes shares, 1024 for each 100
 * @param pids how many processes and threads the payload may have, 1 to 4194304; Corral's own come on top
 * @param cpuset the CPUs it may run on
 * @param mems the memory nodes it may allocate from
 * @param io what it may read and write in each second, at most one for each device
 * @param name the beginning of the group's name, instead of {@code corral}
 * @param parent the group to make it in, instead of that of this process
 * @param requirement what to do about a limit that can't be set
 */
public record Limits(
        Optional<ByteSize> memory,
        SwapPolicy swap,
        LowerPolicy lowering,
        OptionalDouble cpus,
        OptionalInt cpuWeight,
        OptionalInt pids,
        Optional<CpuSet> cpuset,
        Optional<CpuSet> mems,
        List<IoMax> io,
        Optional<String> name,
        Optional<Cgroup> parent,
        Requirement requirement)
        implements Confinement {
    static final int MAX_PIDS = 4_194_304;
    static final long CPU_PERIOD_MICROS = 100_000;
    private static final long MIN_QUOTA_MICROS = 1_000;
    private static final double MAX_CPUS = 100_000;

    /** Refuses a value outside its range with an IllegalArgumentException. */
    public Limits {
        memory.ifPresent(size -> {
            if (size.bytes() == 0) {
                throw new IllegalArgumentException("memory limit of 0 bytes: no program runs in it; it must be at least"
                        + " one page, 4 KiB on most machines");
            }
        });
        if (memory.isPresent()
                && swap instanceof SwapPolicy.Total total
                && total.sum().compareTo(memory.get()) < 0) {
            throw new IllegalArgumentException("memory and swap together, " + total.sum()
                    + ", must be at least the memory limit of " + memory.get());
        }
        cpus.ifPresent(count -> {
            if (!Double.isFinite(count) || count > MAX_CPUS || quotaMicros(count) < MIN_QUOTA_MICROS) {
                throw new IllegalArgumentException("limit of " + count + " CPUs: it must be between 0.01 and 100000;"
                        + " the kernel's smallest quota is 1000 us for each 100000 us");
            }
        });
        pids.ifPresent(count -> {
            if (count < 1 || count > MAX_PIDS) {
                throw new IllegalArgumentException(
                        "limit of " + count + " processes: it must be between 1 and " + MAX_PIDS);
            }
        });
        cpuWeight.ifPresent(ShareConversion::checkWeight);
        if (cpuset.filter(CpuSet::isEmpty).isPresent()
                || mems.filter(CpuSet::isEmpty).isPresent()) {
            throw new IllegalArgumentException("an empty set of CPUs or of memory nodes: no program runs in it");
        }
        io = List.copyOf(io);
        name.ifPresent(CgroupName::check);
    }

    /** No limit at all: a group of its own, and nothing more. */
    public static Limits none() {
        return new Limits(
                Optional.empty(),
                SwapPolicy.NONE,
                LowerPolicy.REFUSE_IF_ABOVE_USAGE,
                OptionalDouble.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Requirement.ENFORCE);
    }

    /** The most memory; swap is off unless {@link #swap(SwapPolicy)} says otherwise. 0 is an IllegalArgumentException. */
    public Limits memory(ByteSize most) {
        return with(draft -> draft.memory = Optional.of(most));
    }

    /** What may be swapped out of the limited memory; nothing is the default. */
    public Limits swap(SwapPolicy policy) {
        return with(draft -> draft.swap = policy);
    }

    /** What to do when a group uses more memory than its new limit; to refuse is the default. */
    public Limits lowering(LowerPolicy policy) {
        return with(draft -> draft.lowering = policy);
    }

    /** CPU time: 0.5 is half of one CPU, 2 are two. Below 0.01, and what is not finite, is an IllegalArgumentException. */
    public Limits cpus(double count) {
        return with(draft -> draft.cpus = OptionalDouble.of(count));
    }

    /** How many processes and threads the payload may have. Below 1 is an IllegalArgumentException. */
    public Limits pids(int most) {
        return with(draft -> draft.pids = OptionalInt.of(most));
    }

    /** The share of the CPU among groups that want more than there is: 1 to 10000, 100 is what others have. */
    public Limits cpuWeight(int weight) {
        return with(draft -> draft.cpuWeight = OptionalInt.of(weight));
    }

    /** The CPUs to run on. An empty set is an IllegalArgumentException. */
    public Limits cpuset(CpuSet cpus) {
        return with(draft -> draft.cpuset = Optional.of(cpus));
    }

    /** The memory nodes to allocate from. An empty set is an IllegalArgumentException. */
    public Limits mems(CpuSet nodes) {
        return with(draft -> draft.mems = Optional.of(nodes));
    }

    /** What may be read from and written to a device, in place of what was said about it before. */
    public Limits io(IoMax max) {
        List<IoMax> all = new ArrayList<>(io);
        all.removeIf(other -> other.device().equals(max.device()));
        all.add(max);
        return with(draft -> draft.io = all);
    }

    /** Begins the group's name with this; what makes it unique follows. At most 180 bytes, without a slash. */
    public Limits named(String prefix) {
        return with(draft -> draft.name = Optional.of(prefix));
    }

    /** Makes the group inside another one, whose limits then hold for both. */
    public Limits under(Cgroup group) {
        return with(draft -> draft.parent = Optional.of(group));
    }

    /** Goes on without what can't be set, and says so in {@link dev.corral.Applied}. */
    public Limits bestEffort() {
        return with(draft -> draft.requirement = Requirement.BEST_EFFORT);
    }

    /**
     * Makes the group on this host and sets the limits.
     *
     * @throws CgroupException if a limit can't be set and they are to be enforced; nothing is left behind
     */
    @Override
    public void prepare(Launch launch) {
        parent.map(Cgroup::host).orElseGet(Cgroups::detect).confine(this).prepare(launch);
    }

    /** What is needed to set them. */
    Set<Controller> controllers() {
        Set<Controller> needed = EnumSet.noneOf(Controller.class);
        for (Controller controller : Controller.values()) {
            if (asks(controller)) {
                needed.add(controller);
            }
        }
        return needed;
    }

    private boolean asks(Controller controller) {
        return switch (controller) {
            case MEMORY -> memory.isPresent();
            case CPU -> cpus.isPresent() || cpuWeight.isPresent();
            case PIDS -> pids.isPresent();
            case CPUSET -> cpuset.isPresent() || mems.isPresent();
            case IO -> !io.isEmpty();
        };
    }

    /** The value of a controller as the caller gave it; empty text if it was given none. */
    String requested(Controller controller) {
        return switch (controller) {
            case MEMORY -> memory.map(ByteSize::toString).orElse("");
            case CPU -> {
                StringJoiner both = new StringJoiner(", ");
                cpus.ifPresent(count -> both.add(count + " CPUs"));
                cpuWeight.ifPresent(weight -> both.add("weight " + weight));
                yield both.toString();
            }
            case PIDS -> pids.isPresent() ? Integer.toString(pids.getAsInt()) : "";
            case CPUSET -> {
                StringJoiner both = new StringJoiner(", ");
                cpuset.ifPresent(set -> both.add("cpus " + set));
                mems.ifPresent(set -> both.add("memory nodes " + set));
                yield both.toString();
            }
            case IO -> io.stream().map(IoMax::toString).collect(Collectors.joining(", "));
        };
    }

    Limits without(Controller controller) {
        return with(draft -> {
            switch (controller) {
                case MEMORY -> draft.memory = Optional.empty();
                case CPU -> {
                    draft.cpus = OptionalDouble.empty();
                    draft.cpuWeight = OptionalInt.empty();
                }
                case PIDS -> draft.pids = OptionalInt.empty();
                case CPUSET -> {
                    draft.cpuset = Optional.empty();
                    draft.mems = Optional.empty();
                }
                case IO -> draft.io = List.of();
            }
        });
    }

    private Limits with(Consumer<LimitsDraft> change) {
        LimitsDraft draft = new LimitsDraft(this);
        change.accept(draft);
        return draft.limits();
    }

    /** The quota of CPU time for one period of 100 ms. */
    static long quotaMicros(double cpus) {
        return Math.round(cpus * CPU_PERIOD_MICROS);
    }
}
