package dev.corral;

import dev.corral.internal.launch.StepFailed;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.LibC;
import java.nio.file.Path;
import java.util.List;

/** The sentence behind an error code: what it means for this step on this host, and what to do. */
final class Diagnosis {
    private static final int CAP_SYS_ADMIN = 21;
    private static final String APP_ARMOR =
            "AppArmor restricts user namespaces (kernel.apparmor_restrict_unprivileged_userns=1): install a profile for the"
                    + " launcher and point corral.launcher.path at it";

    private Diagnosis() {}

    /** Empty text when the code says all there is to say. */
    static String of(Launch launch, StepFailed failed, Clues clues) {
        return switch (failed.step()) {
            case CLONE -> clone(launch, failed.errno(), clues);
            case IDMAP, IDS_ROOT -> idMap(failed.errno(), clues);
            case NS_JOIN -> enter(failed.errno());
            case TIME_OFFSETS -> clocks(failed.errno());
            case MOUNTS_PROPAGATION,
                    MOUNTS_DETACH,
                    ROOT_ATTACH,
                    MOUNT,
                    DEV,
                    PROC,
                    MASK,
                    READONLY,
                    PIVOT,
                    ROOT_READONLY -> MountDiagnosis.of(launch, failed, clues);
            case OOM_SCORE,
                    RLIMITS_RAISE,
                    RLIMITS_LOWER,
                    SCHED,
                    AFFINITY,
                    IDS_GROUPS,
                    IDS_GID,
                    IDS_UID,
                    CAPS_BOUNDING,
                    CAPS_KEEP,
                    CAPS_SET,
                    CAPS_AMBIENT,
                    LANDLOCK_RULES,
                    LANDLOCK,
                    SECCOMP -> PrivilegeDiagnosis.of(launch, failed, clues.limits());
            case TTY -> terminal(failed.errno());
            case CWD_VERIFY -> "the working directory lies outside of the root: give one that is inside";
            case KEYRING -> keyring(failed.errno());
            case CGROUP_JOIN -> group(launch, failed.errno());
            case CWD -> ExecDiagnosis.directory(launch, failed);
            case EXEC -> ExecDiagnosis.of(launch, failed);
            case FDS_PLACE -> "its number lies above the limit of descriptors (RLIMIT_NOFILE)";
            default -> shortage(failed.errno());
        };
    }

    /** Whether there is too little of something that has nothing to do with what was asked for. */
    static boolean isShortage(int errno) {
        return !shortage(errno).isEmpty();
    }

    static String shortage(int errno) {
        return switch (errno) {
            case Errno.EMFILE -> "the JVM has as many descriptors open as its limit allows (ulimit -n)";
            case Errno.ENFILE -> "the host has as many files open as it allows (fs.file-max)";
            case Errno.EAGAIN -> "a limit of processes is reached: pids.max of the group or RLIMIT_NPROC";
            case Errno.ENOMEM -> "the kernel has no memory for it";
            default -> "";
        };
    }

    /** Why a file that the caller named can't be opened. */
    static String file(int errno) {
        return switch (errno) {
            case Errno.ENOENT -> "there is no such file or directory";
            case Errno.ENOTDIR -> "something on the way is no directory";
            case Errno.EACCES -> "uid " + LibC.effectiveUser() + ", as whom the JVM runs, may not";
            case Errno.ELOOP -> "links lead in a circle";
            case Errno.EISDIR -> "it is a directory";
            case Errno.EROFS -> "it lies on a read-only file system";
            default -> shortage(errno);
        };
    }

    /** Whether a refused clone was refused by the group the child was to be born in. Source: clone(2), cgroups(7). */
    static boolean isAboutTheGroup(Launch launch, int errno) {
        return launch.groupV2.isPresent() && !join(errno).isEmpty();
    }

    private static String clone(Launch launch, int errno, Clues clues) {
        if (isAboutTheGroup(launch, errno)) {
            return group(launch, errno);
        }
        return switch (errno) {
            case Errno.EPERM -> forbidden(launch, clues);
            case Errno.ENOSPC, Errno.EUSERS ->
                "a limit of namespaces is reached (" + namespaceLimits(launch, clues)
                        + ", or that of an outer user namespace): raise it; they nest 32 deep at most";
            case Errno.ENOMEM ->
                launch.joins("pid") ? "the init of the pid namespace that it joins is dead" : shortage(errno);
            default -> shortage(errno);
        };
    }

    /** Being born in a group takes more than that group. Source: cgroup-v2.rst, "Delegation Containment". */
    private static String group(Launch launch, int errno) {
        if (errno != Errno.EACCES || launch.groupV2.isEmpty()) {
            return join(errno);
        }
        return "uid " + LibC.effectiveUser() + " may not write cgroup.procs of the group, or of the nearest group above"
                + " both it and this JVM: have its owner give it, or run the JVM in a delegated one (systemd: Delegate=yes)";
    }

