package dev.corral.testing;

import dev.corral.Confinement;
import dev.corral.Launch.IdRange;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.ProcIdMap;
import java.nio.file.Path;
import java.util.List;

/** Namespaces for tests, by core's own means. */
public final class Namespacing {
    private static final long FREE_IDS = 1_000_000_000;

    private Namespacing() {}

    /** Whether this JVM is root of the host, or of a user namespace with as many ids; not of one with its own id only. */
    public static boolean root() {
        return LibC.effectiveUser() == 0
                && ProcIdMap.read(Path.of("/proc/self/uid_map")).covers(FREE_IDS, 1000);
    }

    /** All seven, set up. */
    public static Confinement all() {
        return all(true);
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

    /** What gives every user an init: a pid namespace, and the user namespace that makes it possible. */
    public static Confinement pid() {
        return user().and(launch -> launch.namespaces(List.of("pid", "mnt")).newProc());
    }

    /** A user namespace in which the program is root, and nobody for the host if the JVM is root. */
    public static Both user() {
        return launch -> {
            long count = root() ? 1000 : 1;
            launch.namespaces(List.of("user"));
            launch.idMaps(
                    List.of(new IdRange(0, root() ? FREE_IDS : LibC.effectiveUser(), count)),
                    List.of(new IdRange(0, root() ? FREE_IDS : LibC.effectiveGroup(), count)));
        };
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
}
