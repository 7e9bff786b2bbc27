package dev.corral.namespaces;

import dev.corral.Launch;
import dev.corral.MountFlag;
import java.nio.file.Path;
import java.util.EnumSet;

/** Which /proc a child with a pid namespace of its own gets. */
enum ProcChoice {
    /** One that shows its processes. */
    NEW,
    /** That of the JVM, read-only, which shows other processes than its own. */
    OUTER;

    private static final Path PROC = Path.of("/proc");

    Mount at(Path target) {
        return this == NEW
                ? new Mount.Kernel(Mount.Kernel.Type.PROC, target)
                : new Mount.Bind(
                        PROC,
                        target,
                        EnumSet.of(MountFlag.READ_ONLY, MountFlag.NOSUID, MountFlag.NODEV, MountFlag.NOEXEC),
                        false);
    }

    /** In the JVM's own file tree. */
    void addTo(Launch launch) {
        at(PROC).addTo(launch.root());
    }
}
