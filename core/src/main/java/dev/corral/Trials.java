package dev.corral;

import dev.corral.Launch.IdRange;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.ProcIdMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The launches by which {@link Capabilities} finds out about features. */
final class Trials {
    private static final long FREE_ID = 524_288;
    private static final int CAP_SETGID = 6;
    private static final int CAP_SETUID = 7;
    private static final int SECCOMP_RET_ALLOW = 0x7fff_0000;
    private static final short BPF_RET = 6;

    private Trials() {}

    /** A command that gets as far as its program, which is none. */
    static Command of(Feature feature) {
        Command command = Command.of("/").with(confinement(feature));
        return feature == Feature.TERMINAL ? command.terminal(Terminal.Size.standard()) : command;
    }

    private static Confinement confinement(Feature feature) {
        return switch (feature) {
            case LAUNCH -> launch -> {};
            case USER_NAMESPACE -> Trials::user;
            case MNT_NAMESPACE -> in("mnt");
            case PID_NAMESPACE -> in("pid");
            case NET_NAMESPACE -> in("net").and(Launch::loopback);
            case UTS_NAMESPACE -> in("uts").and(launch -> launch.hostname("trial"));
            case IPC_NAMESPACE -> in("ipc");
            case CGROUP_NAMESPACE -> in("cgroup");
            case TIME_NAMESPACE -> in("time");
            case NAMESPACES_WITHOUT_USER -> launch -> launch.namespaces(List.of("mnt"));
            case PROC -> in("mnt", "pid").and(Launch::newProc);
            case ROOT -> in("mnt", "pid").and(launch -> bind(launch.root().empty()));
            case DEV -> in("mnt", "pid").and(launch -> launch.root().empty().dev(Path.of("/dev")));
            case SYSFS -> in("mnt", "net").and(launch -> launch.root().empty().sysfs(Path.of("/sys")));
            case OVERLAY ->
                in("mnt")
                        .and(launch ->
                                launch.root().empty().temporaryOverlay(Path.of("/usr"), List.of(Path.of("/usr"))));
            case TERMINAL -> launch -> {};
            case OTHER_USERS -> launch -> launch.identity(Identity.of(65_534, 65_534));
            case KEYRING -> Launch::newKeyring;
            case SECCOMP -> launch -> launch.seccomp(allowEverything());
            case LANDLOCK -> landlock(1, 0, 0);
            case LANDLOCK_NETWORK -> landlock(1, 1, 0);
            case LANDLOCK_SCOPES -> landlock(1, 1, 1);
            case RAISED_PRIORITY ->
                launch -> launch.scheduling(Scheduling.inherited().nice(-20));
            case LOWERED_OOM_SCORE ->
                launch -> launch.scheduling(Scheduling.inherited().oomScoreAdj(-1000));
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
                List.of(new IdRange(0, outside(LibC.effectiveUser(), CAP_SETUID, "uid_map"), 1)),
                List.of(new IdRange(0, outside(LibC.effectiveGroup(), CAP_SETGID, "gid_map"), 1)));
    }

    /** Root maps somebody else, as far as it may and there is anybody else; an ordinary user has no choice. */
    private static long outside(long own, int capability, String file) {
        if (LibC.effectiveUser() != 0 || !LibC.handsDown(capability)) {
            return own;
        }
        ProcIdMap there = ProcIdMap.read(Path.of("/proc/self").resolve(file));
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
