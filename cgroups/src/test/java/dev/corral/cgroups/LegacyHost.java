package dev.corral.cgroups;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** This host as it would be without cgroup2. */
final class LegacyHost {
    private LegacyHost() {}

    /**
     * Writes the texts of its procfs.
     *
     * @param proc an empty directory
     */
    static Cgroups below(Path proc) throws IOException {
        assumeTrue(
                Cgroups.detect().mode() == CgroupMode.HYBRID,
                "only a hybrid host has a version 1 freezer and a cgroup2 tree");
        Path self = Files.createDirectory(proc.resolve("self"));
        for (String file : List.of("mountinfo", "cgroup")) {
            String text = Files.readString(Path.of("/proc/self", file))
                    .lines()
                    .filter(line -> !line.contains("cgroup2") && !line.startsWith("0::"))
                    .collect(Collectors.joining("\n"));
            Files.writeString(self.resolve(file), text);
        }
        Files.copy(Path.of("/proc/swaps"), proc.resolve("swaps"));
        return Cgroups.detect(proc, Path.of("/sys"));
    }
}
