package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file that is missing has the release that it came with in its sentence. */
@Tag("v2")
class FirstLinuxTest extends RealGroups {
    private final FakeKernel kernel = new FakeKernel("6.1-container-v2").offering("cpu", "memory", "pids");
    private final Cgroup group = kernel.boot().create("a");

    @ParameterizedTest
    @CsvSource({"memory.swap.high, 5.8", "pids.peak, 6.1", "cpu.idle, 5.15", "cgroup.freeze, 5.2"})
    void whoWritesIsTold(String file, String release) {
        kernel.remove(group.path().resolve(file));

        assertThatThrownBy(() -> group.file(file).write("1"))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessage("cannot write 1 to " + group.path().resolve(file)
                        + ": ENOENT, the controller is not enabled"
                        + " in this group, or this kernel does not know the file, which came with Linux " + release);
    }

    @Test
    void whoReadsIsTold() {
        Path file = group.path().resolve("memory.min");
        kernel.remove(file);

        assertThatThrownBy(() -> group.find(MemoryV2.class).orElseThrow().min())
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessage("cannot read " + file + ": there is no such file: the controller is not enabled in this"
                        + " group, it is the root group, or this kernel does not know the file, which came with Linux"
                        + " 4.18");
    }

    @Test
    void nothingIsToldOfWhatIsNotKnown() {
        assertThat(FirstLinux.told(true, "xyz.max")).isEmpty();
        assertThat(FirstLinux.told(false, "memory.peak")).isEmpty();
    }

    /** It may be as old as its controller, or newer than this list. */
    @Test
    void ofAFileThatIsNotListedTheControllerIsTold() {
        assertThat(FirstLinux.told(true, "cpuset.cpus")).isEqualTo(", whose controller came with Linux 5.0");
        assertThat(FirstLinux.told(false, "cpuset.cpus")).isEmpty();
    }

    /** One that a kernel has can't have come with a later one. */
    @Test
    void theRunningKernelIsAsNewAsItsFiles() {
        String release = System.getProperty("os.version", "");
        assumeFalse(release.matches(".*\\.(el|amzn|uek)\\d*.*"), release + " has files of later ones");
        long running = number(release);
        try (Cgroup real = host.create(name)) {
            for (GroupDirectory directory : real.directories()) {
                assertThat(directory.files())
                        .as("the files of " + directory.path())
                        .allMatch(file -> {
                            Optional<String> first =
                                    FirstLinux.with(directory.hierarchy().unified(), file);
                            return first.filter(came -> number(came) > running).isEmpty();
                        });
            }
        }
    }

    private static long number(String release) {
        String[] parts = release.split("[.-]", 3);
        return 1000 * Long.parseLong(parts[0]) + Long.parseLong(parts[1]);
    }
}
