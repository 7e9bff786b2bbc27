package dev.corral.namespaces;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The parts of /proc and /sys that tell about the whole host, or change it, and no namespace keeps apart: hidden or
 * read-only unless a tree asks for them. What a kernel does not have is skipped by the launcher.
 */
final class KernelPaths {
    private static final Path PROC = Path.of("/proc");
    private static final Path SYS = Path.of("/sys");

    private static final List<Mount> ALL = Stream.<Mount>concat(
                    Stream.of(
                                    "/proc/acpi",
                                    "/proc/asound",
                                    "/proc/interrupts",
                                    "/proc/kcore",
                                    "/proc/keys",
                                    "/proc/latency_stats",
                                    "/proc/sched_debug",
                                    "/proc/scsi",
                                    "/proc/timer_list",
                                    "/proc/timer_stats",
                                    "/sys/firmware",
                                    "/sys/devices/virtual/powercap")
                            .map(path -> new Mount.Mask(Path.of(path))),
                    Stream.of(
                                    "/proc/bus",
                                    "/proc/fs",
                                    "/proc/irq",
                                    "/proc/sys",
                                    "/proc/sysrq-trigger",
                                    "/sys/fs/cgroup")
                            .map(path -> new Mount.ReadOnly(Path.of(path))))
            .toList();

    private KernelPaths() {}

    /**
     * What is to be hidden in a tree with these mounts: of /proc and /sys the one that it has. A directory may bring
     * anything along, so there all of it is.
     */
    static List<Mount> hidden(boolean bringsItsOwn, List<Mount> mounts) {
        Predicate<Path> shown = top -> bringsItsOwn
                || mounts.stream().anyMatch(mount -> mount.target().startsWith(top) || top.startsWith(mount.target()));
        boolean proc = shown.test(PROC);
        boolean sys = shown.test(SYS);
        return ALL.stream()
                .filter(mount -> mount.target().startsWith(PROC) ? proc : sys)
                .toList();
    }
}
