package dev.corral.internal.launch;

import dev.corral.internal.linux.Errno;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One launch as data, written as {@code plan.h} lays it out, and the descriptors it speaks of, which stay the caller's.
 * Filled and used by one thread.
 */
public final class LaunchPlan {
    /** What the launcher takes, in bytes. */
    public static final int MOST_BYTES = 16 << 20;
    /** What the launcher takes, the six fixed ones included. */
    public static final int MOST_DESCRIPTORS = 1024;

    static final int FIXED_DESCRIPTORS = 6;

    /** What is left of them for what a caller asks for. */
    public static final int MOST_OF_CALLERS = MOST_DESCRIPTORS - FIXED_DESCRIPTORS;

    /** CLONE_NEW… of sched.h, by the names of {@code /proc/PID/ns}. */
    private static final Map<String, Integer> CLONE = Map.of(
            "time", 0x0000_0080,
            "mnt", 0x0002_0000,
            "cgroup", 0x0200_0000,
            "uts", 0x0400_0000,
            "ipc", 0x0800_0000,
            "user", 0x1000_0000,
            "pid", 0x2000_0000,
            "net", 0x4000_0000);

    /** What is asked for by a single bit: {@code enum plan_flag}, in its order. */
    public enum Flag {
        SETGROUPS_DENY,
        LOOPBACK,
        NEW_ROOT,
        ROOT_READ_ONLY,
        MAP_BY_JVM,
        WAIT_NETWORK,
        WAIT_START,
        WAIT_ALL,
        NEW_PRIVILEGES,
        KEYRING,
        TERMINAL,
        IDS,
        CAPABILITIES,
        UMASK,
        NICE,
        POLICY,
        IO_PRIORITY,
        OOM_SCORE,
        TIME,
        NOTIFY,
        KEEP_GROUPS,
        OUTLIVE
    }

    /** Texts that are there once or not at all: {@code enum plan_texts}, in its order. */
    public enum Text {
        USER_MAP,
        GROUP_MAP,
        HOST_NAME,
        DOMAIN_NAME,
        DIRECTORY,
        ROOT
    }

    /** Single numbers: those at the end of {@code struct plan_header}, in their order. */
    public enum Scalar {
        LANDLOCK_FILES(8),
        LANDLOCK_NETWORK(8),
        LANDLOCK_SCOPES(8),
        TIME_BOOT(8),
        TIME_MONOTONIC(8),
        TIME_BOOT_NANOS(4),
        TIME_MONOTONIC_NANOS(4),
        USER(4),
        GROUP(4),
        UMASK(4),
        NICE(4),
        POLICY(4),
        PRIORITY(4),
        IO_PRIORITY(4),
        OOM_SCORE(4),
        COLUMNS(4),
        ROWS(4);

        final int size;

        Scalar(int size) {
            this.size = size;
        }
    }

    /** How one entry of the new file tree is made: {@code enum mount_kind}, in its order from 1 on. */
    public enum MountKind {
        BIND,
        TMPFS,
        PROC,
        SYSFS,
        MQUEUE,
        CGROUP2,
        DEVPTS,
        DEV,
        OVERLAY,
        DIRECTORY,
        SYMLINK,
        FILE,
        MASK,
        READ_ONLY,
        LAYER
    }

    /**
     * One entry of the new file tree.
     *
     * @param flags {@code enum mount_flag}
     * @param target absolute, in the new tree
     * @param source for binds, links and layers of overlays; else empty text
     * @param data options; may be empty text
     * @param descriptor index of what is bound or of a file's content, if the kind has one
     */
    public record Mount(
            MountKind kind, int flags, String target, String source, String data, OptionalInt descriptor, int mode) {}

    record Rlimit(int resource, long soft, long hard) {}

    record Join(int descriptor, int kinds) {}

    record Rule(long access, String path, int port) {}

    record Pass(int descriptor, int number) {}

    final List<String> arguments;
    final List<String> variables;
    final List<String> programs;
    final Set<Flag> flags = EnumSet.noneOf(Flag.class);
    final Map<Text, String> texts = new EnumMap<>(Text.class);
    final Map<Scalar, Long> scalars = new EnumMap<>(Scalar.class);
    final List<Mount> mounts = new ArrayList<>();
    final List<Rlimit> rlimits = new ArrayList<>();
    final List<Join> joins = new ArrayList<>();
    final List<Rule> rules = new ArrayList<>();
    final List<Pass> passes = new ArrayList<>();
    final List<Integer> groupFiles = new ArrayList<>();
    long[] capabilities = new long[5];
    byte[] filter = {};
    long[] cpus = {};
    int[] groups = {};
    int namespaces;
    OptionalInt group = OptionalInt.empty();
    OptionalInt root = OptionalInt.empty();
    private final List<Integer> descriptors = new ArrayList<>();

