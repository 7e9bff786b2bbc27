package dev.corral.cgroups;

import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.corral.Applied;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of one error code in one place and not in another, by injected codes. */
class SentenceTest {
    private static final Path FS = Path.of("/sys/fs/cgroup");
    private static final Path OWN =
            FS.resolve("user.slice/user-1000.slice/user@1000.service/app.slice/app-terminal-7.scope");
    private static final DeviceNumber FIRST = DeviceNumber.of(8, 0);
    private static final DeviceNumber SECOND = DeviceNumber.of(254, 0);

    private final FakeKernel v1 = new FakeKernel("6.18-hybrid");
    private final FakeKernel v2 = new FakeKernel("6.1-container-v2").offering("cpu", "cpuset", "memory", "pids", "io");
    private final Cgroup old = v1.boot().create("a");
    private final Cgroup unified = v2.boot().create("a");

    // ---------------------------------------------------------------- core files

    @ParameterizedTest
    @CsvSource({
        "EINVAL, the only type that can be written is threaded",
        "EOPNOTSUPP, neither it nor the group above may have processes"
    })
    void aTypeThatCannotBecomeAnother(String errno, String why) {
        v2.fail("write " + unified.path() + "/cgroup.type", errno.equals("EINVAL") ? Errno.EINVAL : Errno.EOPNOTSUPP);

        assertThatThrownBy(() -> unified.file("cgroup.type").write("domain"))
                .isInstanceOf(KernelRefused.class)
                .hasMessageContaining(errno + ", its type is \"domain\" and can't become \"domain\": " + why);
    }

    @Test
    void aListOfProcessesOfAThreadedGroup() {
        Path list = unified.path().resolve("cgroup.procs");
        v2.set(unified.path().resolve("cgroup.type"), "threaded");
        v2.fail("read " + list, Errno.EOPNOTSUPP);
        v2.fail("write " + list, Errno.EOPNOTSUPP);

        assertThatThrownBy(() -> unified.file("cgroup.procs").text())
                .hasMessageEndingWith(
                        "EOPNOTSUPP, its type is \"threaded\": the group above lists its processes; read cgroup.threads");
        assertThatThrownBy(() -> unified.file("cgroup.procs").write("7"))
                .hasMessageEndingWith("EOPNOTSUPP, its type is \"threaded\"; write to cgroup.threads");
        v2.fail("write " + list, Errno.EINVAL);
        assertThatThrownBy(() -> unified.file("cgroup.procs").write("7"))
                .isInstanceOf(KernelRefused.class)
                .hasMessageEndingWith("cgroup.procs: EINVAL");
    }

    @Test
    void noLimitInTheSpellingOfTheOtherVersion() {
        v2.fail("write " + unified.path() + "/memory.high", Errno.EINVAL);
        Path limit = old.path(Controller.MEMORY).orElseThrow().resolve("memory.soft_limit_in_bytes");
        v1.fail("write " + limit, Errno.EINVAL);

        assertThatThrownBy(() -> unified.file("memory.high").write("-1"))
                .hasMessageEndingWith("EINVAL, that is how version 1 spells no limit; write max");
        assertThatThrownBy(() -> unified.file("memory.high").write("max")).hasMessageEndingWith("memory.high: EINVAL");
        assertThatThrownBy(() -> old.file("memory.soft_limit_in_bytes").write("max"))
                .hasMessageEndingWith("EINVAL, that is how version 2 spells no limit; write -1");
        assertThatThrownBy(() -> old.file("memory.soft_limit_in_bytes").write("-1"))
                .hasMessageEndingWith("memory.soft_limit_in_bytes: EINVAL");
    }

