package dev.corral.testing;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.internal.launch.Launcher;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** What a kernel may lack, or a seccomp profile around the JVM keep from it. */
public enum OldKernel {
    PATHS_ENOSYS("ENOSYS", "openat2"),
    PATHS_EPERM("EPERM", "openat2"),
    MOUNTS_ENOSYS("ENOSYS", "open_tree", "move_mount", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr"),
    MOUNTS_EPERM("EPERM", "open_tree", "move_mount", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr"),
    TREES_ENOSYS("ENOSYS", "open_tree"),
    MOVES_EPERM("EPERM", "move_mount"),
    ATTRIBUTES_ENOSYS("ENOSYS", "mount_setattr"),
    FILE_SYSTEMS_EPERM("EPERM", "fsopen"),
    PROCESSES_ENOSYS("ENOSYS", "clone3", "close_range"),
    PROCESSES_EPERM("EPERM", "clone3", "close_range"),
    ALL_ENOSYS(
            "ENOSYS",
            "openat2",
            "open_tree",
            "move_mount",
            "fsopen",
            "fsconfig",
            "fsmount",
            "mount_setattr",
            "clone3",
            "close_range",
            "faccessat2",
            "statx",
            "epoll_pwait2"),
    ALL_EPERM(
            "EPERM",
            "openat2",
            "open_tree",
            "move_mount",
            "fsopen",
            "fsconfig",
            "fsmount",
            "mount_setattr",
            "clone3",
            "close_range");

    private static final int WARM_UP = 8;
    private static final Map<OldKernel, Launcher> LAUNCHERS = new EnumMap<>(OldKernel.class);

    private final String error;
    private final String calls;

    OldKernel(String error, String... calls) {
        this.error = error;
        this.calls = String.join(" ", calls);
    }

    /** A launcher on such a kernel, whose threads have all begun; the same one each time. */
    public Launcher launcher(BiFunction<Command, Launcher, Child> start) throws Exception {
        synchronized (LAUNCHERS) {
            Launcher present = LAUNCHERS.get(this);
            if (present != null) {
                return present;
            }
            Path directory = Files.createTempDirectory("corral-shim");
            directory.toFile().deleteOnExit(); // the first one is deleted last, when it is empty
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            Launcher launcher = Launcher.at(Shim.ofLauncher(directory, error, List.of(calls.split(" ", -1))));
            for (int i = 0; i < WARM_UP; i++) {
                try (Child child = start.apply(Command.of("true").with(Namespacing.anyOrNone()), launcher)) {
                    child.onExit().join();
                }
            }
            LAUNCHERS.put(this, launcher);
            try (Stream<Path> files = Files.list(directory)) {
                files.map(Path::toFile).forEach(File::deleteOnExit);
            }
            return launcher;
        }
    }
}