    /**
     * A plan that starts a program and nothing else.
     *
     * @param arguments what the program sees, its own name first; not empty
     * @param variables {@code NAME=value}
     * @param programs paths to try in turn, as execvp would; not empty
     */
    public LaunchPlan(List<String> arguments, List<String> variables, List<String> programs) {
        this.arguments = List.copyOf(arguments);
        this.variables = List.copyOf(variables);
        this.programs = List.copyOf(programs);
    }

    /** Registers a descriptor, and answers the index by which the plan knows it. */
    public int descriptor(int number) {
        descriptors.add(number);
        return FIXED_DESCRIPTORS + descriptors.size() - 1;
    }

    List<Integer> descriptors() {
        return descriptors;
    }

    public LaunchPlan flag(Flag flag) {
        flags.add(flag);
        return this;
    }

    public LaunchPlan flag(Flag flag, boolean wanted) {
        return wanted ? flag(flag) : this;
    }

    boolean has(Flag flag) {
        return flags.contains(flag);
    }

    public LaunchPlan text(Text which, String text) {
        texts.put(which, text);
        return this;
    }

    public LaunchPlan scalar(Scalar which, long value) {
        scalars.put(which, value);
        return this;
    }

    /** Names of {@code /proc/PID/ns}. */
    public LaunchPlan namespaces(Collection<String> kinds) {
        namespaces |= bits(kinds);
        return this;
    }

    /** A descriptor of the v2 group to be born in. */
    public LaunchPlan group(int directory) {
        group = OptionalInt.of(descriptor(directory));
        return this;
    }

    /** A cgroup.procs to be written to. */
    public LaunchPlan groupFile(int procs) {
        groupFiles.add(descriptor(procs));
        return this;
    }

    /** The directory that becomes the root. */
    public LaunchPlan root(int directory, String path) {
        root = OptionalInt.of(descriptor(directory));
        return flag(Flag.NEW_ROOT).text(Text.ROOT, path);
    }

    public LaunchPlan mount(Mount mount) {
        mounts.add(mount);
        return this;
    }

    /** RLIMIT_… by its number; all ones for no limit. */
    public LaunchPlan rlimit(int resource, long soft, long hard) {
        rlimits.add(new Rlimit(resource, soft, hard));
        return this;
    }

    /** Joins the namespace of a descriptor, or those of the process that a pidfd names. */
    public LaunchPlan join(int number, Collection<String> kinds) {
        joins.add(new Join(descriptor(number), bits(kinds)));
        return this;
    }

    public LaunchPlan pathRule(long access, String path) {
        rules.add(new Rule(access, path, 0));
        return this;
    }

    public LaunchPlan portRule(long access, int port) {
        rules.add(new Rule(access, "", port));
        return this;
    }

    /** Gives the payload a descriptor under a number of its own, 3 or more. */
    public LaunchPlan pass(int number, int asNumber) {
        passes.add(new Pass(descriptor(number), asNumber));
        return this;
    }

    /** Masks of the bounding, permitted, effective, inheritable and ambient set. */
    public LaunchPlan capabilities(long... sets) {
        capabilities = sets.clone();
        return flag(Flag.CAPABILITIES);
    }

    /** A classic BPF program, struct sock_filter after struct sock_filter. */
    public LaunchPlan filter(byte[] program) {
        filter = program.clone();
        return this;
    }

    /** An affinity mask, 64 processors a word. */
    public LaunchPlan cpus(long[] mask) {
        cpus = mask.clone();
        return this;
    }

    public LaunchPlan ids(long user, long groupId, Collection<Long> supplementary) {
        groups = supplementary.stream().mapToInt(Long::intValue).toArray();
        return flag(Flag.IDS).scalar(Scalar.USER, user).scalar(Scalar.GROUP, groupId);
    }

    static int bits(Collection<String> kinds) {
        return kinds.stream().mapToInt(CLONE::get).reduce(0, (a, b) -> a | b);
    }

    /** The plan's bytes. Throws StepFailed if they are more than the launcher takes. */
    byte[] bytes() {
        byte[] bytes = new PlanWriter(this).write();
        if (bytes.length > MOST_BYTES) {
            // What the kernel would answer, whose own limit is lower as a rule.
            throw new StepFailed(Step.EXEC, Stage.PAYLOAD, Errno.E2BIG, 0, programs.get(0));
        }
        return bytes;
    }
}
