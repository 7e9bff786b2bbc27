package dev.corral;

import dev.corral.LaunchException.Failure;
import dev.corral.internal.launch.LaunchBroken;
import dev.corral.internal.launch.Launcher;
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
        return of(launch, failed, Clues.ofThisHost());
    }

    static LaunchException of(Launch launch, StepFailed failed, Clues clues) {
        Step step = failed.step();
        Failure failure = new Failure(
                step.text(),
                failed.stage().name().toLowerCase(Locale.ROOT),
                failed.errno(),
                Errno.name(failed.errno()),
                subject(launch, failed));
        String what = "can't start " + launch.command() + ": " + step.text() + ": " + failure.errnoName()
                + (failure.subject().isEmpty() ? "" : " on " + failure.subject());
        String why = Diagnosis.of(launch, failed, clues);
        String message = why.isEmpty() ? what : what + ": " + why;
        return switch (step) {
            case CLONE -> clone(launch, message, failed, failure);
            case NS_JOIN, TIME_OFFSETS -> new NamespaceDenied(message, failed, failure);
            case IDMAP, IDS_ROOT -> new IdMapDenied(message, failed, failure);
            case MOUNTS_PROPAGATION, MOUNTS_DETACH, ROOT_ATTACH, ROOT_READONLY, MOUNT, DEV, MASK, READONLY, PIVOT ->
                new MountFailed(message, failed, failure);
            case PROC -> new ProcMountDenied(message, failed, failure);
            case OOM_SCORE,
                    RLIMITS_RAISE,
                    RLIMITS_LOWER,
                    SCHED,
                    AFFINITY,
                    LANDLOCK_RULES,
                    LANDLOCK,
                    CAPS_BOUNDING,
                    CAPS_KEEP,
                    CAPS_SET,
                    CAPS_AMBIENT,
                    IDS_GROUPS,
                    IDS_GID,
                    IDS_UID,
                    NNP,
                    SECCOMP -> new PrivilegeFailed(message, failed, failure);
            case CWD, CWD_VERIFY, EXEC -> new ExecFailed(message, failed, failure);
            case CGROUP_JOIN -> new CgroupJoinFailed(message, failed, failure);
            case HELLO -> hello(launch, message, failed, failure);
            case PLAN_CHECK -> new ProtocolError(message, failed, failure);
            default -> new SetUpFailed(message, failed, failure);
        };
    }

    /** Whatever else may change, a launcher says its own number where an error has its index. */
    private static LaunchException hello(Launch launch, String message, StepFailed failed, Failure failure) {
        return failed.errno() == Errno.EPROTO && failed.index() != Launcher.PROTOCOL
                ? new LauncherUnavailable(
                        "can't start " + launch.command() + ": the launcher speaks protocol " + failed.index()
                                + ", this JVM protocol " + Launcher.PROTOCOL
                                + ": have corral.launcher.path name the launcher of this version, or nothing",
                        failed)
                : new ProtocolError(message, failed, failure);
    }

    /** One call makes the process, its namespaces and its membership in a group: only the code tells what was refused. */
    private static LaunchException clone(Launch launch, String message, StepFailed failed, Failure failure) {
        if (Diagnosis.isAboutTheGroup(launch, failed.errno())) {
            return new CgroupJoinFailed(message, failed, failure);
        }
        return launch.namespaces.isEmpty() || Diagnosis.isShortage(failed.errno())
                ? new SetUpFailed(message, failed, failure)
                : new NamespaceDenied(message, failed, failure);
    }

    /** From the launch rather than from the message, which cuts long paths short. */
    private static String subject(Launch launch, StepFailed failed) {
        return switch (failed.step()) {
            case CGROUP_JOIN -> group(launch, failed.index());
            case MOUNTS_DETACH, MOUNT, DEV, PROC, MASK, READONLY -> Subjects.mount(launch, failed);
            case RLIMITS_RAISE, RLIMITS_LOWER -> Subjects.rlimit(launch, failed.index());
            case NS_JOIN -> Subjects.join(launch, failed.index());
            case LANDLOCK_RULES -> Subjects.rule(launch, failed.index());
            case CAPS_BOUNDING, CAPS_AMBIENT -> "capability " + failed.index();
            case IDS_GROUPS, IDS_GID, IDS_UID ->
                launch.identity.map(Identity::toString).orElse("");
            case OOM_SCORE, SCHED, AFFINITY -> Subjects.scheduling(launch, failed);
            case FDS_PLACE -> Subjects.descriptor(launch, failed.index());
            case ROOT_ATTACH -> launch.root.directory().map(Path::toString).orElse("a new root");
            case CLONE -> {
                String group = launch.groupV2.map(path -> "group " + path).orElse("");
                yield Diagnosis.isAboutTheGroup(launch, failed.errno())
                        ? group
                        : launch.namespaces.isEmpty() ? "a new process" : "new namespaces " + launch.namespaces;
            }
            case HOST_NAME -> launch.hostname.or(() -> launch.domainName).orElse("");
            case CWD, CWD_VERIFY ->
                launch.command().directory().map(Path::toString).orElse(failed.detail());
            case EXEC -> PlanMaker.candidates(launch.command()).get(failed.index());
            default -> failed.detail();
        };
    }

    /** Without clone3 the v2 group is joined by a write too, as the last one. */
    private static String group(Launch launch, int index) {
        return index < launch.groupsV1.size()
                ? launch.groupsV1.get(index).toString()
                : launch.groupV2.map(Path::toString).orElse("");
    }

    static LaunchException of(Launch launch, LaunchBroken broken) {
        String what = "can't start " + launch.command() + ": ";
        return switch (broken.how()) {
            case TIMED_OUT ->
                new StartTimeout(what + "not started within 10 s; the last step heard of was " + broken.last(), broken);
            case CANCELLED -> new LaunchCancelled("interrupted while starting " + launch.command(), broken);
            case ABANDONED -> new LaunchCancelled(what + "it has been closed meanwhile", broken);
            case GARBLED ->
                new ProtocolError(
                        what + "what the launcher says after " + broken.last() + " makes no sense", broken, null);
            case DIED -> died(launch, what, broken);
        };
    }

    private static LaunchException died(Launch launch, String what, LaunchBroken broken) {
        int signal = broken.rawStatus() & 0x7f;
        String how = signal == 0 || broken.rawStatus() < 0
                ? "the set-up ended by itself"
                : "the set-up was killed by " + new Signal(signal);
        String memory = signal == 0 || signal == Signal.KILL.number() ? Diagnosis.outOfMemory(launch) : "";
        Failure failure = new Failure(broken.last(), "", 0, "", "");
        return new SetUpFailed(
                what + how + " after " + broken.last() + (memory.isEmpty() ? "" : ": " + memory), broken, failure);
    }

    /** A namespace that can't even be opened. */
    static LaunchException join(Command command, String what, ErrnoException refused) {
        if (Diagnosis.isShortage(refused.errno())) {
            return beforeSpawn(command, refused);
        }
        Failure failure = new Failure(Step.NS_JOIN.text(), "", refused.errno(), Errno.name(refused.errno()), what);
        String why = Diagnosis.enter(refused.errno());
        return new NamespaceDenied(
                "can't start " + command + ": " + failure.step() + ": " + failure.errnoName() + " on " + what
                        + (why.isEmpty() ? "" : ": " + why),
                refused,
                failure);
    }

    /** A group's file that the JVM may not open. */
    static LaunchException group(Launch launch, ErrnoException refused) {
        Failure failure = new Failure(
                Step.CGROUP_JOIN.text(), "", refused.errno(), Errno.name(refused.errno()), refused.subject());
        String why = Diagnosis.join(refused.errno());
        return new CgroupJoinFailed(
                "can't start " + launch.command() + ": " + failure.step() + ": " + failure.errnoName() + " on "
                        + failure.subject() + (why.isEmpty() ? "" : ": " + why),
                refused,
                failure);
    }

    /** What is to be mounted, or to be the root, and can't even be opened. */
    static LaunchException source(Command command, Path source, Step step, ErrnoException refused) {
        if (Diagnosis.isShortage(refused.errno())) {
            return beforeSpawn(command, refused);
        }
        Failure failure = new Failure(step.text(), "", refused.errno(), Errno.name(refused.errno()), source.toString());
        String why = Diagnosis.file(refused.errno());
        return new MountFailed(
                "can't start " + command + ": " + step.text() + ": " + failure.errnoName() + " on " + source
                        + (why.isEmpty()
                                ? ""
                                : ": " + why + (refused.errno() == Errno.ENOENT ? ": make it, or" : ":")
                                        + " name another"),
                refused,
                failure);
    }

    /** Something the JVM needs before anything is spawned. */
    static LaunchException beforeSpawn(Command command, ErrnoException refused) {
        if (refused.call().equals("posix_spawn") && !Diagnosis.isShortage(refused.errno())) {
            return new LauncherUnavailable(
                    "can't start " + command + ": the launcher can't be executed: " + refused.getMessage(), refused);
        }
        String why =
                refused.call().equals("open") ? Diagnosis.file(refused.errno()) : Diagnosis.shortage(refused.errno());
        Failure failure =
                new Failure(refused.call(), "", refused.errno(), Errno.name(refused.errno()), refused.subject());
        return new SetUpFailed(
                "can't start " + command + ": " + refused.getMessage() + (why.isEmpty() ? "" : ": " + why),
                refused,
                failure);
    }
}
