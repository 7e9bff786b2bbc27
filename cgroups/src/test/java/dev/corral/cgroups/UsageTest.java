package dev.corral.cgroups;

import static dev.corral.ByteSize.bytes;
import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.ByteSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads the golden files through the real file system. */
class UsageTest {
    private static final GroupDirectory V1 = group("6.18-hybrid", "group", Set.of("memory", "cpu", "cpuacct", "pids"));
    private static final GroupDirectory TWIN = group("6.18-hybrid", "twin", Set.of());
    private static final GroupDirectory V2 = group("6.8-unified", "group", Set.of());

    @Test
    void memoryOfVersion1() {
        assertThat(new MemoryV1(V1).stat())
                .contains(new MemoryStat(
                        new MemoryV1(V1).stat().orElseThrow().current(),
                        Optional.of(mebibytes(48)),
                        Limit.of(mebibytes(48)),
                        Optional.of(bytes(0)),
                        Optional.of(1L)));
    }

    @Test
    void memoryOfVersion2() {
        assertThat(new MemoryV2(V2).stat())
                .contains(new MemoryStat(
                        ByteSize.kibibytes(196),
                        Optional.of(mebibytes(256)),
                        Limit.of(mebibytes(256)),
                        Optional.of(bytes(0)),
                        Optional.of(1L)));
    }

    @Test
    void cpuOfBothVersionsIsInTheSameUnits() {
        CpuStat.Throttling throttling = new CpuV1(V1).throttling().orElseThrow();
        assertThat(throttling).isEqualTo(new CpuStat.Throttling(4, 2, Duration.ofNanos(99_390_062)));
        assertThat(new CpuAcct(V1).stat(Optional.of(throttling)))
                .contains(new CpuStat(
                        Duration.ofNanos(157_585_138),
                        Optional.of(Duration.ofMillis(76)),
                        Optional.of(Duration.ofMillis(76)),
                        Optional.of(throttling)));
        assertThat(new CpuV2(V2).stat())
                .contains(new CpuStat(
                        Duration.ofNanos(157_585_000),
                        Optional.of(Duration.ofNanos(81_585_000)),
                        Optional.of(Duration.ofMillis(76)),
                        Optional.of(new CpuStat.Throttling(4, 2, Duration.ofNanos(99_390_000)))));
    }

    @Test
    void theTwinCountsCpuTimeWithoutAController() {
        CpuStat stat = new CpuV2(TWIN).stat().orElseThrow();

        assertThat(stat.used()).isEqualTo(Duration.ofNanos(157_585_000));
        assertThat(stat.throttling()).isEmpty();
    }

    @Test
    void pidsOfBothVersions() {
        assertThat(new Pids(V1).stat()).contains(new PidsStat(0, Limit.of(66L), Optional.of(6L)));
        assertThat(new Pids(V2).stat()).contains(new PidsStat(0, Limit.of(66L), Optional.of(4L)));
    }

    @Test
    void anAbsentFileIsNoValueAndADamagedOneAnError(@TempDir Path directory) throws Exception {
        GroupDirectory group = at(directory, Set.of());
        assertThat(new MemoryV2(group).stat()).isEmpty();

        Files.writeString(directory.resolve("memory.current"), "4096\n");
        Files.writeString(directory.resolve("memory.max"), "max\n");
        MemoryStat stat = new MemoryV2(group).stat().orElseThrow();
        assertThat(stat.limit().isMax()).isTrue();
        assertThat(stat.peak()).isEmpty();
        assertThat(stat.oomKills()).isEmpty();

        Files.writeString(directory.resolve("memory.max"), "lots\n");
        assertThatThrownBy(() -> new MemoryV2(group).stat())
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining(directory.resolve("memory.max") + ": it holds no number but \"lots\"");
    }

    @Test
    void aGroupThatIsGoneIsAnError(@TempDir Path parent) throws Exception {
        Path directory = Files.createDirectory(parent.resolve("a"));
        GroupDirectory group = at(directory, Set.of());
        Files.delete(directory);

        assertThatThrownBy(() -> group.text("memory.current")).isInstanceOf(CgroupGone.class);
    }

    @Test
    void aWriteNeverCreatesAFile(@TempDir Path directory) {
        assertThatThrownBy(() -> at(directory, Set.of()).write("memory.max", "4096"))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("ENOENT");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void theRootsOfProcAndSysCanLieElsewhere(@TempDir Path root) throws Exception {
        Path proc = Files.createDirectories(root.resolve("proc/self"));
        Files.copy(Fixture.directory("6.1-container-v2").resolve("mountinfo"), proc.resolve("mountinfo"));
        Files.writeString(proc.resolve("cgroup"), "0::/\n");
        Path group = Files.createDirectories(root.resolve("sys/fs/cgroup"));
        Files.writeString(group.resolve("cgroup.controllers"), "cpu memory pids\n");
        Files.writeString(group.resolve("cgroup.subtree_control"), "cpu memory pids\n");
        Files.writeString(group.resolve("cgroup.procs"), "");

        Cgroups host = Cgroups.detect(root.resolve("proc"), root.resolve("sys"));

        assertThat(host.mode()).isEqualTo(CgroupMode.UNIFIED);
        assertThat(host.availability(Controller.MEMORY))
                .isEqualTo(new Availability.Available(Controller.MEMORY, group));
        assertThat(host.toString()).startsWith("control groups: UNIFIED\nmemory can be limited, below " + group);
    }

    private static GroupDirectory group(String layout, String name, Set<String> controllers) {
        return at(Fixture.directory(layout).resolve(name), controllers);
    }

    private static GroupDirectory at(Path directory, Set<String> controllers) {
        Hierarchy hierarchy =
                new Hierarchy(controllers.isEmpty(), controllers, new Place.At(directory, directory, "/"), false);
        return GroupDirectory.at(Host.real(Path.of("/proc")), hierarchy, directory)
                .orElseThrow();
    }
}