    @Test
    void thatIsSaidOfMemoryAndOfWrongValuesOnly() {
        v2.fail("write " + unified.path() + "/pids.max", Errno.EINVAL);
        v2.fail("write " + unified.path() + "/memory.high", Errno.EOPNOTSUPP);

        assertThatThrownBy(() -> unified.file("pids.max").write("-1")).hasMessageEndingWith("pids.max: EINVAL");
        assertThatThrownBy(() -> unified.file("memory.high").write("-1"))
                .hasMessageEndingWith("memory.high: EOPNOTSUPP");
    }

    /** Of a file that is written it may mean the device that the value names. */
    @Test
    void aDeviceThatIsMissingIsNoGroupThatIsGone() {
        Path file = unified.path().resolve("io.max");
        v2.fail("write " + file, Errno.ENODEV);
        assertThatThrownBy(() -> unified.file("io.max").write("9:9 rbps=1"))
                .isInstanceOf(KernelRefused.class)
                .hasMessageEndingWith("io.max: ENODEV");

        v2.fail("read " + file, Errno.ENODEV);
        assertThatThrownBy(() -> unified.file("io.max").text()).isInstanceOf(CgroupGone.class);
    }

    @Test
    void aGroupThatGoesWhileItsFileIsWrittenIsGone() {
        Path file = unified.path().resolve("pids.max");
        v2.before(file, () -> {
            v2.vanish(unified.path());
            throw new ErrnoException("write", file.toString(), Errno.ENODEV);
        });

        assertThatThrownBy(() -> unified.file("pids.max").write("7")).isInstanceOf(CgroupGone.class);
    }

    // ---------------------------------------------------------------- mkdir

    @Test
    void howDeepGroupsMayBe() {
        FakeKernel kernel = new FakeKernel("6.8-unified");
        Cgroups host = kernel.boot();
        kernel.fail("mkdir " + OWN.resolve("a"), Errno.EAGAIN);
        kernel.set(FS.resolve("user.slice/cgroup.max.depth"), "5");
        assertThatThrownBy(() -> host.create("a")).isInstanceOf(KernelRefused.class);

        kernel.set(FS.resolve("user.slice/cgroup.max.depth"), "4");
        assertThatThrownBy(() -> host.create("a"))
                .hasMessageEndingWith("EAGAIN, " + FS.resolve("user.slice")
                        + " allows groups 4 deep, and this one would be 5 deep; raise cgroup.max.depth there")
                .asInstanceOf(type(LimitReached.class))
                .satisfies(e -> assertThat(e.limit()).isEqualTo(4));
    }

    @Test
    void aGroupThatHasRoomIsNotTheOne() {
        FakeKernel kernel = new FakeKernel("6.8-unified");
        Cgroups host = kernel.boot();
        kernel.fail("mkdir " + OWN.resolve("a"), Errno.EAGAIN);
        kernel.set(OWN.resolve("cgroup.max.descendants"), "11");
        kernel.set(OWN.resolve("cgroup.stat"), "nr_descendants 10");

        assertThatThrownBy(() -> host.create("a")).isInstanceOf(KernelRefused.class);
    }

    @Test
    void aFileThatHasTheName() {
        FakeKernel kernel = new FakeKernel("6.8-unified");
        Cgroups host = kernel.boot();
        kernel.set(OWN.resolve("vendor"), "");

        assertThatThrownBy(() -> host.create("vendor"))
                .isInstanceOf(NameTaken.class)
                .hasMessageEndingWith("vendor: EEXIST, a file of the kernel has that name; choose another one");
    }

    // ---------------------------------------------------------------- values

    @Test
    void whatTheKernelMadeOfAValueIsInTheReport() {
        Path file = unified.path().resolve("pids.max");
        v2.stubborn(file, "12\n");
        assertThat(unified.apply(Limits.none().pids(7)).entries().get(0).note()).isEqualTo("the kernel keeps 12");
        v2.stubborn(file, "\n");
        assertThat(unified.apply(Limits.none().pids(7)).entries().get(0).note()).isEqualTo("the kernel keeps nothing");
    }

