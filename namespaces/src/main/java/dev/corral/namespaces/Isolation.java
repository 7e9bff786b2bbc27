package dev.corral.namespaces;

import static dev.corral.namespaces.NamespaceType.MNT;
import static dev.corral.namespaces.NamespaceType.NET;
import static dev.corral.namespaces.NamespaceType.PID;
import static dev.corral.namespaces.NamespaceType.USER;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.corral.Confinement;
import dev.corral.Launch;
import dev.corral.privileges.Privileges;
import dev.corral.privileges.Seccomp;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Namespaces of its own for a child, and what is set up inside them; immutable.
 *
 * <p>With a user namespace the program is root inside and nobody in particular outside: an ordinary user's own id is mapped
 * to 0, and a JVM that runs as root maps a range of ids that nobody uses, never its own; all its children share that range.
 * Files that only the JVM's user may reach are out of reach then; copy what the program needs to a readable place.
 *
 * <p>With a pid namespace a small init is PID 1, reaps, forwards signals, and ends everything when the JVM dies.
 */
public final class Isolation implements Confinement {
    /** Linux takes host names of up to 64 bytes. */
    private static final int LONGEST_HOSTNAME = 64;

    private final Set<NamespaceType> types;
    private final Optional<String> hostname;
    private final Optional<IdMap> idMap;
    private final Optional<RootFilesystem> root;
    private final boolean setUp;
    private final List<Confinement> privileges;

    private Isolation(
            Set<NamespaceType> types,
            Optional<String> hostname,
            Optional<IdMap> idMap,
            Optional<RootFilesystem> root,
            boolean setUp,
            List<Confinement> privileges) {
        this.types = Collections.unmodifiableSet(new TreeSet<>(types));
        this.hostname = hostname;
        this.idMap = idMap;
        this.root = root;
        this.setUp = setUp;
        this.privileges = privileges;
    }

    private static Isolation of(Collection<NamespaceType> types, boolean setUp, List<Confinement> privileges) {
        return new Isolation(
                EnumSet.copyOf(types), Optional.empty(), Optional.empty(), Optional.empty(), setUp, privileges);
    }

    /** Seven new namespaces, a /proc of its own, the loopback device up; the host's file tree as it is. */
    public static Isolation full() {
        return of(EnumSet.allOf(NamespaceType.class), true, List.of());
    }

    /**
     * {@link #full()} for programs that are not trusted: with the {@link RootFilesystem#hostSystem()} as file tree, no
     * capability, and {@link Seccomp#defaultProfile()}. Another tree may be given by {@link #root}; for other privileges
     * begin with {@code full()}.
     */
    public static Isolation sandbox() {
        // A session keyring of its own would keep the JVM's keys from it too. But the filter denies all calls about
        // keys,
        // and where the JVM has a session keyring, the kernel lets an ordinary user have 200 of them, so many
        // sandboxes.
        return of(EnumSet.allOf(NamespaceType.class), true, List.of(Privileges.none(), Seccomp.defaultProfile()))
                .root(RootFilesystem.hostSystem());
    }

    /** Just these namespaces, with nothing set up inside them but an id map. */
    static Isolation of(Collection<NamespaceType> types) {
        return of(types, false, List.of());
    }

    /** Shares these with the JVM; what would be set up inside them is left out too. */
    public Isolation without(NamespaceType first, NamespaceType... more) {
        Set<NamespaceType> fewer = EnumSet.noneOf(NamespaceType.class);
        fewer.addAll(types);
        fewer.removeAll(EnumSet.of(first, more));
        return new Isolation(fewer, hostname, idMap, root, setUp, privileges);
    }

    /**
     * With a host name of 1 to 64 bytes; without one the JVM's stays. Needs {@link NamespaceType#UTS}: a launch without it
     * is refused.
     */
    public Isolation hostname(String name) {
        int length = name.getBytes(UTF_8).length;
        if (length < 1 || length > LONGEST_HOSTNAME || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("host name \"" + name.replace("\0", "\\0") + "\" has " + length
                    + " bytes: it must have between 1 and " + LONGEST_HOSTNAME + ", and no NUL");
        }
        return new Isolation(types, Optional.of(name), idMap, root, setUp, privileges);
    }

    /** With an id map of the caller's choice. Needs {@link NamespaceType#USER}. */
    public Isolation idMap(IdMap map) {
        return new Isolation(types, hostname, Optional.of(map), root, setUp, privileges);
    }

    /** With a file tree of its own instead of the JVM's. Needs {@link NamespaceType#MNT}. */
    public Isolation root(RootFilesystem tree) {
        return new Isolation(types, hostname, idMap, Optional.of(tree), setUp, privileges);
    }

    /** The kinds of namespaces the child has for itself. */
    public Set<NamespaceType> types() {
        return types;
    }

    @Override
    public void prepare(Launch launch) {
        launch.namespaces(types.stream().map(NamespaceType::kernelName).toList());
        if (types.contains(USER) || idMap.isPresent()) {
            IdMap map = idMap.orElseGet(IdMap::automatic);
            launch.idMaps(map.users(), map.groups());
        }
        hostname.ifPresent(launch::hostname);
        if (root.isPresent()) {
            root.get().prepare(launch, setUp && types.contains(PID));
        } else if (setUp && types.contains(MNT) && types.contains(PID)) {
            launch.newProc();
        }
        if (setUp && types.contains(NET)) {
            launch.loopback();
        }
        privileges.forEach(each -> each.prepare(launch));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Isolation that
                && types.equals(that.types)
                && hostname.equals(that.hostname)
                && idMap.equals(that.idMap)
                && root.equals(that.root)
                && setUp == that.setUp
                && privileges.equals(that.privileges);
    }

    @Override
    public int hashCode() {
        return Objects.hash(types, hostname, idMap, root, setUp, privileges);
    }

    @Override
    public String toString() {
        return "Isolation" + types + hostname.map(name -> " " + name).orElse("")
                + root.map(tree -> " " + tree).orElse("");
    }
}
