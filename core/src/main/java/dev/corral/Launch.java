package dev.corral;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The plan of one launch while confinements add to it. It says what shall hold, the launcher knows the order.
 *
 * <p>Belongs to the thread that starts the command; a confinement keeps no reference beyond {@link Confinement#prepare}.
 */
public final class Launch {
    /** The kinds of namespaces, as {@code /proc/PID/ns} spells them. */
    static final List<String> NAMESPACES = List.of("user", "mnt", "pid", "net", "uts", "ipc", "cgroup");

    private static final int LONGEST_HOSTNAME = 64;
    private static final int MOST_RANGES = 340;
    /** The kernel takes an id map in one write of less than a page. */
    private static final int MAP_PAGE = 4096;

    private final Command command;
    private final Set<String> namespaces = new LinkedHashSet<>();
    private final List<IdRange> users = new ArrayList<>();
    private final List<IdRange> groups = new ArrayList<>();
    private final List<Path> groupsV1 = new ArrayList<>();
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final List<UnaryOperator<Exit>> explanations = new ArrayList<>();
    private final List<Object> provided = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private Optional<Path> groupV2 = Optional.empty();
    private Optional<String> hostname = Optional.empty();
    private boolean newProc;
    private boolean loopback;

    Launch(Command command) {
        this.command = command;
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

    /** The command that is about to start. */
    public Command command() {
        return command;
    }

    /**
     * Gives the child new namespaces: any of {@code user mnt pid net uts ipc cgroup}, the names of {@code /proc/PID/ns}.
     * Another name is an IllegalArgumentException.
     */
    public Launch namespaces(Collection<String> kinds) {
        for (String kind : kinds) {
            if (!NAMESPACES.contains(kind)) {
                throw new IllegalArgumentException("namespace \"" + kind + "\": it must be one of " + NAMESPACES);
            }
            namespaces.add(kind);
        }
        return this;
    }

    /** Lets the child run in the namespace that a file shows when the launch begins: {@code /proc/self/fd/N} for an open one. */
    public Launch join(String kind, Path namespaceFile) {
        problems.add("joining " + kind + " by " + namespaceFile + " is not possible yet");
        return this;
    }

    /** Lets the child run in namespaces of a process, entered all at once. */
    public Launch join(Collection<String> kinds, long pid) {
        problems.add("joining " + kinds + " of pid " + pid + " is not possible yet");
        return this;
    }

    /**
     * The id maps of the new user namespace, instead of none: the program starts as user and group 0 inside. Needs {@code
     * user} among the namespaces, and one confinement at most gives them.
     */
    public Launch idMaps(List<IdRange> userIds, List<IdRange> groupIds) {
        if (!users.isEmpty() || !groups.isEmpty()) {
            problems.add("two confinements give id maps");
            return this;
        }
        users.addAll(userIds);
        groups.addAll(groupIds);
        return this;
    }

    /** Mounts a procfs of the new pid namespace over /proc. Needs {@code mnt} and {@code pid}. */
    public Launch newProc() {
        newProc = true;
        return this;
    }

    /** Sets the host name: 1 to 64 bytes without NUL, else an IllegalArgumentException. Needs {@code uts}. */
    public Launch hostname(String name) {
        Texts.check("host name", name);
        if (name.isEmpty() || Texts.bytes(name) > LONGEST_HOSTNAME) {
            throw new IllegalArgumentException("host name \"" + name + "\" has " + Texts.bytes(name)
                    + " bytes: it must have between 1 and " + LONGEST_HOSTNAME);
        }
        hostname = Optional.of(name);
        return this;
    }

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

    /** Id maps that the JVM writes through the attachment, for those that the kernel would not take from the launcher. */
    public Launch idMaps(List<IdRange> userIds, List<IdRange> groupIds, Attachment writer) {
        problems.add("id maps written by " + writer + " are not possible yet");
        return idMaps(userIds, groupIds);
    }

    /** Leaves no_new_privs off: the program may gain privileges by setuid files. */
    public Launch allowNewPrivileges() {
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

    /** Makes a value available to {@link Child#find}: a group, a report of what was applied. */
    public Launch provide(Object value) {
        provided.add(value);
        return this;
    }

    Set<String> namespaces() {
        return namespaces;
    }

    List<IdRange> users() {
        return users;
    }

    List<IdRange> groups() {
        return groups;
    }

    Optional<Path> groupV2() {
        return groupV2;
    }

    List<Path> groupsV1() {
        return groupsV1;
    }

    Optional<String> hostname() {
        return hostname;
    }

    boolean wantsNewProc() {
        return newProc;
    }

    boolean wantsLoopback() {
        return loopback;
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

    /** All that is wrong with the combination; empty when it can be tried. */
    List<String> problems() {
        List<String> all = new ArrayList<>(problems);
        needs(all, newProc, "a new /proc", "mnt");
        needs(all, newProc, "a new /proc", "pid");
        needs(all, hostname.isPresent(), "a host name", "uts");
        needs(all, loopback, "a loopback device of its own", "net");
        needs(all, !users.isEmpty() || !groups.isEmpty(), "an id map", "user");
        checkMap(all, "user", users);
        checkMap(all, "group", groups);
        return all;
    }

    private void needs(List<String> all, boolean wanted, String what, String namespace) {
        if (wanted && !namespaces.contains(namespace)) {
            all.add(what + " needs a new " + namespace + " namespace");
        }
    }

    private static void checkMap(List<String> all, String what, List<IdRange> ranges) {
        if (!ranges.isEmpty() && ranges.stream().noneMatch(range -> range.inside() == 0)) {
            all.add("the " + what + " id map has no id 0 inside, as which the program starts");
        }
        int bytes = idMapText(ranges).map(Texts::bytes).orElse(0);
        if (ranges.size() > MOST_RANGES || bytes >= MAP_PAGE) {
            all.add("the " + what + " id map has " + ranges.size() + " ranges in " + bytes
                    + " bytes; the kernel takes at most " + MOST_RANGES + " in less than " + MAP_PAGE);
        }
    }

    /** The text that goes into uid_map or gid_map. */
    static Optional<String> idMapText(List<IdRange> ranges) {
        return ranges.isEmpty()
                ? Optional.empty()
                : Optional.of(ranges.stream()
                        .map(range -> range.inside() + " " + range.outside() + " " + range.count() + "\n")
                        .collect(Collectors.joining()));
    }
}
