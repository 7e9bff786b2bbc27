package dev.corral.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Capabilities;
import dev.corral.Command;
import dev.corral.Confinement;
import dev.corral.Feature;
import dev.corral.Launch.IdRange;
import dev.corral.MountFlag;
import dev.corral.RootPlan;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.ProcIdMap;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Namespaces for tests, by core's own means. Where the probe says that they can't be had, the test that asks for them is
 * skipped with what it says.
 */
public final class Namespacing {
    private static final int IDS = 1000;
    /** Far from everybody, where all ids are there. */
    private static final long FREE_IDS = 1_000_000_000;

    private Namespacing() {}

    /** Skips the test where one of these does not work. */
    public static void assumeHas(Feature... features) {
        Capabilities here = Capabilities.probe();
        for (Feature feature : features) {
            Optional<String> why = here.whyNot(feature);
            assumeTrue(why.isEmpty(), () -> "needs " + feature.text() + ": " + why.orElse(""));
        }
    }

    /** Whether there are namespaces at all. */
    public static boolean any() {
        return Capabilities.probe().has(Feature.USER_NAMESPACE);
    }

    /**
     * Whether this JVM can give ids other than its own to a program: root of the host can, and root of a user namespace with
     * enough of them; not of one with its own id only, and nobody without the right to.
     */
    public static boolean manyIds() {
        return Privilege.SETUID.isHere()
                && Privilege.SETGID.isHere()
                && firstOf("uid_map") > 0
                && firstOf("gid_map") > 0;
    }

    /** Skips the test where a program can only be who the JVM is. */
    public static void assumeManyIds() {
        assumeTrue(manyIds(), "needs CAP_SETUID, CAP_SETGID and " + IDS + " ids to give away");
    }

    /** Skips the test where a program can't be these users and groups in the user namespace of the JVM. */
    public static void assumeMayBecome(long... ids) {
        Privilege.SETUID.assumeHere();
        Privilege.SETGID.assumeHere();
        for (long id : ids) {
            assumeTrue(exists(id), "needs an id " + id);
        }
    }

    /** Whether a user and a group of that number are there, in the user namespace of the JVM. */
    public static boolean exists(long id) {
        return map("uid_map").covers(id, 1) && map("gid_map").covers(id, 1);
    }

    private static ProcIdMap map(String file) {
        return ProcIdMap.read(Path.of("/proc/self").resolve(file));
    }

    /** The first of enough ids in a row; 0 if there are none. */
    private static long firstOf(String file) {
        ProcIdMap there = map(file);
        if (there.covers(FREE_IDS, IDS)) {
            return FREE_IDS;
        }
        return there.ranges().stream()
                .filter(range -> range.count() > IDS)
                .mapToLong(range -> range.inside() + range.count() - IDS)
                .findFirst()
                .orElse(0);
    }

    /** All seven, set up, with a /proc of their own where that can be had. */
    public static Confinement all() {
        return all(Capabilities.probe().has(Feature.PROC));
    }

    /** All seven, with or without a /proc of their own. */
    public static Confinement all(boolean proc) {
        return user().and(launch -> {
            launch.namespaces(List.of("mnt", "pid", "net", "uts", "ipc", "cgroup"))
                    .loopback()
                    .hostname("inside");
            if (proc) {
                launch.newProc();
            }
        });
    }

    /** A /proc in a tree of its own: where there can't be a new one it is that of the JVM, which shows those inside too. */
    public static RootPlan proc(RootPlan plan) {
        Path proc = Path.of("/proc");
        return Capabilities.probe().has(Feature.PROC)
                ? plan.proc(proc)
                : plan.bind(proc, proc, Set.of(MountFlag.READ_ONLY));
    }

    /** What gives every user an init: a pid namespace, and the user namespace that makes it possible. */
    public static Confinement pid() {
        boolean proc = Capabilities.probe().has(Feature.PROC);
        return user().and(launch -> {
            launch.namespaces(List.of("pid", "mnt"));
            if (proc) {
                launch.newProc();
            }
        });
    }

    /** Who root inside is outside. */
    public static long firstUser() {
        return manyIds() ? firstOf("uid_map") : LibC.effectiveUser();
    }

    /** A user namespace in which the program is root, and nobody for the host if the JVM has ids to give away. */
    public static Both user() {
        assumeHas(Feature.USER_NAMESPACE);
        boolean many = manyIds();
        IdRange users = new IdRange(0, firstUser(), many ? IDS : 1);
        IdRange groups = new IdRange(0, many ? firstOf("gid_map") : LibC.effectiveGroup(), many ? IDS : 1);
        return launch -> launch.namespaces(List.of("user")).idMaps(List.of(users), List.of(groups));
    }

    /** A confinement that another can be added to. */
    @FunctionalInterface
    public interface Both extends Confinement {
        default Both and(Confinement other) {
            return launch -> {
                prepare(launch);
                other.prepare(launch);
            };
        }
    }

    /** None at all. */
    public static Confinement none() {
        return launch -> {};
    }

    /** {@link #all()} where there are any, for what can do without. */
    public static Confinement anyOrNone() {
        return any() ? all() : none();
    }

    /** {@link #none()} and {@link #all()}, for tests that are run with each; where there are none only the second is skipped. */
    public static Stream<Confinement> noneAndAll() {
        return Stream.of(none(), later(Namespacing::all));
    }

    /** Skips the test if this is one that can't be had here, before anything is expected of it. */
    public static void assumeWorks(Confinement confinement) {
        Command.of("true").with(confinement).start().close();
    }

    /** A confinement that is asked for where it is used. */
    public static Confinement later(Supplier<Confinement> confinement) {
        return launch -> confinement.get().prepare(launch);
    }
}
