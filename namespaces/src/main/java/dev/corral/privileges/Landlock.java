package dev.corral.privileges;

import static dev.corral.privileges.LandlockRight.BIND_TCP;
import static dev.corral.privileges.LandlockRight.CONNECT_TCP;
import static dev.corral.privileges.LandlockRight.EXECUTE;
import static dev.corral.privileges.LandlockRight.IOCTL_DEV;
import static dev.corral.privileges.LandlockRight.MAKE_BLOCK;
import static dev.corral.privileges.LandlockRight.MAKE_CHAR;
import static dev.corral.privileges.LandlockRight.READ_DIR;
import static dev.corral.privileges.LandlockRight.READ_FILE;

import dev.corral.Confinement;
import dev.corral.Launch;
import dev.corral.Requirement;
import dev.corral.internal.linux.LandlockCalls;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which files and TCP ports a child may reach; immutable. Needs neither privilege nor namespaces. Source: landlock(7).
 *
 * <p>Rights are taken as a whole and given back for what lies below a path, or for a port:
 * {@code Landlock.files().execute(Path.of("/usr"), Path.of("/lib")).readWrite(work)}. A right that is not taken stays as it
 * is. Descriptors that the child is given open are not affected.
 *
 * <p>Paths are those that the child sees, and must be there when it starts. It holds for the child and its descendants, and
 * nobody can take it off.
 */
public final class Landlock implements Confinement {
    private static final int PORTS = 65_536;

    private final SortedMap<Path, Set<LandlockRight>> paths;
    private final SortedMap<Integer, Set<LandlockRight>> ports;
    private final Set<LandlockRight> restricted;
    private final Requirement requirement;

    private Landlock(
            Set<LandlockRight> restricted,
            SortedMap<Path, Set<LandlockRight>> paths,
            SortedMap<Integer, Set<LandlockRight>> ports,
            Requirement requirement) {
        this.restricted = Collections.unmodifiableSet(new TreeSet<>(restricted));
        this.paths = Collections.unmodifiableSortedMap(paths);
        this.ports = Collections.unmodifiableSortedMap(ports);
        this.requirement = requirement;
    }

    /** Takes these rights. */
    public static Landlock of(LandlockRight first, LandlockRight... more) {
        return of(EnumSet.of(first, more));
    }

    /** Takes every right to files; a program then can't even be executed unless a rule allows it. Needs ABI 5, Linux 6.10. */
    public static Landlock files() {
        return of(all(right -> right.kind() == LandlockRight.Kind.FILE));
    }

    /** Takes every right there is: files, TCP ports, abstract unix sockets and signals. Needs ABI 6, Linux 6.12. */
    public static Landlock all() {
        return of(all(right -> true));
    }

    private static Landlock of(Set<LandlockRight> rights) {
        return new Landlock(rights, new TreeMap<>(), new TreeMap<>(), Requirement.ENFORCE);
    }

    /** Takes these rights too. */
    public Landlock restrict(LandlockRight first, LandlockRight... more) {
        Set<LandlockRight> both = EnumSet.of(first, more);
        both.addAll(restricted);
        return new Landlock(both, paths, ports, requirement);
    }

    /** Takes only what kernels with that version of the interface know, 1 or more, so that it can be enforced there. */
    public Landlock knownTo(int abi) {
        Set<LandlockRight> known = EnumSet.noneOf(LandlockRight.class);
        known.addAll(restricted);
        known.removeIf(right -> right.abi() > abi);
        return new Landlock(known, paths, ports, requirement);
    }

    /**
     * Gives rights back for a file, or for all below a directory; of a file only those that make sense for one. The path must be
     * absolute, and at least one of the rights must be a file right that is taken: else it is an IllegalArgumentException.
     */
    public Landlock allow(Path path, LandlockRight first, LandlockRight... more) {
        return allow(List.of(path), EnumSet.of(first, more));
    }

    /** Lets files be read and directories be listed below these absolute paths. */
    public Landlock readOnly(Path... below) {
        return allow(List.of(below), EnumSet.of(READ_FILE, READ_DIR));
    }

    /** Lets files be read and executed, and directories be listed, below these absolute paths. */
    public Landlock execute(Path... below) {
        return allow(List.of(below), EnumSet.of(READ_FILE, READ_DIR, EXECUTE));
    }

    /** Lets everything be done below these absolute paths but executing, making devices, and controlling them. */
    public Landlock readWrite(Path... below) {
        Set<LandlockRight> withheld = EnumSet.of(EXECUTE, MAKE_CHAR, MAKE_BLOCK, IOCTL_DEV);
        return allow(
                List.of(below), all(right -> right.kind() == LandlockRight.Kind.FILE && !withheld.contains(right)));
    }

