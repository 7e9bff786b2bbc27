package dev.corral;

import dev.corral.internal.linux.UtsName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The plan of one launch while confinements add to it. It says what shall hold, the launcher knows the order.
 *
 * <p>Belongs to the thread that starts the command; a confinement keeps no reference beyond {@link Confinement#prepare}.
 */
public final class Launch {
    /** The kinds of namespaces, as {@code /proc/PID/ns} spells them. */
    static final List<String> NAMESPACES = List.of("user", "mnt", "pid", "net", "uts", "ipc", "cgroup", "time");

    /** What the kernel takes of a seccomp program. */
    private static final int MOST_INSTRUCTIONS = 4096;

    private static final int INSTRUCTION = 8;

    private final Command command;
    private final List<String> problems = new ArrayList<>();
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final List<UnaryOperator<Exit>> explanations = new ArrayList<>();
    private final List<Object> provided = new ArrayList<>();
    private final List<Runnable> last = new ArrayList<>();

    final Set<String> namespaces = new LinkedHashSet<>();
    final Joins joins;
    final IdMaps idMaps = new IdMaps();
    final List<Path> groupsV1 = new ArrayList<>();
    final Map<Rlimit, Rlimit.Value> rlimits = new LinkedHashMap<>();
    final RootPlan root = new RootPlan();
    Optional<Path> groupV2 = Optional.empty();
    Optional<String> hostname = Optional.empty();
    Optional<String> domainName = Optional.empty();
    Optional<TimeOffsets> time = Optional.empty();
    Optional<Identity> identity = Optional.empty();
    Optional<Scheduling> scheduling = Optional.empty();
    Optional<long[]> capabilities = Optional.empty();
    Optional<Landlock> landlock = Optional.empty();
    Optional<Attachment> network = Optional.empty();
    Optional<Listening> listening = Optional.empty();
    byte[] filter = {};
    boolean newPrivileges;
    boolean newKeyring;
    boolean waitForAll;
    boolean loopback;
    /** Whether it goes where another child runs. */
    private boolean inside;

    Launch(Command command) {
        this.command = command;
        this.joins = new Joins(command);
    }

    /**
     * One line of a user or group id map. Source: user_namespaces(7).
     *
     * @param inside the first id inside the namespace, 0 to 2<sup>32</sup>−2
     * @param outside the first id as the JVM sees it
     * @param count how many ids, 1 or more
     */
    public record IdRange(long inside, long outside, long count) {
        private static final long LIMIT = 0xffff_ffffL;

        public IdRange {
            if (inside < 0 || outside < 0 || count < 1 || inside > LIMIT - count || outside > LIMIT - count) {
                throw new IllegalArgumentException("id range " + inside + " " + outside + " " + count
                        + ": ids lie between 0 and 4294967294, and there must be at least one");
            }
        }
    }

    record TimeOffsets(Duration boot, Duration monotonic) {}

    /**
     * Access to what lies beneath a path. Source: landlock(7).
     *
     * @param access a mask of LANDLOCK_ACCESS_FS_… rights
     */
    public record LandlockPath(Path path, long access) {}

    /**
     * Access to a TCP port. Source: landlock(7).
     *
     * @param access a mask of LANDLOCK_ACCESS_NET_… rights
     */
    public record LandlockPort(int port, long access) {}

    record Landlock(long files, long network, long scopes, List<LandlockPath> paths, List<LandlockPort> ports) {}

    /** Something the JVM does about a process that has its namespaces but waits with the rest of the set-up. */
    @FunctionalInterface
    public interface Attachment {
        /**
         * Does it. An exception ends the launch.
         *
         * @param pid the waiting process, as the JVM sees it
         * @return what undoes it; owned by the launch
         */
        AutoCloseable attach(long pid) throws Exception;
    }

    /** Somebody who answers what a seccomp filter asks. */
    @FunctionalInterface
    public interface Listening {
        /**
         * Begins to answer.
         *
         * @param descriptor the listener, which belongs to whoever is called. Source: seccomp_unotify(2)
         * @return what ends it; owned by the launch
         */
        AutoCloseable listen(int descriptor);
    }

    /** The command that is about to start. */
    public Command command() {
        return command;
    }

    /**
     * Gives the child new namespaces: any of {@code user mnt pid net uts ipc cgroup time}, the names of
     * {@code /proc/PID/ns}.
     * Another name is an IllegalArgumentException.
     */
    public Launch namespaces(Collection<String> kinds) {
        namespaces.addAll(known(kinds));
        return this;
    }

    private static Collection<String> known(Collection<String> kinds) {
        for (String kind : kinds) {
            if (!NAMESPACES.contains(kind)) {
                throw new IllegalArgumentException("namespace \"" + kind + "\": it must be one of " + NAMESPACES);
            }
        }
        return kinds;
    }

    /**
     * Lets the child join a namespace that exists: the file is one of {@code /proc/PID/ns}, a bind of such a file, or
     * {@code /proc/self/fd/N} for an open descriptor. It is opened now. With a user namespace among those joined the child is
     * root inside; one that several confinements join is entered once.
     */
    public Launch join(String kind, Path file) {
        known(List.of(kind));
        joins.file(kind, file);
        return this;
    }

    /** Lets the child join namespaces of a process, all in one step: of the one that has this pid now. */
    public Launch join(Collection<String> kinds, long pid) {
        joins.process(known(kinds), pid);
        return this;
    }

    /**
     * The same by an open pidfd, which stays the caller's. Source: pidfd_open(2).
     *
     * @throws IllegalArgumentException if it is none
     */
    public Launch joinPidfd(Collection<String> kinds, int pidfd) {
        joins.pidfd(known(kinds), pidfd);
        return this;
    }

    /**
     * The id maps of the new user namespace, instead of none: the program starts as user and group 0 inside. Needs {@code
     * user} among the namespaces, and one confinement at most gives them.
     */
    public Launch idMaps(List<IdRange> userIds, List<IdRange> groupIds) {
        if (!idMaps.set(userIds, groupIds)) {
            problems.add("two confinements give id maps");
        }
        return this;
    }

    /**
     * The same, written by the JVM through the attachment, for maps that the kernel would not take from the launcher. The
     * ranges say what will be written.
     */
    public Launch idMaps(List<IdRange> userIds, List<IdRange> groupIds, Attachment writer) {
        idMaps(userIds, groupIds);
        idMaps.writer(writer);
        return this;
    }

    /** The file tree of the child, which begins as the JVM's own. Adding to it needs {@code mnt}. */
    public RootPlan root() {
        return root;
    }

    /** Mounts a procfs of the new, or joined, pid namespace over /proc. Needs {@code mnt} and {@code pid}. */
    public Launch newProc() {
        root.proc(Path.of("/proc"));
        return this;
    }

    /**
     * Shifts the clocks of a new time namespace. Needs {@code time}. Source: time_namespaces(7).
     *
     * @param boot added to CLOCK_BOOTTIME; may be negative as long as the clock stays above 0
     * @param monotonic the same for CLOCK_MONOTONIC
     */
    public Launch timeOffsets(Duration boot, Duration monotonic) {
        time = Optional.of(new TimeOffsets(boot, monotonic));
        return this;
    }

    /** Sets the host name: 1 to 64 bytes without NUL, else an IllegalArgumentException. Needs {@code uts}. */
    public Launch hostname(String name) {
        hostname = Optional.of(UtsName.checked("host name", name));
        return this;
    }

    /** Sets the NIS domain name, with the same bounds. Needs {@code uts}. */
    public Launch domainName(String name) {
        domainName = Optional.of(UtsName.checked("domain name", name));
        return this;
    }

    /** Brings the loopback device up. Needs {@code net}. */
    public Launch loopback() {
        loopback = true;
        return this;
    }

    /** Lets the child be born in a group of the cgroup2 tree. One command has one such group at most. */
    public Launch cgroupV2(Path directory) {
        if (groupV2.isPresent()) {
            problems.add("two confinements choose its group: " + groupV2.get() + " and " + directory);
            return this;
        }
        groupV2 = Optional.of(directory);
        return this;
    }

    /** Lets the child be born in a group of a cgroup v1 hierarchy; once for each hierarchy. */
    public Launch cgroupV1(Path directory) {
        groupsV1.add(directory);
        return this;
    }

    /** Who the program runs as. One confinement at most says it. */
    public Launch identity(Identity who) {
        if (identity.isPresent()) {
            problems.add("two confinements choose its ids: " + identity.get() + " and " + who);
            return this;
        }
        identity = Optional.of(who);
        return this;
    }

    /** How it is scheduled. One confinement at most says it. */
    public Launch scheduling(Scheduling how) {
        if (scheduling.isPresent()) {
            problems.add("two confinements choose its scheduling: " + scheduling.get() + " and " + how);
            return this;
        }
        scheduling = Optional.of(how);
        return this;
    }

    /** Sets a limit of the process, in place of the JVM's own. */
    public Launch rlimit(Rlimit which, Rlimit.Value value) {
        rlimits.put(which, value);
        return this;
    }

    /**
     * The five capability sets as masks, bit n for capability n. Source: capabilities(7).
     *
     * @param ambient has to lie within permitted and inheritable, as the kernel wants it
     */
    public Launch capabilities(long bounding, long permitted, long effective, long inheritable, long ambient) {
        if (capabilities.isPresent()) {
            problems.add("two confinements choose its capabilities");
            return this;
        }
        capabilities = Optional.of(new long[] {bounding, permitted, effective, inheritable, ambient});
        return this;
    }

    /**
     * Leaves no_new_privs off, which is on otherwise: the program may gain privileges by setuid files and file
     * capabilities. Source: PR_SET_NO_NEW_PRIVS(2const).
     */
    public Launch allowNewPrivileges() {
        newPrivileges = true;
        return this;
    }

    /** A session keyring of its own, empty, instead of the JVM's. Source: session-keyring(7). */
    public Launch newKeyring() {
        newKeyring = true;
        return this;
    }

    /** Lets init stay until its last process has ended, not only the program. Needs {@code pid}. */
    public Launch waitForAll() {
        waitForAll = true;
        return this;
    }

    /**
     * A seccomp filter that is in force when the program begins. Source: seccomp(2).
     *
     * @param program struct sock_filter after struct sock_filter, in the byte order of this machine; 4,096 at most
     */
    public Launch seccomp(byte[] program) {
        if (program.length == 0 || program.length % INSTRUCTION != 0) {
            throw new IllegalArgumentException(
                    "a seccomp program of " + program.length + " bytes: each instruction has " + INSTRUCTION);
        }
        if (program.length > MOST_INSTRUCTIONS * INSTRUCTION) {
            throw new IllegalArgumentException("a seccomp program of " + program.length / INSTRUCTION
                    + " instructions: the kernel takes " + MOST_INSTRUCTIONS + " at most");
        }
        if (filter.length > 0) {
            problems.add("two confinements give a seccomp filter");
            return this;
        }
        filter = program.clone();
        return this;
    }

    /** The same for a filter that asks the JVM about some calls. */
    public Launch seccomp(byte[] program, Listening listener) {
        listening = Optional.of(listener);
        return seccomp(program);
    }

    /**
     * A Landlock domain: rights that are handled are denied but where a rule grants them. Source: landlock(7). Paths are
     * those the program will see.
     *
     * @param files handled LANDLOCK_ACCESS_FS_… rights
     * @param ports handled LANDLOCK_ACCESS_NET_… rights
     * @param scopes LANDLOCK_SCOPE_… bits
     */
    public Launch landlock(
            long files, long ports, long scopes, List<LandlockPath> pathRules, List<LandlockPort> portRules) {
        if (landlock.isPresent()) {
            problems.add("two confinements give Landlock rules");
            return this;
        }
        landlock = Optional.of(new Landlock(files, ports, scopes, List.copyOf(pathRules), List.copyOf(portRules)));
        return this;
    }

    /** Has the JVM connect the new network namespace before anything runs in it. Needs {@code net}. */
    public Launch attachNetwork(Attachment attachment) {
        if (network.isPresent()) {
            problems.add("two confinements connect its network");
            return this;
        }
        network = Optional.of(attachment);
        return this;
    }

    /**
     * Takes over something made for this child alone. It is closed when the launch fails, and otherwise when the child is
     * closed and has ended; the last one first.
     */
    public Launch own(AutoCloseable resource) {
        owned.push(resource);
        return this;
    }

    /**
     * Registers a function that adds what it knows to the child's end: causes, peak memory. It is called once, on a thread
     * of Corral's, after the child has ended and before anybody is told.
     */
    public Launch explain(UnaryOperator<Exit> explanation) {
        explanations.add(explanation);
        return this;
    }

    /**
     * Has something done once all confinements have been prepared, for what depends on the others; in the order in which it is
     * asked for.
     */
    public Launch atLast(Runnable rest) {
        last.add(rest);
        return this;
    }

    /** Whether the child is in another user namespace than the JVM, as far as that is known yet; see {@link #atLast}. */
    public boolean isInUserNamespace() {
        return makes("user") || joins("user");
    }

    /** Makes a value available to {@link Child#find}: a group, a report of what was applied. */
    public Launch provide(Object value) {
        provided.add(value);
        return this;
    }

    void complete() {
        last.forEach(Runnable::run);
    }

    Deque<AutoCloseable> owned() {
        return owned;
    }

    List<UnaryOperator<Exit>> explanations() {
        return explanations;
    }

    List<Object> provided() {
        return provided;
    }

    boolean makes(String kind) {
        return namespaces.contains(kind);
    }

    boolean joins(String kind) {
        return joins.contains(kind);
    }

    /** Which of its namespaces are not those of the JVM. */
    Set<String> foreign() {
        Set<String> all = new LinkedHashSet<>(namespaces);
        joins.all().forEach(join -> all.addAll(join.kinds()));
        return all;
    }

    /**
     * Adds what it takes to be in the same place as a child of another launch: its namespaces and groups, and all that who
     * enters them does not inherit, unless this launch brings its own.
     */
    void enter(Launch running, long payload) {
        inside = true;
        Set<String> kinds = running.foreign();
        if (!kinds.isEmpty()) {
            join(kinds, payload);
        }
        groupsV1.addAll(0, running.groupsV1);
        groupV2 = groupV2.or(() -> running.groupV2);
        newPrivileges |= running.newPrivileges;
        newKeyring |= running.newKeyring;
        capabilities = capabilities.or(() -> running.capabilities);
        identity = identity.or(() -> running.identity);
        landlock = landlock.or(() -> running.landlock);
        if (filter.length == 0) {
            filter = running.filter;
            listening = running.listening;
        }
        idMaps.denied |= running.idMaps.deniesSetgroups();
    }

    /** Groups of the JVM that the program has although nobody asked for them: where they may not be set they stay. */
    Applied keptGroups() {
        return isInUserNamespace() && idMaps.deniesSetgroups() ? KeptGroups.ofThisJvm() : Applied.none();
    }

    /** What confinements have contradicted each other about. */
    List<String> contradictions() {
        return problems;
    }

    boolean isInside() {
        return inside;
    }
}
