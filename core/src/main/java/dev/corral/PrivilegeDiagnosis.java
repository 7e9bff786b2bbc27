package dev.corral;

import dev.corral.internal.launch.Step;
import dev.corral.internal.launch.StepFailed;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.LibC;
import java.util.List;

/** What an error code means for a step about ids, limits, scheduling and restrictions. */
final class PrivilegeDiagnosis {
    private PrivilegeDiagnosis() {}

    static String of(Launch launch, StepFailed failed, String limits) {
        return switch (failed.step()) {
            case RLIMITS_RAISE, RLIMITS_LOWER -> rlimit(launch, failed, limits);
            case OOM_SCORE -> refused(failed, "a lowered oom_score_adj takes CAP_SYS_RESOURCE");
            case SCHED -> refused(failed, "more than the JVM has takes CAP_SYS_NICE (or RLIMIT_NICE, RLIMIT_RTPRIO)");
            case AFFINITY ->
                failed.errno() == Errno.EINVAL ? "none of these processors is there, or in its cpuset" : "";
            case IDS_GROUPS, IDS_GID, IDS_UID -> ids(launch, failed);
            case CAPS_BOUNDING, CAPS_KEEP, CAPS_SET, CAPS_AMBIENT ->
                refused(
                        failed,
                        "only what the process has can be kept, and dropping from the bounding set takes"
                                + " CAP_SETPCAP: add USER, or run the JVM with it");
            case LANDLOCK_RULES, LANDLOCK -> landlock(failed);
            case SECCOMP -> seccomp(failed);
            default -> Diagnosis.shortage(failed.errno());
        };
    }

    private static String refused(StepFailed failed, String why) {
        return failed.errno() == Errno.EPERM || failed.errno() == Errno.EACCES
                ? why
                : Diagnosis.shortage(failed.errno());
    }

    private static String rlimit(Launch launch, StepFailed failed, String limits) {
        if (failed.errno() != Errno.EPERM) {
            return failed.errno() == Errno.EINVAL ? "the kernel refuses the value" : "";
        }
        return "a hard limit may not be raised without CAP_SYS_RESOURCE"
                + launch.rlimits.entrySet().stream()
                        .skip(failed.index())
                        .findFirst()
                        .map(limit -> fromTo(hard(limits, limit.getKey()), limit.getValue()))
                        .orElse("");
    }

    private static String fromTo(String now, Rlimit.Value wanted) {
        String hard = wanted.hard() == Rlimit.UNLIMITED ? "unlimited" : Long.toString(wanted.hard());
        return now.isEmpty() ? "" : ": from " + now + " to " + hard;
    }

    /** The column "Hard Limit" of /proc/PID/limits, whose names are those of no other list. */
    static String hard(String limits, Rlimit which) {
        String name = switch (which) {
            case CPU -> "Max cpu time";
            case FSIZE -> "Max file size";
            case DATA -> "Max data size";
            case STACK -> "Max stack size";
            case CORE -> "Max core file size";
            case RSS -> "Max resident set";
            case NPROC -> "Max processes";
            case NOFILE -> "Max open files";
            case MEMLOCK -> "Max locked memory";
            case AS -> "Max address space";
            case LOCKS -> "Max file locks";
            case SIGPENDING -> "Max pending signals";
            case MSGQUEUE -> "Max msgqueue size";
            case NICE -> "Max nice priority";
            case RTPRIO -> "Max realtime priority";
            case RTTIME -> "Max realtime timeout";
        };
        for (String line : limits.lines().toList()) {
            if (line.startsWith(name)) {
                List<String> fields =
                        List.of(line.substring(name.length()).strip().split("\\s+", -1));
                return fields.size() > 1 ? fields.get(1) : "";
            }
        }
        return "";
    }

    private static String ids(Launch launch, StepFailed failed) {
        if (failed.errno() == Errno.EINVAL) {
            return "an id is not mapped in the user namespace";
        }
        return refused(
                failed,
                launch.makes("user")
                        ? "the id map does not allow it"
                        : "uid " + LibC.effectiveUser() + " may not become somebody else without CAP_SETUID and"
                                + " CAP_SETGID: add USER and map the ids");
    }

    private static String landlock(StepFailed failed) {
        return switch (failed.errno()) {
            case Errno.ENOSYS -> "the kernel has no Landlock (Linux 5.13, CONFIG_SECURITY_LANDLOCK)";
            case Errno.EOPNOTSUPP -> "Landlock is switched off at boot (lsm= on the kernel's command line)";
            case Errno.EINVAL, Errno.E2BIG ->
                failed.step() == Step.LANDLOCK_RULES
                        ? "the kernel's Landlock is older than what is asked of it"
                        : "the kernel refuses the rules";
            case Errno.ENOENT -> "a rule names a path that is not there";
            case Errno.EPERM -> "it takes no_new_privs, or CAP_SYS_ADMIN";
            default -> Diagnosis.shortage(failed.errno());
        };
    }

    private static String seccomp(StepFailed failed) {
        return switch (failed.errno()) {
            case Errno.EACCES -> "a filter without no_new_privs takes CAP_SYS_ADMIN: leave out allowNewPrivileges()";
            case Errno.EINVAL -> "the kernel refuses the program, or has no filters (CONFIG_SECCOMP_FILTER)";
            case Errno.ENOSYS -> "the kernel has no seccomp";
            case Errno.EBUSY -> "another filter of this process already asks a listener";
            default -> Diagnosis.shortage(failed.errno());
        };
    }
}