    @Test
    void twoNotesAreOneText() {
        v2.stubborn(unified.path().resolve("pids.max"), "12\n");
        v2.set(unified.path().resolve("pids.current"), "9");

        assertThat(unified.apply(Limits.none().pids(7)).entries().get(0).note())
                .isEqualTo("there are 9 already: no more can be forked, and none is ended, the kernel keeps 12");
    }

    @Test
    void ofSeveralDevicesTheOneThatIsMeantIsInTheReport() {
        IoV2 io = unified.find(IoV2.class).orElseThrow();
        io.max(IoMax.of(FIRST).readBytes(mebibytes(1)));
        Applied.Entry entry = io.max(IoMax.of(SECOND).readBytes(mebibytes(2)));

        assertThat(entry.note()).isEmpty();
        assertThat(io.max(SECOND)).isEqualTo(IoMax.unlimited(SECOND).readBytes(mebibytes(2)));
        assertThat(io.max(FIRST)).isEqualTo(IoMax.unlimited(FIRST).readBytes(mebibytes(1)));
        assertThat(io.max(IoMax.of(FIRST).readBytes(mebibytes(1))).written())
                .as("it is in place")
                .isEmpty();
    }

    @Test
    void weightsOfDevicesHaveTheirRangesToo() {
        IoV2 io = unified.find(IoV2.class).orElseThrow();
        BlkioV1 blkio = old.find(BlkioV1.class).orElseThrow();
        for (Runnable wrong : List.<Runnable>of(
                () -> io.weight(FIRST, 0),
                () -> io.weight(FIRST, 10_001),
                () -> io.bfqWeight(FIRST, 1001),
                () -> blkio.weight(FIRST, 0),
                () -> blkio.weight(FIRST, 1001),
                () -> blkio.leafWeight(9),
                () -> blkio.leafWeight(1001))) {
            assertThatThrownBy(wrong::run).isInstanceOf(InvalidLimit.class).hasMessageContaining("it must be between");
        }
    }

    @Test
    void withoutASchedulerWithWeightsThereIsNone() {
        IoV2 io = unified.find(IoV2.class).orElseThrow();
        BlkioV1 blkio = old.find(BlkioV1.class).orElseThrow();
        v2.remove(unified.path().resolve("io.weight"));
        v2.remove(unified.path().resolve("io.bfq.weight"));
        v1.remove(blkio.path().resolve("blkio.bfq.weight"));

        assertThat(io.weight()).isEmpty();
        assertThat(io.bfqWeight()).isEmpty();
        assertThat(blkio.weight()).isEmpty();
        assertThatThrownBy(() -> blkio.weight(100))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("neither blkio.bfq.weight nor blkio.weight is there");
    }

    /** CFQ, before Linux 5.0. */
    @Test
    void theOlderSchedulerHasItsOwnFileAndRange() {
        BlkioV1 blkio = old.find(BlkioV1.class).orElseThrow();
        v1.remove(blkio.path().resolve("blkio.bfq.weight"));
        v1.set(blkio.path().resolve("blkio.weight"), "500");
        v1.set(blkio.path().resolve("blkio.leaf_weight"), "500");

        assertThat(blkio.weight()).contains(500);
        assertThat(blkio.weight(10).readBack()).contains("10");
        assertThatThrownBy(() -> blkio.weight(9)).hasMessageContaining("it must be between 10 and 1000");
        assertThat(blkio.leafWeight(700).readBack()).contains("700");
        assertThat(blkio.leafWeight()).contains(700);
    }

    @Test
    void everyRateIsARuleOfVersion1() {
        BlkioV1 blkio = old.find(BlkioV1.class).orElseThrow();

        blkio.throttle(IoMax.of(FIRST)
                .readBytes(mebibytes(1))
                .writeBytes(mebibytes(2))
                .readOps(3)
                .writeOps(4));

        assertThat(v1.writes)
                .endsWith(
                        "blkio.throttle.read_bps_device=8:0 1048576",
                        "blkio.throttle.write_bps_device=8:0 2097152",
                        "blkio.throttle.read_iops_device=8:0 3",
                        "blkio.throttle.write_iops_device=8:0 4");
    }

