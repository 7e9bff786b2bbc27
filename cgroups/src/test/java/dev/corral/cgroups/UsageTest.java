package dev.corral.cgroups;

import static dev.corral.ByteSize.bytes;
import static dev.corral.ByteSize.gibibytes;
import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.corral.ByteSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads the golden files through the real file system. */
class UsageTest {
    private static final GroupDirectory V1 =
            group("6.18-hybrid", "group", Set.of("memory", "cpu", "cpuacct", "pids", "blkio"));
    private static final GroupDirectory V1_WITHOUT_CPUACCT = group("6.18-hybrid", "group", Set.of("cpu"));
    private static final GroupDirectory TWIN = group("6.18-hybrid", "twin", Set.of());
    private static final GroupDirectory V2 = group("6.8-unified", "group", Set.of());

    private final Reading reading = new Reading(Host.real(Path.of("/proc")));

    @Test
    void memoryOfVersion1() {
        MemoryStat memory = usage(StatMask.MEMORY, V1).memory().orElseThrow();

        assertThat(memory.current()).isEqualTo(bytes(217_088));
        assertThat(memory.peak()).contains(mebibytes(48));
        assertThat(memory.limit()).isEqualTo(Limit.of(mebibytes(48)));
        assertThat(memory.swap()).contains(bytes(0));
        assertThat(memory.oomKills()).contains(1L);
        assertThat(memory.limitHits()).contains(0L);
        assertThat(memory.events().keys()).containsExactly("oom_kill_disable", "under_oom", "oom_kill");
        assertThat(memory.details().get("workingset_refault_file")).contains(234L);
        assertThat(memory.anonymous()).contains(bytes(0));
        assertThat(memory.cache()).contains(bytes(20_480));
        assertThat(memory.workingSet()).contains(bytes(217_088 - 8_192));
    }

    @Test
    void memoryOfVersion2() {
        MemoryStat memory = usage(StatMask.MEMORY, V2).memory().orElseThrow();

        assertThat(memory.current()).isEqualTo(ByteSize.kibibytes(196));
        assertThat(memory.peak()).contains(mebibytes(256));
        assertThat(memory.limit()).isEqualTo(Limit.of(mebibytes(256)));
        assertThat(memory.swap()).contains(bytes(0));
        assertThat(memory.oomKills()).contains(1L);
        assertThat(memory.limitHits()).contains(52L);
        assertThat(memory.events().get("oom_group_kill")).contains(0L);
        assertThat(memory.anonymous()).contains(bytes(135_168));
        assertThat(memory.cache()).contains(bytes(20_480));
        assertThat(memory.workingSet()).contains(bytes(196 * 1024 - 8_192));
    }

    @Test
    void cpuOfBothVersionsIsInTheSameUnits() {
        CpuStat old = usage(StatMask.CPU, V1).cpu().orElseThrow();
        CpuStat unified = usage(StatMask.CPU, V2).cpu().orElseThrow();

        assertThat(old.used()).isEqualTo(Duration.ofNanos(157_585_138));
        assertThat(old.user()).contains(Duration.ofMillis(76));
        assertThat(old.system()).contains(Duration.ofMillis(76));
        assertThat(old.throttling()).contains(new CpuStat.Throttling(4, 2, Duration.ofNanos(99_390_062)));
        assertThat(old.details().get("burst_time")).contains(0L);
        assertThat(unified.used()).isEqualTo(Duration.ofNanos(157_585_000));
        assertThat(unified.user()).contains(Duration.ofNanos(81_585_000));
        assertThat(unified.system()).contains(Duration.ofMillis(76));
        assertThat(unified.throttling()).contains(new CpuStat.Throttling(4, 2, Duration.ofNanos(99_390_000)));
        assertThat(unified.details().get("core_sched.force_idle_usec")).contains(0L);
    }

    @Test
    void theTwinCountsCpuTimeWithoutAController() {
        CpuStat alone = usage(StatMask.CPU, TWIN).cpu().orElseThrow();
        CpuStat both = usage(StatMask.CPU, V1_WITHOUT_CPUACCT, TWIN).cpu().orElseThrow();

        assertThat(alone.used()).isEqualTo(Duration.ofNanos(157_585_000));
        assertThat(alone.throttling()).isEmpty();
        assertThat(both.used()).isEqualTo(Duration.ofNanos(157_585_000));
        assertThat(both.throttling()).contains(new CpuStat.Throttling(4, 2, Duration.ofNanos(99_390_062)));
    }

