package dev.corral.namespaces;

import static dev.corral.namespaces.NamespaceType.MNT;
import static dev.corral.namespaces.NamespaceType.NET;
import static dev.corral.namespaces.NamespaceType.PID;
import static dev.corral.namespaces.NamespaceType.TIME;
import static dev.corral.namespaces.NamespaceType.USER;
import static dev.corral.namespaces.NamespaceType.UTS;

import dev.corral.Capabilities;
import dev.corral.Confinement;
import dev.corral.Feature;
import dev.corral.Launch;
import dev.corral.Requirement;
import dev.corral.internal.linux.UtsName;
import dev.corral.privileges.Privileges;
import dev.corral.privileges.Seccomp;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Namespaces of its own for a child, and what is set up inside them; immutable.
 *
 * <p>With a user namespace the program is root inside and nobody in particular outside: an ordinary user's own id is mapped
 * to 0, and a JVM that runs as root maps the range that /etc/subuid gives to root, or one that nobody uses, never its own; all
 * its children share that range.
 * Files that only the JVM's user may reach are out of reach then; copy what the program needs to a readable place.
 *
 * <p>With a pid namespace a small init is PID 1, reaps, forwards signals, and ends everything when the JVM dies.
 */
public final class Isolation implements Confinement {
    private final Parts parts;

    private Isolation(Parts parts) {
        this.parts = parts;
    }

    /**
     * All there is to it.
     *
     * @param setUp whether more is done inside than was asked for by name
     */
    private record Parts(
            Set<NamespaceType> types,
            Optional<String> hostname,
            Optional<IdMap> idMap,
            Optional<Offsets> offsets,
            Optional<RootFilesystem> root,
            boolean setUp,
            List<Confinement> privileges,
            Requirement requirement) {
        Parts {
            types = Collections.unmodifiableSet(new TreeSet<>(types));
        }

        Parts types(Set<NamespaceType> others) {
            return new Parts(others, hostname, idMap, offsets, root, setUp, privileges, requirement);
        }

        Parts hostname(Optional<String> name) {
            return new Parts(types, name, idMap, offsets, root, setUp, privileges, requirement);
        }

        Parts idMap(Optional<IdMap> map) {
            return new Parts(types, hostname, map, offsets, root, setUp, privileges, requirement);
        }

        Parts offsets(Optional<Offsets> shifted) {
            return new Parts(types, hostname, idMap, shifted, root, setUp, privileges, requirement);
        }

        Parts root(RootFilesystem tree) {
            return new Parts(types, hostname, idMap, offsets, Optional.of(tree), setUp, privileges, requirement);
        }

        Parts requirement(Requirement other) {
            return new Parts(types, hostname, idMap, offsets, root, setUp, privileges, other);
        }

        static Parts of(Collection<NamespaceType> types, boolean setUp, List<Confinement> privileges) {
            Set<NamespaceType> kinds = EnumSet.copyOf(types);
            return new Parts(
                    kinds,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    setUp,
                    privileges,
                    Requirement.ENFORCE);
        }
    }

    private record Offsets(Duration boottime, Duration monotonic) {}

    /**
     * Seven new namespaces, all kinds but {@link NamespaceType#TIME}, a /proc of its own, the loopback device up; the host's
     * file tree as it is. A new time namespace without offsets would change nothing.
     */
    public static Isolation full() {
        return new Isolation(Parts.of(EnumSet.complementOf(EnumSet.of(TIME)), true, List.of()));
    }

    /**
     * {@link #full()} for programs that are not trusted: with the {@link RootFilesystem#hostSystem()} as file tree, no
     * capability, and {@link Seccomp#defaultProfile()}. Another tree may be given by {@link #root}; for other privileges
     * begin with {@code full()}.
     */
    public static Isolation sandbox() {
        // A session keyring of its own would keep the JVM's keys from it too. But the filter denies all calls about
        // keys, and a user whose JVM has a session keyring may have 200 of them, which would be 200 sandboxes.
        List<Confinement> none = List.of(Privileges.none(), Seccomp.defaultProfile());
        return new Isolation(Parts.of(full().types(), true, none)).root(RootFilesystem.hostSystem());
    }

    /** Just these namespaces, with nothing set up inside them but an id map. */
    static Isolation of(Collection<NamespaceType> types) {
        return new Isolation(Parts.of(types, false, List.of()));
    }

    /** Shares these with the JVM; what would be set up inside them is left out too. */
    public Isolation without(NamespaceType first, NamespaceType... more) {
        Set<NamespaceType> fewer = EnumSet.noneOf(NamespaceType.class);
        fewer.addAll(parts.types);
        fewer.removeAll(EnumSet.of(first, more));
        return new Isolation(parts.types(fewer).offsets(parts.offsets.filter(shifted -> fewer.contains(TIME))));
    }

    /**
     * With a host name of 1 to 64 bytes; without one the JVM's stays. Needs {@link NamespaceType#UTS}: a launch without it
     * is refused.
     */
    public Isolation hostname(String name) {
        return new Isolation(parts.hostname(Optional.of(UtsName.checked("host name", name))));
    }

    /**
     * With an id map of the caller's choice. Needs {@link NamespaceType#USER}. A launch throws {@link IdMapRefused} if whoever
     * runs this JVM can't have it.
     */
    public Isolation idMap(IdMap map) {
        return new Isolation(parts.idMap(Optional.of(map)));
    }

    /** With a file tree of its own instead of the JVM's. Needs {@link NamespaceType#MNT}. */
    public Isolation root(RootFilesystem tree) {
        return new Isolation(parts.root(tree));
    }