    /** Lets TCP sockets be bound to these ports, 0 to 65535; 0 lets the kernel choose one. */
    public Landlock bindTcp(int... tcpPorts) {
        return allow(BIND_TCP, tcpPorts);
    }

    /** Lets TCP sockets be connected to these ports, 0 to 65535, of any host. */
    public Landlock connectTcp(int... tcpPorts) {
        return allow(CONNECT_TCP, tcpPorts);
    }

    /** Goes on without what this kernel can't restrict, and says so in {@link dev.corral.Applied}. */
    public Landlock bestEffort() {
        return new Landlock(restricted, paths, ports, Requirement.BEST_EFFORT);
    }

    /** What is taken. */
    public Set<LandlockRight> restricted() {
        return restricted;
    }

    SortedMap<Path, Set<LandlockRight>> paths() {
        return paths;
    }

    SortedMap<Integer, Set<LandlockRight>> ports() {
        return ports;
    }

    /**
     * What the kernel gets.
     *
     * @param abi the version of its interface, 0 without Landlock
     * @throws LandlockUnsupported if it can't restrict all, and that is to be enforced
     */
    LandlockRuleset against(int abi) {
        LandlockRuleset ruleset = LandlockRuleset.of(this, abi);
        if (requirement == Requirement.ENFORCE && !ruleset.missing().isEmpty()) {
            throw new LandlockUnsupported(abi, ruleset.missing());
        }
        return ruleset;
    }

    /**
     * Restricts the child as far as this kernel can; {@code child.find(Applied.class)} tells how far.
     *
     * @throws LandlockUnsupported if it can't restrict all, and that is to be enforced
     */
    @Override
    public void prepare(Launch launch) {
        LandlockRuleset ruleset = against(LandlockCalls.abi());
        launch.provide(ruleset.applied());
        if (!ruleset.isEmpty()) {
            launch.landlock(
                    ruleset.files(),
                    ruleset.ports(),
                    ruleset.scopes(),
                    ruleset.paths().entrySet().stream()
                            .map(rule -> new Launch.LandlockPath(rule.getKey(), rule.getValue()))
                            .toList(),
                    ruleset.portRules().entrySet().stream()
                            .map(rule -> new Launch.LandlockPort(rule.getKey(), rule.getValue()))
                            .toList());
        }
    }

    private static Set<LandlockRight> all(Predicate<LandlockRight> wanted) {
        Set<LandlockRight> rights = EnumSet.allOf(LandlockRight.class);
        rights.removeIf(wanted.negate());
        return rights;
    }

    private Landlock allow(Collection<Path> below, Set<LandlockRight> rights) {
        for (LandlockRight right : rights) {
            if (right.kind() != LandlockRight.Kind.FILE) {
                throw new IllegalArgumentException(right + " is no right to files");
            }
        }
        SortedMap<Path, Set<LandlockRight>> more = new TreeMap<>(paths);
        for (Path path : below) {
            if (!path.isAbsolute()) {
                throw new IllegalArgumentException(
                        "path \"" + path + "\" is not absolute: the child's directory is not" + " that of this JVM");
            }
            merge(more, path, rights);
        }
        return new Landlock(restricted, more, ports, requirement);
    }

    private Landlock allow(LandlockRight right, int... tcpPorts) {
        SortedMap<Integer, Set<LandlockRight>> more = new TreeMap<>(ports);
        for (int port : tcpPorts) {
            if (port < 0 || port >= PORTS) {
                throw new IllegalArgumentException("TCP port " + port + ": it must be between 0 and 65535");
            }
            merge(more, port, EnumSet.of(right));
        }
        return new Landlock(restricted, paths, more, requirement);
    }

    private <K> void merge(SortedMap<K, Set<LandlockRight>> rules, K object, Set<LandlockRight> rights) {
        if (Collections.disjoint(rights, restricted)) {
            throw new IllegalArgumentException(
                    "a rule for " + object + " gives " + rights + " back, and none of that is taken: see restrict()");
        }
        Set<LandlockRight> both = new TreeSet<>(rights);
        both.addAll(rules.getOrDefault(object, Set.of()));
        rules.put(object, Collections.unmodifiableSet(both));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Landlock that
                && restricted.equals(that.restricted)
                && paths.equals(that.paths)
                && ports.equals(that.ports)
                && requirement == that.requirement;
    }

    @Override
    public int hashCode() {
        return Objects.hash(restricted, paths, ports, requirement);
    }

    @Override
    public String toString() {
        return "Landlock" + restricted + (paths.isEmpty() ? "" : " " + paths) + (ports.isEmpty() ? "" : " " + ports);
    }
}