    @Test
    void onlyWhatIsKnownOfADeviceIsSaid() {
        IoV2 io = unified.find(IoV2.class).orElseThrow();
        Path file = unified.path().resolve("io.max");
        v2.fail("write " + file, Errno.ERANGE);
        assertThatThrownBy(() -> io.max(IoMax.of(FIRST).readOps(1)))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageEndingWith("ERANGE, the kernel takes no such number; write max to remove it");
        v2.fail("write " + file, Errno.EIO);
        assertThatThrownBy(() -> io.max(IoMax.of(FIRST).readOps(1)))
                .isInstanceOf(KernelRefused.class)
                .hasMessageEndingWith("io.max: EIO");
        v2.set(Path.of("/sys/dev/block/8:0/queue/scheduler"), "[none] bfq");
        assertThatThrownBy(() -> io.weight(FIRST, 300))
                .hasMessageContaining("active on the device, the scheduler in use is in brackets: [none] bfq; ");
    }

    // ---------------------------------------------------------------- devices

    @Test
    void aRuleAboutEverythingIsTriedAgainForAMomentOnly() {
        DevicesV1 devices = old.find(DevicesV1.class).orElseThrow();
        LongSupplier clock = v1.host().backoff().nanoTime();
        Path deny = devices.path().resolve("devices.deny");
        v1.fail("write " + deny, Errno.EIO);
        long before = clock.getAsLong();
        assertThatThrownBy(devices::denyAll).isInstanceOf(KernelRefused.class).hasMessageEndingWith("EIO");
        assertThat(clock.getAsLong()).as("what is final").isEqualTo(before);

        v1.fail("write " + deny, Errno.EINVAL);
        assertThatThrownBy(devices::denyAll).isInstanceOf(KernelRefused.class).hasMessageEndingWith("EINVAL");
        assertThat(clock.getAsLong() - before).isBetween(2_000_000_000L, 2_200_000_000L);
    }

    @Test
    void whatIsWrongWithOneRuleIsNotThatThereAreGroupsBelow() {
        DevicesV1 devices = old.find(DevicesV1.class).orElseThrow();
        devices.group().child("below");
        DeviceRule rule = DeviceRule.parse("c 1:3 r");
        v1.fail("write " + devices.path().resolve("devices.deny"), Errno.EINVAL);
        assertThatThrownBy(() -> devices.deny(rule)).isInstanceOf(KernelRefused.class);
        v1.fail("write " + devices.path().resolve("devices.deny"), Errno.EPERM);
        assertThatThrownBy(() -> devices.deny(rule))
                .as("only more than above is")
                .isInstanceOf(NotDelegated.class);
        v1.fail("write " + devices.path().resolve("devices.allow"), Errno.EACCES);
        assertThatThrownBy(() -> devices.allow(rule)).as("of the file").isInstanceOf(NotDelegated.class);
        v1.fail("write " + devices.path().resolve("devices.allow"), Errno.EIO);
        assertThatThrownBy(devices::allowAll).isInstanceOf(KernelRefused.class);
    }

    // ---------------------------------------------------------------- handing down

    @Test
    void onlyBusyIsTriedAgain() {
        SubtreeControl control = unified.subtreeControl().orElseThrow();
        LongSupplier clock = v2.host().backoff().nanoTime();
        Path file = unified.path().resolve("cgroup.subtree_control");
        v2.fail("write " + file, Errno.EIO);
        long before = clock.getAsLong();
        assertThat(control.enable("memory").get(0).failure().orElseThrow()).hasMessageEndingWith(": EIO");
        assertThat(clock.getAsLong()).isEqualTo(before);

        v2.fail("write " + file, Errno.EBUSY);
        assertThat(control.enable("memory").get(0).ok()).isFalse();
        assertThat(clock.getAsLong() - before).isPositive();
    }

