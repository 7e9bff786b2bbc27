package dev.corral.cgroups;

import dev.corral.ByteSize;
import dev.corral.Confinement;
import dev.corral.Launch;
import dev.corral.Requirement;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a child may use: memory, CPU time, processes. Immutable, and the same on every version of control groups.
 *
 * <p>As a confinement it makes a group of its own for each child, sets the limits before the child exists, lets it be born
 * inside, tells when the memory limit killed it, and removes the group with the child. {@code child.find(Cgroup.class)}
 * and {@code child.find(Applied.class)} give the group and the report.
 *
 * @param memory the most memory charged at once, 1 byte or more; rounded down to a page when it is set
 * @param swap what of swap space may come on top; matters only with a memory limit
 * @param cpus how many CPUs' worth of time, 0.01 to 100000; set as a quota for each 100 ms
 * @param pids how many processes and threads the payload may have, 1 to 4194304; Corral's own come on top
 * @param name the beginning of the group's name, instead of {@code corral}
 * @param parent the group to make it in, instead of that of this process
 * @param requirement what to do about a limit that can't be set
 */
public record Limits(
        Optional<ByteSize> memory,
        SwapPolicy swap,
        OptionalDouble cpus,
        OptionalInt pids,
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
        name.ifPresent(CgroupName::check);
    }

    /** No limit at all: a group of its own, and nothing more. */
    public static Limits none() {
        return new Limits(
                Optional.empty(),
                SwapPolicy.NONE,
                OptionalDouble.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Requirement.ENFORCE);
    }

    /** The most memory; swap is off unless {@link #swap(SwapPolicy)} says otherwise. 0 is an IllegalArgumentException. */
    public Limits memory(ByteSize most) {
        return new Limits(Optional.of(most), swap, cpus, pids, name, parent, requirement);
    }

    public Limits swap(SwapPolicy policy) {
        return new Limits(memory, policy, cpus, pids, name, parent, requirement);
    }

    /** CPU time: 0.5 is half of one CPU, 2 are two. Below 0.01, and what is not finite, is an IllegalArgumentException. */
    public Limits cpus(double count) {
        return new Limits(memory, swap, OptionalDouble.of(count), pids, name, parent, requirement);
    }

    /** How many processes and threads the payload may have. Below 1 is an IllegalArgumentException. */
    public Limits pids(int most) {
        return new Limits(memory, swap, cpus, OptionalInt.of(most), name, parent, requirement);
    }

    /** Begins the group's name with this; what makes it unique follows. At most 180 bytes, without a slash. */
    public Limits named(String prefix) {
        return new Limits(memory, swap, cpus, pids, Optional.of(prefix), parent, requirement);
    }

    /** Makes the group inside another one, whose limits then hold for both. */
    public Limits under(Cgroup group) {
        return new Limits(memory, swap, cpus, pids, name, Optional.of(group), requirement);
    }

    /** Goes on without what can't be set, and says so in {@link dev.corral.Applied}. */
    public Limits bestEffort() {
        return new Limits(memory, swap, cpus, pids, name, parent, Requirement.BEST_EFFORT);
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
        memory.ifPresent(size -> needed.add(Controller.MEMORY));
        cpus.ifPresent(count -> needed.add(Controller.CPU));
        pids.ifPresent(count -> needed.add(Controller.PIDS));
        return needed;
    }

    /** The value of a controller as the caller gave it. */
    String requested(Controller controller) {
        return switch (controller) {
            case MEMORY -> memory.map(ByteSize::toString).orElse("");
            case CPU -> cpus.isPresent() ? cpus.getAsDouble() + " CPUs" : "";
            case PIDS -> pids.isPresent() ? Integer.toString(pids.getAsInt()) : "";
        };
    }

    Limits without(Controller controller) {
        return new Limits(
                controller == Controller.MEMORY ? Optional.empty() : memory,
                swap,
                controller == Controller.CPU ? OptionalDouble.empty() : cpus,
                controller == Controller.PIDS ? OptionalInt.empty() : pids,
                name,
                parent,
                requirement);
    }

    /** The quota of CPU time for one period of 100 ms. */
    static long quotaMicros(double cpus) {
        return Math.round(cpus * CPU_PERIOD_MICROS);
    }
}
