package dev.corral.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The file tree that every tool is given: an empty root, the host's programs read-only, /tmp, /proc and /dev of its own,
 * ten paths hidden or made read-only.
 *
 * @param binds directories of the host, read-only
 * @param links links in the root, as on the host
 * @param masked hidden paths of /proc
 * @param readOnly read-only paths of /proc
 */
record FileTree(List<Path> binds, List<Link> links, List<Path> masked, List<Path> readOnly) {
    private static final int COVERED = 10;

    /** A link and where it leads to. */
    record Link(Path path, String to) {}

    /** From what this host has: not every kernel has every path that is worth hiding. */
    static FileTree ofHost() throws Exception {
        List<Path> readOnly =
                existing("bus", "fs", "irq", "sys", "sysrq-trigger").toList();
        List<Path> masked = existing(
                        "acpi",
                        "asound",
                        "interrupts",
                        "kcore",
                        "keys",
                        "latency_stats",
                        "sched_debug",
                        "scsi",
                        "timer_list",
                        "timer_stats",
                        "kallsyms",
                        "iomem",
                        "modules")
                .limit(COVERED - readOnly.size())
                .toList();
        List<Path> binds = List.of(Path.of("/usr"), Path.of("/etc"));
        List<Link> links = Stream.of("/bin", "/sbin", "/lib", "/lib32", "/lib64")
                .map(Path::of)
                .filter(Files::isSymbolicLink)
                .map(path -> new Link(path, target(path).orElseThrow()))
                .toList();
        return new FileTree(binds, links, masked, readOnly);
    }

    private static Stream<Path> existing(String... names) {
        return Stream.of(names).map(name -> Path.of("/proc", name)).filter(Files::exists);
    }

    private static Optional<String> target(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