    @Test
    void ticksAreCountedWhereThereIsNothingFiner(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("cpuacct.usage"), "18446744073709551615\n");
        Files.writeString(directory.resolve("cpuacct.stat"), "user 7\nsystem 3\n");

        CpuStat cpu =
                usage(StatMask.CPU, at(directory, Set.of("cpuacct"))).cpu().orElseThrow();

        assertThat(cpu.user()).contains(Duration.ofMillis(70));
        assertThat(cpu.system()).contains(Duration.ofMillis(30));
        assertThat(cpu.used()).isEqualTo(Duration.ofSeconds(18_446_744_073L, 709_551_615));
        assertThat(cpu.throttling()).isEmpty();
    }

    @Test
    void pidsOfBothVersions() {
        assertThat(usage(StatMask.PIDS, V1).pids())
                .contains(new PidsStat(0, Limit.of(66L), Optional.of(6L), Optional.of(1L)));
        assertThat(usage(StatMask.PIDS, V2).pids())
                .contains(new PidsStat(0, Limit.of(66L), Optional.of(4L), Optional.of(2L)));
    }

    @Test
    void trafficOfVersion1() {
        IoStat io = usage(StatMask.IO, V1).io().orElseThrow();

        assertThat(io.devices())
                .containsExactly(new IoStat.DeviceIo(
                        254,
                        0,
                        mebibytes(2),
                        mebibytes(6),
                        2,
                        io.devices().get(0).writes(),
                        Optional.of(mebibytes(3)),
                        Optional.of(1L),
                        Keyed.none()));
        assertThat(io.devices().get(0).device()).isEqualTo("254:0");
    }

    /** A kernel may have the files of several schedulers; the first of them that has counted something is the one in use. */
    @Test
    void theSchedulerThatCountsIsAsked(@TempDir Path directory) throws Exception {
        GroupDirectory group = at(directory, Set.of("blkio"));
        for (String scheduler : List.of("throttle.", "", "bfq.")) {
            int bytes = 4096 * (1 + scheduler.length());
            Files.writeString(
                    directory.resolve("blkio." + scheduler + "io_service_bytes_recursive"), "8:0 Read " + bytes + "\n");

            assertThat(usage(StatMask.IO, group).io().orElseThrow().devices())
                    .extracting(IoStat.DeviceIo::read)
                    .containsExactly(bytes(bytes));
        }
        Files.writeString(directory.resolve("blkio.bfq.io_service_bytes_recursive"), "8:0 Read 0\n");
        assertThat(usage(StatMask.IO, group).io().orElseThrow().devices())
                .as("CFQ's, before Linux 5.0")
                .extracting(IoStat.DeviceIo::read)
                .containsExactly(bytes(4096));
        Files.delete(directory.resolve("blkio.io_service_bytes_recursive"));
        assertThat(usage(StatMask.IO, group).io().orElseThrow().devices())
                .extracting(IoStat.DeviceIo::read)
                .containsExactly(bytes(40_960));
    }

    @Test
    void eachDeviceIsCountedByItsOwnScheduler(@TempDir Path directory) throws Exception {
        GroupDirectory group = at(directory, Set.of("blkio"));
        Map.of(
                        "bfq.io_service_bytes", "8:0 Read 4096\n8:0 Write 0\n8:16 Read 0\n8:16 Write 0\n",
                        "bfq.io_serviced", "8:0 Read 1\n8:0 Write 0\n8:16 Read 0\n8:16 Write 0\n",
                        "throttle.io_service_bytes", "8:16 Read 0\n8:16 Write 8192\n8:0 Read 12288\n8:0 Write 5\n",
                        "throttle.io_serviced", "8:16 Read 0\n8:16 Write 2\n8:0 Read 3\n8:0 Write 1\n")
                .forEach((file, text) -> write(directory.resolve("blkio." + file + "_recursive"), text));

        List<IoStat.DeviceIo> devices =
                usage(StatMask.IO, group).io().orElseThrow().devices();

        assertThat(devices)
                .extracting(IoStat.DeviceIo::device, IoStat.DeviceIo::read, IoStat.DeviceIo::reads)
                .containsExactly(tuple("8:0", bytes(4096), 1L), tuple("8:16", bytes(0), 0L));
        assertThat(devices)
                .extracting(IoStat.DeviceIo::written, IoStat.DeviceIo::writes)
                .containsExactly(tuple(bytes(0), 0L), tuple(bytes(8192), 2L));
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Linux 6.1 lists them all. */
    @Test
    void aDeviceWithoutARuleIsNotSaidToHaveHadNoTraffic(@TempDir Path directory) throws Exception {
        GroupDirectory group = at(directory, Set.of("blkio"));
        Files.writeString(directory.resolve("blkio.throttle.read_bps_device"), "8:0 1048576\n");
        Files.writeString(
                directory.resolve("blkio.throttle.io_service_bytes_recursive"),
                "7:0 Read 0\n7:0 Write 0\n8:0 Read 4096\n8:0 Write 0\n");

        assertThat(usage(StatMask.IO, group).io().orElseThrow().devices())
                .extracting(IoStat.DeviceIo::device)
                .containsExactly("8:0");
    }

    @Test
    void trafficThatVersion1DidNotCountIsNotZero() {
        IoStat io = usage(StatMask.IO, group("6.18-hybrid", "idle", Set.of("blkio")))
                .io()
                .orElseThrow();

        assertThat(io.isAccounted()).isFalse();
        assertThat(io).isInstanceOf(IoStat.NotAccounted.class);
    }

    @Test
    void trafficOfVersion2() {
        IoStat io = usage(StatMask.IO, V2).io().orElseThrow();

        assertThat(io.isAccounted()).isTrue();
        assertThat(io.devices()).extracting(IoStat.DeviceIo::device).containsExactly("259:0", "253:0");
        IoStat.DeviceIo first = io.devices().get(0);
        assertThat(first.read()).isEqualTo(mebibytes(5));
        assertThat(first.written()).isEqualTo(mebibytes(1));
        assertThat(first.reads()).isEqualTo(37);
        assertThat(first.writes()).isEqualTo(12);
        assertThat(first.discarded()).contains(bytes(4096));
        assertThat(first.discards()).contains(1L);
        assertThat(first.details().get("cost.usage")).contains(18_203L);
    }

    @Test
    void hugePagesOfEachSize() {
        assertThat(usage(StatMask.HUGETLB, TWIN).hugetlb().orElseThrow().pages())
                .containsExactly(
                        new HugetlbStat.Pages(
                                mebibytes(2),
                                bytes(0),
                                Optional.empty(),
                                Limit.max(),
                                Optional.of(0L),
                                Optional.of(bytes(0))),
                        new HugetlbStat.Pages(
                                gibibytes(1),
                                bytes(0),
                                Optional.empty(),
                                Limit.max(),
                                Optional.of(0L),
                                Optional.of(bytes(0))));
        assertThat(usage(StatMask.HUGETLB, V2).hugetlb().orElseThrow().pages())
                .containsExactly(new HugetlbStat.Pages(
                        mebibytes(2),
                        mebibytes(4),
                        Optional.empty(),
                        Limit.of(mebibytes(6)),
                        Optional.of(5L),
                        Optional.of(mebibytes(4))));
    }

    @Test
    void hugePagesOfVersion1(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("hugetlb.2MB.usage_in_bytes"), "2097152\n");
        Files.writeString(directory.resolve("hugetlb.2MB.rsvd.usage_in_bytes"), "0\n");
        Files.writeString(directory.resolve("hugetlb.2MB.max_usage_in_bytes"), "4194304\n");
        Files.writeString(directory.resolve("hugetlb.2MB.limit_in_bytes"), "9223372036852678656\n");
        Files.writeString(directory.resolve("hugetlb.2MB.failcnt"), "9\n");

        assertThat(usage(StatMask.HUGETLB, at(directory, Set.of("hugetlb")))
                        .hugetlb()
                        .orElseThrow()
                        .pages())
                .containsExactly(new HugetlbStat.Pages(
                        mebibytes(2),
                        mebibytes(2),
                        Optional.of(mebibytes(4)),
                        Limit.max(),
                        Optional.of(9L),
                        Optional.of(bytes(0))));
    }

    @Test
    void pressureComesFromTheTwinOnAHybridHost() {
        PressureStat pressure = usage(StatMask.PRESSURE, V1, TWIN).pressure().orElseThrow();

        Pressure.Stall some = pressure.cpu().orElseThrow().some().orElseThrow();
        assertThat(some.avg10()).isEqualTo(16.12);
        assertThat(some.avg60()).isEqualTo(2.91);
        assertThat(some.avg300()).isEqualTo(0.60);
        assertThat(some.total()).isEqualTo(Duration.ofNanos(2_501_382_000L));
        assertThat(pressure.cpu().orElseThrow().full().orElseThrow().avg10()).isEqualTo(10.14);
        assertThat(pressure.memory().orElseThrow().some().orElseThrow().total()).isZero();
        assertThat(pressure.irq()).isEmpty();
        assertThat(usage(StatMask.PRESSURE, V1).pressure()).isEmpty();
    }

    @Test
    void pressureOfInterruptsKnowsOnlyFull() {
        PressureStat pressure = usage(StatMask.PRESSURE, V2).pressure().orElseThrow();

        assertThat(pressure.irq().orElseThrow().some()).isEmpty();
        assertThat(pressure.irq().orElseThrow().full().orElseThrow().total())
                .isEqualTo(Duration.ofSeconds(18_446_744_073_709L, 551_615_000));
        assertThat(pressure.cpu()).isEmpty();
    }

    @Test
    void theTreeCountsGroupsBelowAndThoseThatDie() {
        TreeStat twin = usage(StatMask.TREE, TWIN).tree().orElseThrow();
        TreeStat unified = usage(StatMask.TREE, V2).tree().orElseThrow();

        assertThat(twin.descendants()).isEqualTo(1);
        assertThat(twin.populated()).contains(false);
        assertThat(twin.frozen()).contains(false);
        assertThat(twin.details().get("nr_subsys_hugetlb")).contains(1L);
        assertThat(unified.dying()).isEqualTo(12);
    }

    @Test
    void aMaskReadsWhatItNamesAndNothingElse() {
        Usage usage = usage(StatMask.of(StatMask.PIDS, StatMask.MEMORY), V1, TWIN);

        assertThat(usage.pids()).isPresent();
        assertThat(usage.memory()).isPresent();
        assertThat(usage.cpu()).isEmpty();
        assertThat(usage.io()).isEmpty();
        assertThat(usage.hugetlb()).isEmpty();
        assertThat(usage.pressure()).isEmpty();
        assertThat(usage.tree()).isEmpty();
        assertThat(StatMask.of(StatMask.PIDS, StatMask.CPU)).hasToString("[CPU, PIDS]");
        assertThat(StatMask.ALL.has(StatMask.of(StatMask.PIDS, StatMask.TREE))).isTrue();
    }

    @Test
    void anAbsentFileIsNoValueAndADamagedOneAnError(@TempDir Path directory) throws Exception {
        GroupDirectory group = at(directory, Set.of());
        assertThat(usage(StatMask.ALL, group))
                .isEqualTo(new Usage(
                        usage(StatMask.ALL, group).at(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));

        Files.writeString(directory.resolve("memory.current"), "4096\n");
        Files.writeString(directory.resolve("memory.max"), "max\n");
        Files.writeString(directory.resolve("memory.peak"), "\n");
        MemoryStat stat = usage(StatMask.MEMORY, group).memory().orElseThrow();
        assertThat(stat.limit().isMax()).isTrue();
        assertThat(stat.peak()).isEmpty();
        assertThat(stat.oomKills()).isEmpty();

        Files.writeString(directory.resolve("memory.max"), "lots\n");
        assertThatThrownBy(() -> usage(StatMask.MEMORY, group))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining(directory.resolve("memory.max") + ": it holds no number but \"lots\"");
    }

    @Test
    void aGroupThatIsGoneIsAnError(@TempDir Path parent) throws Exception {
        Path directory = Files.createDirectory(parent.resolve("a"));
        GroupDirectory group = at(directory, Set.of());
        Files.delete(directory);

        assertThatThrownBy(() -> group.text("memory.current")).isInstanceOf(CgroupGone.class);
        assertThatThrownBy(() -> usage(StatMask.CPU, group)).isInstanceOf(CgroupGone.class);
        Files.createDirectory(directory);
        Path other = Files.createDirectory(parent.resolve("b"));
        GroupDirectory moved = new GroupDirectory(
                group.host(), group.hierarchy(), directory, at(other, Set.of()).inode());
        assertThatThrownBy(() -> usage(StatMask.CPU, moved))
                .isInstanceOf(CgroupGone.class)
                .hasMessageContaining("another has its name");
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

    private Usage usage(StatMask mask, GroupDirectory... directories) {
        Usage usage = reading.once(List.of(directories), mask);
        return new Usage(
                Instant.EPOCH,
                usage.cpu(),
                usage.memory(),
                usage.pids(),
                usage.io(),
                usage.hugetlb(),
                usage.pressure(),
                usage.tree());
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
