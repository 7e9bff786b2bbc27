package dev.corral;

import dev.corral.Launch.IdRange;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.OwnIdMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Something that works on one host and not on the other. {@link Capabilities} tells. */
public enum Feature {
    /** A child at all. */
    LAUNCH("start of a child", launch -> {}),
    /** A user namespace in which the child is root. */
    USER_NAMESPACE("user namespace", Feature::user),
    /** A mount namespace, in a user namespace of its own. */
    MNT_NAMESPACE("mnt namespace", in("mnt")),
    /** A pid namespace with an init, in a user namespace of its own. */
    PID_NAMESPACE("pid namespace", in("pid")),
    /** A network namespace with its loopback device up, in a user namespace of its own. */
    NET_NAMESPACE("net namespace", in("net").and(Launch::loopback)),
    /** A uts namespace with a host name, in a user namespace of its own. */
    UTS_NAMESPACE("uts namespace", in("uts").and(launch -> launch.hostname("trial"))),
    /** An ipc namespace, in a user namespace of its own. */
    IPC_NAMESPACE("ipc namespace", in("ipc")),
    /** A cgroup namespace, in a user namespace of its own. */
    CGROUP_NAMESPACE("cgroup namespace", in("cgroup")),
    /** A time namespace, in a user namespace of its own. */
    TIME_NAMESPACE("time namespace", in("time")),
    /** Namespaces of the host's user namespace: a mount namespace without a user namespace of its own. */
    NAMESPACES_WITHOUT_USER("namespaces without a user namespace", launch -> launch.namespaces(List.of("mnt"))),
    /** A /proc of the new pid namespace. */
    PROC("its own /proc", in("mnt", "pid").and(Launch::newProc)),
    /** A file tree of its own: an empty root with binds of the host's. */
    ROOT("its own root", in("mnt", "pid").and(launch -> bind(launch.root().empty()))),
    /** The small /dev of such a tree, with terminals. */
    DEV("its own /dev", in("mnt", "pid").and(launch -> launch.root().empty().dev(Path.of("/dev")))),
    /** A sysfs in such a tree. */
    SYSFS("sysfs", in("mnt", "net").and(launch -> launch.root().empty().sysfs(Path.of("/sys")))),
    /** An overlay with changes in memory. */
    OVERLAY(
            "overlay file systems",
            in("mnt").and(launch -> launch.root().empty().temporaryOverlay(Path.of("/usr"), List.of(Path.of("/usr"))))),
    /** A terminal of its own as standard streams, on the host's /dev. */
    TERMINAL("terminals", launch -> {}),
    /** Becoming another user of the host. */
    OTHER_USERS("other users of the host", launch -> launch.identity(Identity.of(65_534, 65_534))),
    /** A session keyring of its own. */
    KEYRING("session keyrings", Launch::newKeyring),
    /** A seccomp filter. */
    SECCOMP("seccomp filters", launch -> launch.seccomp(allowEverything())),
    /** Landlock rules for files. */
    LANDLOCK("Landlock", landlock(1, 0, 0)),
    /** Landlock rules for TCP ports: Linux 6.7. */
    LANDLOCK_NETWORK("Landlock for TCP", landlock(1, 1, 0)),
    /** Landlock scopes of signals and abstract sockets: Linux 6.12. */
    LANDLOCK_SCOPES("Landlock scopes", landlock(1, 1, 1)),
    /** A lower nice value than the JVM's. */
    RAISED_PRIORITY(
            "raised priority",
            launch -> launch.scheduling(Scheduling.inherited().nice(-20))),
    /** A lower oom_score_adj than the JVM's. */
    LOWERED_OOM_SCORE(
            "lowered oom_score_adj",
            launch -> launch.scheduling(Scheduling.inherited().oomScoreAdj(-1000)));

    private static final long FREE_ID = 524_288;
    private static final int SECCOMP_RET_ALLOW = 0x7fff_0000;
    private static final short BPF_RET = 6;

    private final String text;
    private final Confinement trial;

    Feature(String text, Confinement trial) {
        this.text = text;
        this.trial = trial;
    }

    /** A few words for people. */
    public String text() {
        return text;
    }

    /** A command that gets as far as its program, which is none. */
    Command trial() {
        Command command = Command.of("/").with(trial);
        return this == TERMINAL ? command.terminal(Terminal.Size.standard()) : command;
    }

    /** What it can't work without, so that the reason is told rather than what follows from it. */
    Optional<Feature> base() {
        return switch (this) {
            case LAUNCH -> Optional.empty();
            case MNT_NAMESPACE,
                    PID_NAMESPACE,
                    NET_NAMESPACE,
                    UTS_NAMESPACE,
                    IPC_NAMESPACE,
                    CGROUP_NAMESPACE,
                    TIME_NAMESPACE -> Optional.of(USER_NAMESPACE);
            case PROC, ROOT, OVERLAY, SYSFS -> Optional.of(MNT_NAMESPACE);
            case DEV -> Optional.of(ROOT);
            case LANDLOCK_NETWORK, LANDLOCK_SCOPES -> Optional.of(LANDLOCK);
            default -> Optional.of(LAUNCH);
        };
    }

    /** Confinements that can be added up. */
    private interface Trial extends Confinement {
        default Trial and(Confinement more) {
            return launch -> {
                prepare(launch);
                more.prepare(launch);
            };
        }
    }

    private static Trial in(String... kinds) {
        return launch -> {
            user(launch);
            launch.namespaces(List.of(kinds));
        };
    }

    private static void user(Launch launch) {
        launch.namespaces(List.of("user"));
        launch.idMaps(
                List.of(new IdRange(0, outside(LibC.effectiveUser(), "uid_map"), 1)),
                List.of(new IdRange(0, outside(LibC.effectiveGroup(), "gid_map"), 1)));
    }

    /** Root maps somebody else, as far as there is anybody else; an ordinary user has no choice. */
    private static long outside(long own, String file) {
        if (LibC.effectiveUser() != 0) {
            return own;
        }
        OwnIdMap there = OwnIdMap.read(Path.of("/proc/self").resolve(file));
        return there.covers(FREE_ID, 1) ? FREE_ID : there.last();
    }

    private static void bind(RootPlan root) {
        root.bind(Path.of("/usr"), Path.of("/usr"), Set.of(MountFlag.READ_ONLY)).readOnly();
    }

    private static Confinement landlock(long files, long network, long scopes) {
        return launch -> launch.landlock(files, network, scopes, List.of(), List.of());
    }

    private static byte[] allowEverything() {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.nativeOrder())
                .putShort(BPF_RET)
                .putShort((short) 0)
                .putInt(SECCOMP_RET_ALLOW)
                .array();
    }
}
