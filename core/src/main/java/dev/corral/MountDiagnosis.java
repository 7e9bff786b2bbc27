package dev.corral;

import dev.corral.internal.launch.LaunchPlan.MountKind;
import dev.corral.internal.launch.Step;
import dev.corral.internal.launch.StepFailed;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.FileNames;
import java.nio.file.Path;
import java.util.Optional;

/** What an error code means for a step that builds the file tree. */
final class MountDiagnosis {
    private MountDiagnosis() {}

    static String of(Launch launch, StepFailed failed, Clues clues) {
        boolean entry = failed.index() < launch.root.entries().size();
        MountKind other = failed.step() == Step.PROC ? MountKind.PROC : MountKind.BIND;
        MountKind kind = entry ? launch.root.entries().get(failed.index()).kind() : other;
        return switch (failed.errno()) {
            case Errno.ESTALE ->
                "its source was replaced between the check and the mount: start it again when nobody changes it";
            case Errno.EROFS ->
                "the place is missing on a read-only file system: make it there, or mount a tmpfs above";
            case Errno.ELOOP, Errno.EXDEV -> "a link is where none may be, or links lead in a circle";
            case Errno.ENOTDIR -> "something on the way, or the place itself, is a link or a file and no directory";
            case Errno.EEXIST -> "something of that name is there, perhaps a link that leads nowhere";
            case Errno.ENODEV -> "the kernel doesn't have this file system, or a device is not what it should be";
            case Errno.EBUSY -> "it is mounted there already";
            case Errno.EACCES -> unreachable(kind);
            case Errno.EINVAL -> invalid(kind);
            case Errno.EPERM ->
                forbidden(
                        kind, entry ? launch.root.entries().get(failed.index()).source() : Optional.empty(), clues);
            case Errno.ENOSPC -> "a limit is reached: fs.mount-max, or the size of a tmpfs";
            default -> Diagnosis.shortage(failed.errno());
        };
    }

    private static String unreachable(MountKind kind) {
        return kind == MountKind.OVERLAY || kind == MountKind.LAYER
                ? "its directories have to be reachable for the user that root inside is outside"
                : "the way there can't be entered by the user that root inside is outside";
    }

    private static String invalid(MountKind kind) {
        return switch (kind) {
            case BIND, READ_ONLY ->
                "what is mounted below is locked by an outer user namespace: bind it with all that is below (not ALONE)";
            case OVERLAY ->
                "overlayfs refuses these directories: upper and work have to lie on one file system that takes"
                        + " extended attributes, and outside of the lower ones";
            default -> "the kernel refuses the options";
        };
    }

    private static String forbidden(MountKind kind, Optional<Path> source, Clues clues) {
        return switch (kind) {
            case SYSFS -> "sysfs takes a network namespace of its own, and a /sys outside that shows all of it";
            case MQUEUE -> "mqueue takes an ipc namespace of its own";
            case CGROUP2 -> "the cgroup2 file system takes a cgroup namespace of its own";
            case PROC ->
                "an outer container hides parts of its /proc, and the kernel then refuses a new one: have that show all of"
                        + " it, share the pid namespace, or put up with the outer /proc by bestEffort()";
            default ->
                "a seccomp profile or a security module forbids it"
                        + source.map(path -> locked(path, clues)).orElse("");
        };
    }

    /** The flags of the mount that a source lies on: what is set there can't be taken away in a user namespace. */
    private static String locked(Path source, Clues clues) {
        String point = "";
        String flags = "";
        for (String line : clues.mounts().lines().toList()) {
            String[] fields = line.split(" ", -1);
            if (fields.length > 5
                    && source.startsWith(FileNames.path(fields[4]))
                    && fields[4].length() >= point.length()) {
                point = fields[4];
                flags = fields[5];
            }
        }
        return point.isEmpty()
                ? ""
                : ", or it would change a flag that is locked by an outer user namespace: those of " + point + " are "
                        + flags;
    }
}
