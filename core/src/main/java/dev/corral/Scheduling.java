package dev.corral;

import java.util.BitSet;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a process gets the processors and disks, and how ready the kernel is to kill it for memory; immutable. What is not set
 * stays as it is for the JVM.
 *
 * <p>More than the JVM has takes privilege, which an ordinary user lacks: a lower nice value, a real-time policy, a lower
 * {@code oomScoreAdj}. The launch ends with {@link PrivilegeFailed} then, unless {@link #bestEffort} is asked for.
 */
public final class Scheduling implements Confinement {
    private static final int MOST_CPUS = 8192;
    private static final int MOST_SCORE = 1000;

    private final OptionalInt nice;
    private final Optional<Policy> policy;
    private final Optional<IoPriority> ioPriority;
    private final BitSet cpus;
    private final OptionalInt oomScoreAdj;

    private Scheduling(
            OptionalInt nice,
            Optional<Policy> policy,
            Optional<IoPriority> ioPriority,
            BitSet cpus,
            OptionalInt oomScoreAdj) {
        this.nice = nice;
        this.policy = policy;
        this.ioPriority = ioPriority;
        this.cpus = cpus;
        this.oomScoreAdj = oomScoreAdj;
    }

    /** A scheduling policy. Source: sched(7). */
    public enum Policy {
        /** The usual one. */
        OTHER(0, 0),
        /** For work that nobody waits for. */
        BATCH(3, 0),
        /** Only when nothing else wants to run. */
        IDLE(5, 0),
        /** Real time with time slices, at its lowest priority. */
        ROUND_ROBIN(2, 1),
        /** Real time until it waits, at its lowest priority. */
        FIFO(1, 1);

        final int number;
        final int priority;

        Policy(int number, int priority) {
            this.number = number;
            this.priority = priority;
        }
    }

    /**
     * An I/O priority. Source: ioprio_set(2).
     *
     * @param level 0, the most urgent, to 7; 0 for {@link Kind#IDLE}
     */
    public record IoPriority(Kind kind, int level) {
        /** A class of I/O priorities. */
        public enum Kind {
            REAL_TIME(1),
            BEST_EFFORT(2),
            IDLE(3);

            private final int number;

            Kind(int number) {
                this.number = number;
            }
        }

        public IoPriority {
            if (level < 0 || level > 7 || (kind == Kind.IDLE && level != 0)) {
                throw new IllegalArgumentException(
                        "I/O priority " + kind + " " + level + ": levels go from 0 to 7, idle" + " has none but 0");
            }
        }

        int number() {
            return (kind.number << 13) | level;
        }
    }

    /** Everything as it is for the JVM. */
    public static Scheduling inherited() {
        return new Scheduling(
                OptionalInt.empty(), Optional.empty(), Optional.empty(), new BitSet(), OptionalInt.empty());
    }

    /** With a nice value of −20, the most favoured, to 19. */
    public Scheduling nice(int value) {
        if (value < -20 || value > 19) {
            throw new IllegalArgumentException("nice " + value + ": it lies between -20 and 19");
        }
        return new Scheduling(OptionalInt.of(value), policy, ioPriority, cpus, oomScoreAdj);
    }

    /** With a policy of the scheduler. Source: sched(7). */
    public Scheduling policy(Policy which) {
        return new Scheduling(nice, Optional.of(which), ioPriority, cpus, oomScoreAdj);
    }

    /** With a priority of its input and output. Source: ioprio_set(2). */
    public Scheduling ioPriority(IoPriority priority) {
        return new Scheduling(nice, policy, Optional.of(priority), cpus, oomScoreAdj);
    }

    /** On these processors only, numbered from 0 as in {@code /proc/cpuinfo}. */
    public Scheduling cpus(int first, int... more) {
        BitSet set = new BitSet();
        set.set(checked(first));
        for (int cpu : more) {
            set.set(checked(cpu));
        }
        return new Scheduling(nice, policy, ioPriority, set, oomScoreAdj);
    }

    private static int checked(int cpu) {
        if (cpu < 0 || cpu >= MOST_CPUS) {
            throw new IllegalArgumentException("processor " + cpu + ": they are numbered from 0 to " + (MOST_CPUS - 1));
        }
        return cpu;
    }

    /** With a correction of −1000, never, to 1000, first. Source: proc_pid_oom_score_adj(5). */
    public Scheduling oomScoreAdj(int score) {
        if (score < -MOST_SCORE || score > MOST_SCORE) {
            throw new IllegalArgumentException("oom_score_adj " + score + ": it lies between -1000 and 1000");
        }
        return new Scheduling(nice, policy, ioPriority, cpus, OptionalInt.of(score));
    }

    OptionalInt nice() {
        return nice;
    }

    Optional<Policy> policy() {
        return policy;
    }

    Optional<IoPriority> ioPriority() {
        return ioPriority;
    }

    BitSet cpuSet() {
        return (BitSet) cpus.clone();
    }

    long[] cpus() {
        return cpus.toLongArray();
    }

    OptionalInt oomScoreAdj() {
        return oomScoreAdj;
    }

    @Override
    public void prepare(Launch launch) {
        launch.scheduling(this);
    }

    /** The same without what this host refuses, one by one: {@link Child#applied()} tells what, and why. */
    public Confinement bestEffort() {
        return launch -> {
            BestEffort here = new BestEffort();
            launch.scheduling(attainable(here));
            launch.provide(here.applied());
        };
    }

    private Scheduling attainable(BestEffort here) {
        Scheduling none = inherited();
        BitSet everywhere = new BitSet();
        return new Scheduling(
                nice.stream()
                        .filter(value -> here.has("nice", Integer.toString(value), none.nice(value)))
                        .findFirst(),
                policy.filter(value -> here.has("scheduling policy", value.toString(), none.policy(value))),
                ioPriority.filter(value -> here.has("I/O priority", value.toString(), none.ioPriority(value))),
                cpus.isEmpty()
                                || here.has(
                                        "cpus",
                                        cpus.toString(),
                                        new Scheduling(
                                                OptionalInt.empty(),
                                                Optional.empty(),
                                                Optional.empty(),
                                                cpus,
                                                OptionalInt.empty()))
                        ? cpus
                        : everywhere,
                oomScoreAdj.stream()
                        .filter(value -> here.has("oom_score_adj", Integer.toString(value), none.oomScoreAdj(value)))
                        .findFirst());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Scheduling that
                && nice.equals(that.nice)
                && policy.equals(that.policy)
                && ioPriority.equals(that.ioPriority)
                && cpus.equals(that.cpus)
                && oomScoreAdj.equals(that.oomScoreAdj);
    }

    @Override
    public int hashCode() {
        return Objects.hash(nice, policy, ioPriority, cpus, oomScoreAdj);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Scheduling[");
        nice.ifPresent(value -> text.append("nice ").append(value).append(' '));
        policy.ifPresent(value -> text.append(value).append(' '));
        ioPriority.ifPresent(value -> text.append(value).append(' '));
        if (!cpus.isEmpty()) {
            text.append("cpus ").append(cpus).append(' ');
        }
        oomScoreAdj.ifPresent(value -> text.append("oom ").append(value).append(' '));
        return text.toString().strip() + "]";
    }
}