    @Test
    void aGroupThatGoesWhileItHandsDownIsGone() {
        SubtreeControl control = unified.subtreeControl().orElseThrow();
        Path file = unified.path().resolve("cgroup.subtree_control");
        v2.before(file, () -> {
            v2.vanish(unified.path());
            throw new ErrnoException("write", file.toString(), Errno.EBUSY);
        });

        assertThatThrownBy(() -> control.enable("memory")).isInstanceOf(CgroupGone.class);
    }

    @Test
    void aGroupThatGoesWhileItTakesBackIsGone() {
        SubtreeControl control = unified.subtreeControl().orElseThrow();
        Path file = unified.path().resolve("cgroup.subtree_control");
        control.enable("memory");
        v2.before(file, () -> {
            v2.vanish(unified.path());
            throw new ErrnoException("write", file.toString(), Errno.EBUSY);
        });

        assertThatThrownBy(() -> control.disable("memory")).isInstanceOf(CgroupGone.class);
    }

    @Test
    void aControllerThatNoKernelHas() {
        SubtreeControl control = unified.subtreeControl().orElseThrow();
        v2.set(unified.path().resolve("cgroup.controllers"), "vendor");
        v2.fail("write " + unified.path().resolve("cgroup.subtree_control"), Errno.EINVAL);

        assertThat(control.enable("vendor").get(0).failure().orElseThrow())
                .hasMessageEndingWith("EINVAL, vendor is not a version 2 controller");
    }

    @Test
    void onlyAGroupWithTheNameOfAFileOfTheControllerIsInTheWay() {
        Path below = unified.path().resolve("below");
        v2.mkdir(below);
        v2.mkdir(below.resolve("cpu.max"));
        v2.mkdir(below.resolve("memory.high"));

        assertThat(unified.subtreeControl()
                        .orElseThrow()
                        .enable("memory")
                        .get(0)
                        .failure()
                        .orElseThrow())
                .isInstanceOf(NameTaken.class)
                .hasMessageEndingWith(
                        "the group " + below + "/memory.high has the name of a file of memory; remove it first");
    }

    // ---------------------------------------------------------------- effective limits

    @Test
    void onlyARealRootEndsTheViewOfVersion2() {
        unified.apply(Limits.none().pids(100));
        assertThat(unified.effectiveLimits().pids().orElseThrow().bound()).isEqualTo(EffectiveLimit.Bound.EXACT);

        v2.set(FS.resolve("cgroup.events"), "populated 1");
        assertThat(unified.effectiveLimits().pids().orElseThrow()).hasToString("at most 100 by " + unified.path());
    }

    @ParameterizedTest
    @CsvSource({"max 100000, ''", "max, ''", "50000 100000, 0.5", "'', ''"})
    void bandwidthOfVersion2(String text, String cpus) {
        v2.set(unified.path().resolve("cpu.max"), text);

        assertThat(unified.effectiveLimits().cpus().orElseThrow().limit().value())
                .isEqualTo(cpus.isEmpty() ? Optional.empty() : Optional.of(Double.valueOf(cpus)));
    }

    @Test
    void bandwidthOfVersion1() {
        Path cpu = old.path(Controller.CPU).orElseThrow();
        v1.set(cpu.resolve("cpu.cfs_quota_us"), "50000");
        assertThat(old.effectiveLimits().cpus().orElseThrow().limit()).isEqualTo(Limit.of(0.5));
        v1.set(cpu.resolve("cpu.cfs_quota_us"), "-1");
        assertThat(old.effectiveLimits().cpus().orElseThrow().limit().isMax()).isTrue();
        v1.remove(cpu.resolve("cpu.cfs_period_us"));
        assertThat(old.effectiveLimits().cpus().orElseThrow().limit().isMax()).isTrue();
    }
}