    /**
     * With a time namespace, in which two clocks are shifted; negative offsets put them back. A launch is refused if a clock
     * would be less than zero. Source: time_namespaces(7).
     *
     * @param boottime added to the time since boot, as {@code uptime} shows it
     * @param monotonic added to the clock that programs measure durations with
     */
    public Isolation timeOffsets(Duration boottime, Duration monotonic) {
        Set<NamespaceType> more = EnumSet.of(TIME);
        more.addAll(parts.types);
        return new Isolation(parts.types(more).offsets(Optional.of(new Offsets(boottime, monotonic))));
    }

    /** The kinds of namespaces the child has for itself. */
    public Set<NamespaceType> types() {
        return parts.types;
    }

    /**
     * Goes on without the namespaces that can't be had here, and with the JVM's /proc, read-only, where the kernel refuses a
     * new one: {@link dev.corral.Child#applied()} lists each kind, and why it was dropped. What needs a dropped one, a host
     * name or shifted clocks, is dropped with it; a file tree never is. Asks {@link dev.corral.Capabilities#probe()}.
     */
    public Isolation bestEffort() {
        return new Isolation(parts.requirement(Requirement.BEST_EFFORT));
    }

    @Override
    public void prepare(Launch launch) {
        if (parts.requirement == Requirement.ENFORCE) {
            prepare(launch, parts, ProcChoice.NEW);
            return;
        }
        Capabilities answers = Capabilities.probe();
        if (!answers.has(Feature.LAUNCH)) { // for want of something, and at the launch it may be there again
            prepare(launch, parts, ProcChoice.NEW);
            return;
        }
        Attainable here = Attainable.of(parts.types, wantsProc(parts), answers::whyNot)
                .with("host name", parts.hostname, UTS)
                .with("id map", parts.idMap.map(IdMap::toString), USER)
                .with("clocks", parts.offsets.map(Offsets::toString), TIME);
        launch.provide(here.applied());
        Parts less = parts.types(here.types())
                .hostname(parts.hostname.filter(name -> here.types().contains(UTS)))
                .idMap(parts.idMap.filter(map -> here.types().contains(USER)))
                .offsets(parts.offsets.filter(shifted -> here.types().contains(TIME)));
        prepare(launch, less, here.proc());
    }

    private static boolean wantsProc(Parts parts) {
        return parts.types.contains(MNT)
                && parts.types.contains(PID)
                && (parts.setUp || parts.root.map(RootFilesystem::hasProc).orElse(false));
    }

    private static void prepare(Launch launch, Parts parts, ProcChoice proc) {
        Set<NamespaceType> types = parts.types;
        launch.namespaces(types.stream().map(NamespaceType::kernelName).toList());
        if (types.contains(USER)) {
            parts.idMap.orElseGet(IdMap::automatic).prepare(launch);
        } else {
            parts.idMap.ifPresent(map -> launch.idMaps(map.users(), map.groups())); // which says what is missing
        }
        parts.hostname.ifPresent(launch::hostname);
        parts.offsets.ifPresent(shifted -> launch.timeOffsets(shifted.boottime, shifted.monotonic));
        boolean wanted = parts.setUp && types.contains(MNT) && types.contains(PID);
        if (parts.root.isPresent()) {
            parts.root.get().prepare(launch, wanted, proc);
        } else if (wanted) {
            proc.addTo(launch);
        }
        if (parts.setUp && types.contains(NET)) {
            launch.loopback();
        }
        parts.privileges.forEach(each -> each.prepare(launch));
    }

    /**
     * Runs work in new namespaces of these kinds on a platform thread of its own, which ends with it; the rest of the JVM
     * stays where it is. What isolation sets up is set up here too, and no mount made inside shows outside.
     *
     * <p>The work must start no thread, executor or process: they would inherit the namespaces and outlive it. What it sees in
     * {@code /proc/self} and {@code /proc/net} is the JVM's, {@code java.net.NetworkInterface} reads some of that; its own view
     * is in {@code /proc/thread-self}. Thread-locals of the caller are not there.
     *
     * <p>An interrupt of the caller is passed on, and the end of the work still waited for; the caller stays interrupted
     * unless the work ended with an InterruptedException.
     *
     * @return what the work returned
     * @throws X what the work threw, as it threw it
     * @throws ImpossibleCall if {@link NamespaceType#USER}, {@link NamespaceType#PID} or {@link NamespaceType#TIME} is among
     *     the kinds, an id map or a file tree was given, or a host name without {@link NamespaceType#UTS}
     * @throws NamespaceRefused if the JVM has no CAP_SYS_ADMIN, or the kernel refused for another reason
     */
    public <T, X extends Exception> T call(NamespaceWork<T, X> work) throws X {
        ThreadNamespaces.check(parts.types);
        if (parts.idMap.isPresent()) {
            throw new ImpossibleCall("an id map needs a new user namespace, which a lambda can't have", null);
        }
        if (parts.hostname.isPresent() && !parts.types.contains(UTS)) {
            throw new ImpossibleCall("a host name needs a new uts namespace", null);
        }
        if (parts.root.isPresent()) {
            throw new ImpossibleCall(
                    "a lambda can't have a file tree of its own: the JVM's classes lie in this one", null);
        }
        return NamespaceThread.run(
                "corral-namespaces", () -> ThreadNamespaces.unshare(parts.types, parts.hostname, parts.setUp), work);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Isolation that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    @Override
    public String toString() {
        return "Isolation" + parts.types
                + parts.hostname.map(name -> " " + name).orElse("")
                + parts.root.map(tree -> " " + tree).orElse("")
                + (parts.requirement == Requirement.BEST_EFFORT ? " as far as possible" : "");
    }
}
