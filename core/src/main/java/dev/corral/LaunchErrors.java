package dev.corral;

import dev.corral.LaunchException.Failure;
import dev.corral.internal.launch.LaunchBroken;
import dev.corral.internal.launch.Step;
import dev.corral.internal.launch.StepFailed;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import java.nio.file.Path;
import java.util.Locale;

/** What went wrong in a launch, as the exception a caller can act on. */
final class LaunchErrors {
    private LaunchErrors() {}

    static LaunchException of(Launch launch, StepFailed failed) {
        Step step = failed.step();
        Failure failure = new Failure(
                step.text(),
                failed.stage().name().toLowerCase(Locale.ROOT),
                failed.errno(),
                Errno.name(failed.errno()),
                subject(launch, failed));
        String what = "can't start " + launch.command() + ": " + step.text() + ": " + failure.errnoName()
                + (failure.subject().isEmpty() ? "" : " on " + failure.subject());
        String why = Diagnosis.of(launch, failed);
        String message = why.isEmpty() ? what : what + ": " + why;
        return switch (step) {
            case CLONE -> new NamespaceDenied(message, failed, failure);
            case IDMAP, IDS_ROOT -> new IdMapDenied(message, failed, failure);
            case MOUNTS_PROPAGATION -> new MountFailed(message, failed, failure);
            case PROC -> new ProcMountDenied(message, failed, failure);
            case CWD, EXEC -> new ExecFailed(message, failed, failure);
            case CGROUP_JOIN -> new CgroupJoinFailed(message, failed, failure);
            case HELLO, PLAN_CHECK -> new ProtocolError(message, failed);
            default -> new SetUpFailed(message, failed, failure);
        };
    }

    private static String subject(Launch launch, StepFailed failed) {
        return switch (failed.step()) {
            case CGROUP_JOIN -> launch.groupsV1().get(failed.index()).toString();
            case CLONE ->
                "new namespaces " + launch.namespaces()
                        + launch.groupV2()
                                .map(Path::toString)
                                .map(group -> " in group " + group)
                                .orElse("");
            case HOST_NAME -> launch.hostname().orElse("");
            default -> failed.detail();
        };
    }

    static LaunchException of(Launch launch, LaunchBroken broken) {
        String what = "can't start " + launch.command() + ": ";
        return switch (broken.how()) {
            case TIMED_OUT ->
                new StartTimeout(what + "not started within 10 s; the last step heard of was " + broken.last(), broken);
            case CANCELLED -> new LaunchCancelled("interrupted while starting " + launch.command(), broken);
            case GARBLED -> new ProtocolError(what + "a message that is none, after " + broken.last(), broken);
            case DIED -> died(launch, what, broken);
        };
    }

    private static LaunchException died(Launch launch, String what, LaunchBroken broken) {
        int signal = broken.rawStatus() & 0x7f;
        String how = broken.rawStatus() < 0
                ? "the set-up ended"
                : signal != 0 ? "the set-up was killed by " + new Signal(signal) : "the set-up ended by itself";
        String why = signal == Signal.KILL.number()
                        && !(launch.groupsV1().isEmpty() && launch.groupV2().isEmpty())
                ? "; a memory limit too low to start anything has this effect"
                : "";
        Failure failure = new Failure(broken.last(), "", 0, "", "");
        return new SetUpFailed(what + how + " after " + broken.last() + why, broken, failure);
    }

    /** A group's file that the JVM may not open. */
    static LaunchException group(Launch launch, ErrnoException refused) {
        Failure failure = new Failure(
                Step.CGROUP_JOIN.text(), "", refused.errno(), Errno.name(refused.errno()), refused.subject());
        String why = Diagnosis.join(refused.errno());
        return new CgroupJoinFailed(
                "can't start " + launch.command() + ": " + refused.getMessage() + (why.isEmpty() ? "" : ": " + why),
                refused,
                failure);
    }

    /** Something the JVM needs before anything is spawned. */
    static LaunchException beforeSpawn(Command command, ErrnoException refused) {
        if (refused.call().equals("posix_spawn")) {
            return new LauncherUnavailable(
                    "can't start " + command + ": the launcher can't be executed: " + refused.getMessage(), refused);
        }
        String hint = refused.errno() == Errno.EMFILE
                ? "; the JVM has as many descriptors open as its limit allows (ulimit -n)"
                : refused.errno() == Errno.ENFILE ? "; the host has as many files open as it allows (fs.file-max)" : "";
        Failure failure =
                new Failure(refused.call(), "", refused.errno(), Errno.name(refused.errno()), refused.subject());
        return new SetUpFailed("can't start " + command + ": " + refused.getMessage() + hint, refused, failure);
    }
}
