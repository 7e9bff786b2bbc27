package dev.corral;

import dev.corral.internal.launch.StepFailed;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.LibC;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The sentence behind an error code: what it means for this step on this host, and what to do. */
final class Diagnosis {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLONE_SWITCH = Path.of("/proc/sys/kernel/unprivileged_userns_clone");
    private static final Path APPARMOR_SWITCH = Path.of("/proc/sys/kernel/apparmor_restrict_unprivileged_userns");

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Path NAMESPACE_LIMITS = Path.of("/proc/sys/user");

    private Diagnosis() {}

    /** Empty text when the code says all there is to say. */
    static String of(Launch launch, StepFailed failed) {
        return switch (failed.step()) {
            case CLONE -> clone(launch, failed.errno());
            case IDMAP -> idMap(failed.errno());
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
                    ROOT_READONLY -> MountDiagnosis.of(launch, failed);
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
                    SECCOMP -> PrivilegeDiagnosis.of(launch, failed, read(LIMITS));
            case TTY -> terminal(failed.errno());
            case CWD_VERIFY -> "the working directory lies outside of the root";
            case CGROUP_JOIN -> join(failed.errno());
            case CWD -> directory(launch, failed);
            case EXEC -> exec(launch, failed);
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

    /** Whether a refused clone was refused by the group the child was to be born in. Source: clone(2), cgroups(7). */
    static boolean isAboutTheGroup(Launch launch, int errno) {
        return launch.groupV2.isPresent() && !join(errno).isEmpty();
    }

    private static String clone(Launch launch, int errno) {
        if (isAboutTheGroup(launch, errno)) {
            return join(errno);
        }
        boolean user = launch.makes("user");
        if (errno == Errno.EPERM && !user && LibC.effectiveUser() != 0) {
            return "uid " + LibC.effectiveUser() + " may make these only together with a user namespace: add USER";
        }
        if (errno == Errno.EPERM && read(STATUS).contains("Seccomp:\t2")) {
            return "a seccomp profile around this JVM forbids namespaces";
        }
        if (errno == Errno.EPERM && read(CLONE_SWITCH).strip().equals("0")) {
            return "this host forbids unprivileged user namespaces (kernel.unprivileged_userns_clone=0)";
        }
        if (errno == Errno.EPERM) {
            return user
                    ? "no user namespace can be made from a chroot, or where a security module forbids it"
                    : "it takes CAP_SYS_ADMIN, or a user namespace";
        }
        if (errno == Errno.ENOSPC || errno == Errno.EUSERS) {
            return "a limit of namespaces is reached (" + namespaceLimits(launch) + "); they nest 32 deep at most";
        }
        if (errno == Errno.ENOMEM && launch.joins("pid")) {
            return "the init of the pid namespace that it joins is dead";
        }
        return shortage(errno);
    }

    private static String namespaceLimits(Launch launch) {
        return launch.namespaces.stream()
                .map(kind -> "user.max_" + kind + "_namespaces="
                        + read(NAMESPACE_LIMITS.resolve("max_" + kind + "_namespaces"))
                                .strip())
                .collect(Collectors.joining(", "));
    }

    private static String enter(int errno) {
        return switch (errno) {
            case Errno.EPERM -> "it takes CAP_SYS_ADMIN in the user namespace that owns it: join that one as well";
            case Errno.EINVAL -> "it is a namespace of another kind, or that of this JVM already";
            case Errno.ESRCH -> "the process has ended";
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

    private static String idMap(int errno) {
        if (errno != Errno.EPERM && errno != Errno.EACCES) {
            return errno == Errno.EINVAL ? "ranges overlap" : "";
        }
        return read(APPARMOR_SWITCH).strip().equals("1")
                ? "AppArmor restricts user namespaces (kernel.apparmor_restrict_unprivileged_userns=1): install a profile for"
                        + " the launcher and point corral.launcher.path at it"
                : "these ids may not be mapped by uid " + LibC.effectiveUser();
    }

    /** Why a group could not be joined. */
    static String join(int errno) {
        if (errno == Errno.EBUSY) {
            return "the group distributes controllers to its children and can't hold processes";
        }
        if (errno == Errno.EACCES) {
            return "the group is not delegated to uid " + LibC.effectiveUser();
        }
        if (errno == Errno.EOPNOTSUPP) {
            return "the group is of a kind that holds threads only (cgroup.type)";
        }
        return errno == Errno.ENOENT || errno == Errno.ENODEV ? "the group has been removed" : "";
    }

    private static String directory(Launch launch, StepFailed failed) {
        if (failed.errno() == Errno.EACCES) {
            return "the directory can't be entered by " + identity(launch)
                    + ": copy what the program needs to a place that others may read";
        }
        return failed.errno() == Errno.ENOENT
                ? "there is no such directory"
                : failed.errno() == Errno.ENOTDIR ? "it is not a directory" : "";
    }

    private static String exec(Launch launch, StepFailed failed) {
        List<String> candidates = PlanMaker.candidates(launch.command());
        return switch (failed.errno()) {
            case Errno.ENOENT -> {
                List<String> there = candidates.stream()
                        .filter(candidate -> is(launch, candidate, Files::exists))
                        .toList();
                yield there.isEmpty()
                        ? "there is no such program; looked for " + String.join(", ", candidates)
                        : there.get(0) + " exists, but the interpreter it names (#! line or dynamic loader) does not";
            }
            case Errno.EACCES -> denied(launch, candidates.get(failed.index()));
            case Errno.ENOEXEC -> "it is neither a program for this machine nor a script with a #! line";
            case Errno.E2BIG -> "arguments and environment together are too large";
            case Errno.ENAMETOOLONG -> "a path has at most 4095 bytes, a name in it 255";
            case Errno.ETXTBSY -> "somebody has it open for writing";
            default -> shortage(failed.errno());
        };
    }

    private static String denied(Launch launch, String program) {
        if (is(launch, program, Files::isDirectory)) {
            return "it is a directory";
        }
        if (is(launch, program, file -> Files.isRegularFile(file) && !Files.isExecutable(file))) {
            return "it has no execute permission (chmod +x), or lies on a mount with noexec";
        }
        return "it can't be reached or executed by " + identity(launch)
                + ": copy it to a place that others may read, or mind a noexec mount";
    }

    /** What the JVM sees at the place where the child looked; false for a name that a Path can't have in this locale. */
    private static boolean is(Launch launch, String program, Predicate<Path> what) {
        try {
            Path path = Path.of(program);
            return what.test(launch.command()
                    .directory()
                    .map(directory -> directory.resolve(path))
                    .orElse(path));
        } catch (InvalidPathException inexpressible) {
            return false;
        }
    }

    /** Whom the kernel asks for permission: root inside, as the host knows it. */
    private static String identity(Launch launch) {
        Optional<Launch.IdRange> root = launch.idMaps.users().stream()
                .filter(range -> range.inside() == 0)
                .findFirst();
        return "uid " + root.map(Launch.IdRange::outside).orElse((long) LibC.effectiveUser())
                + (root.isPresent() ? " (root inside the user namespace)" : "");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException absent) {
            return ""; // only ever looked at for a hint
        }
    }
}