    private static String forbidden(Launch launch, Clues clues) {
        boolean user = launch.makes("user");
        // Who joins one has all rights in it.
        if (!user && !launch.joins("user") && LibC.effectiveUser() != 0 && !LibC.isCapable(CAP_SYS_ADMIN)) {
            return "uid " + LibC.effectiveUser() + " may make these only together with a user namespace: add USER";
        }
        if (clues.filtered()) {
            return "a seccomp profile around this JVM forbids namespaces: have the outer container allow clone, unshare,"
                    + " setns and mount, or do without namespaces";
        }
        if (user && clues.setting("kernel/unprivileged_userns_clone").equals("0")) {
            return "this host forbids unprivileged user namespaces (kernel.unprivileged_userns_clone=0): set it to 1, or"
                    + " run the JVM as root";
        }
        // Where AppArmor lets a user namespace be made, it keeps all others from whoever is in it.
        if (user && appArmorRestricts(clues)) {
            return APP_ARMOR;
        }
        return user
                ? "no user namespace can be made from a chroot, or where a security module forbids it: start the JVM"
                        + " outside of it"
                : "it takes CAP_SYS_ADMIN, or a user namespace";
    }

    /** The kernel doesn't tell which: those that allow none, else all. */
    private static String namespaceLimits(Launch launch, Clues clues) {
        List<String> all = launch.namespaces.stream()
                .map(kind -> "user.max_" + kind + "_namespaces=" + clues.setting("user/max_" + kind + "_namespaces"))
                .toList();
        List<String> none = all.stream().filter(limit -> limit.endsWith("=0")).toList();
        return String.join(", ", none.isEmpty() ? all : none);
    }

    /** Why a namespace could not be joined. */
    static String enter(int errno) {
        return switch (errno) {
            case Errno.EPERM -> "it takes CAP_SYS_ADMIN in the user namespace that owns it: join that one as well";
            case Errno.EINVAL -> "it is a namespace of another kind, or that of this JVM already";
            case Errno.ESRCH -> "the process has ended";
            case Errno.ENOENT, Errno.ENOTDIR -> "there is no such namespace, or its process has ended";
            case Errno.EACCES -> "this user may not open it: it takes the same user, or CAP_SYS_PTRACE";
            default -> shortage(errno);
        };
    }

    private static String clocks(int errno) {
        return switch (errno) {
            case Errno.EPERM, Errno.EACCES -> "it takes CAP_SYS_ADMIN and CAP_SYS_TIME, or a user namespace: add USER";
            case Errno.ERANGE -> "a clock would run below 0 or too far ahead";
            case Errno.EINVAL -> "the kernel has no time namespaces (Linux 5.6, CONFIG_TIME_NS)";
            default -> shortage(errno);
        };
    }

    private static String terminal(int errno) {
        return switch (errno) {
            case Errno.ENOENT, Errno.ENODEV -> "its /dev has no terminals: add dev(/dev) to its root";
            case Errno.ENOSPC -> "as many terminals are open as the host allows (kernel.pty.max)";
            default -> shortage(errno);
        };
    }

    private static String keyring(int errno) {
        return switch (errno) {
            case Errno.EDQUOT ->
                "this user has as many keys as allowed (kernel.keys.maxkeys, root_maxkeys, maxbytes): raise that, or do"
                        + " without a keyring of its own";
            case Errno.ENOSYS -> "the kernel has no keyrings (CONFIG_KEYS), or a seccomp profile hides them";
            case Errno.EPERM, Errno.EACCES -> "a seccomp profile or a security module forbids keyctl";
            default -> shortage(errno);
        };
    }

    private static String idMap(int errno, Clues clues) {
        if (errno == Errno.EINVAL) {
            return "ranges overlap, or an id is not mapped";
        }
        if (errno != Errno.EPERM && errno != Errno.EACCES) {
            return shortage(errno);
        }
        return appArmorRestricts(clues)
                ? APP_ARMOR
                : "these ids may not be mapped by uid " + LibC.effectiveUser()
                        + ": an ordinary user maps the own one, or subordinate ones through newuidmap";
    }

    private static boolean appArmorRestricts(Clues clues) {
        return clues.setting("kernel/apparmor_restrict_unprivileged_userns").equals("1");
    }

    /** Why a group could not be joined. */
    static String join(int errno) {
        if (errno == Errno.EBUSY) {
            return "the group distributes controllers to its children and can't hold processes: choose one without children";
        }
        if (errno == Errno.EACCES) {
            return "the group is not delegated to uid " + LibC.effectiveUser()
                    + ": have its owner give it, or use a delegated one (systemd: Delegate=yes)";
        }
        if (errno == Errno.EOPNOTSUPP) {
            return "the group is of a kind that holds threads only (cgroup.type)";
        }
        return errno == Errno.ENOENT || errno == Errno.ENODEV ? "the group has been removed: make it again" : "";
    }

    /** Which group has killed for lack of memory, and how much it may have; empty if none has. */
    static String outOfMemory(Launch launch) {
        for (Path group : launch.groupsV1) {
            if (hasKilled(group.resolve("memory.oom_control"))) {
                return outOfMemory(group, "memory.limit_in_bytes");
            }
        }
        return launch.groupV2
                .filter(group -> hasKilled(group.resolve("memory.events")))
                .map(group -> outOfMemory(group, "memory.max"))
                .orElse("");
    }

    private static String outOfMemory(Path group, String limit) {
        return "the memory limit is too low to start anything: " + limit + " of " + group + " is "
                + Clues.text(group.resolve(limit)).strip() + " bytes; raise it";
    }

    private static boolean hasKilled(Path events) {
        return Clues.text(events).lines().anyMatch(line -> line.startsWith("oom_kill ") && !line.equals("oom_kill 0"));
    }
}
