package dev.corral.cgroups;

import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Applied;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlkioV1Test {
    private final Stage stage = Stage.v1("blkio");
    private final BlkioV1 blkio = stage.controller(BlkioV1.class);
    private final DeviceNumber disk = stage.isReal() ? disk() : DeviceNumber.of(8, 0);

    @AfterEach
    void nothingIsLeft() {
        stage.close();
    }

    @Test
    void eachRateIsARuleOfItsOwnAndTheOthersStay() {
        blkio.throttle(IoMax.of(disk).readBytes(mebibytes(1)).writeOps(100));
        Applied applied = blkio.throttle(IoMax.of(disk).writeBytes(mebibytes(2)));

        assertThat(applied.entries()).hasSize(1);
        assertThat(applied.entries().get(0).written()).contains(disk + " 2097152");
        assertThat(applied.entries().get(0).note()).isEqualTo("buffered writes mostly are not counted");
        assertThat(blkio.throttle(disk))
                .isEqualTo(IoMax.unlimited(disk)
                        .readBytes(mebibytes(1))
                        .writeBytes(mebibytes(2))
                        .writeOps(100));
        assertThat(stage.text(blkio, "blkio.throttle.read_bps_device")).isEqualTo(disk + " 1048576");
    }

    @Test
    void aRuleIsRemovedByNoLimit() {
        blkio.throttle(IoMax.of(disk).readBytes(mebibytes(1)));
        Applied applied = blkio.throttle(IoMax.of(disk).readBytes(Limit.max()));

        assertThat(applied.entries().get(0).written()).contains(disk + " 0");
        assertThat(applied.entries().get(0).note()).isEmpty();
        assertThat(stage.text(blkio, "blkio.throttle.read_bps_device")).isEmpty();
        assertThat(blkio.throttle(disk)).isEqualTo(IoMax.unlimited(disk));
    }

    @Test
    void nothingIsCountedBeforeThereIsARule() {
        assertThat(blkio.isCounted(disk)).isFalse();

        blkio.throttle(IoMax.of(disk).readBytes(mebibytes(1024)));

        assertThat(blkio.isCounted(disk)).isTrue();
        blkio.resetStatistics();
    }

    @Test
    void aDeviceThatIsNotThereIsNamed() {
        DeviceNumber none = DeviceNumber.of(99, 9);

        assertThatThrownBy(() -> blkio.throttle(IoMax.of(none).readBytes(mebibytes(1))))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("cannot write 99:9 1048576 to " + blkio.path())
                .hasMessageContaining("ENODEV, there is no block device 99:9");
    }

    /** This machine's disks have no partitions, so what sysfs says of one is told by the fake kernel. */
    @Test
    void aPartitionNamesItsDisk() {
        FakeKernel fake = new FakeKernel("6.18-hybrid");
        BlkioV1 faked = fake.boot().create("a").find(BlkioV1.class).orElseThrow();
        fake.set(Path.of("/sys/dev/block/8:1/partition"), "1");
        fake.set(Path.of("/sys/dev/block/8:1/../dev"), "8:0");

        assertThatThrownBy(() -> faked.throttle(IoMax.of(DeviceNumber.of(8, 1)).readBytes(mebibytes(1))))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageEndingWith("ENODEV, 8:1 is a partition; limit 8:0");
    }

    /** Why the range of operations ends where it does. */
    @Test
    void theKernelCutsANumberOfOperationsTo32Bits() {
        stage.needsRealKernel();
        String file = "blkio.throttle.read_iops_device";
        blkio.throttle(IoMax.of(disk).readOps(4_294_967_294L));
        assertThat(stage.text(blkio, file)).isEqualTo(disk + " 4294967294");

        blkio.group().write(file, disk + " 4294967296");
        assertThat(stage.text(blkio, file)).isEqualTo(disk + " 0");
        blkio.group().write(file, disk + " 4294967295");
        assertThat(stage.text(blkio, file)).isEmpty();
    }

    @Test
    void weightsHaveTheRangeOfTheFileThatIsThere() {
        assumeTrue(blkio.weight().isPresent(), "this kernel has no scheduler with weights");

        assertThat(blkio.weight(1000).readBack()).contains("1000");
        assertThat(blkio.weight()).contains(1000);
        assertThatThrownBy(() -> blkio.weight(1001))
                .isInstanceOf(InvalidLimit.class)
                .hasMessageContaining("it must be between 1 and 1000");
        assertThatThrownBy(() -> blkio.weight(0)).isInstanceOf(InvalidLimit.class);
        assertThat(blkio.leafWeight()).as("went with CFQ").isEmpty();
        assertThatThrownBy(() -> blkio.leafWeight(100)).isInstanceOf(UnsupportedLimit.class);
    }

    @Test
    void aWeightOnADeviceWithAnotherSchedulerSaysSo() {
        assumeTrue(blkio.weight().isPresent(), "this kernel has no scheduler with weights");
        String scheduler = stage.isReal() ? "[" : "";

        assertThatThrownBy(() -> blkio.weight(disk, 300))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("EOPNOTSUPP, neither io.cost nor bfq is active on the device")
                .hasMessageContaining(scheduler)
                .hasMessageContaining("make bfq its scheduler");
    }

    private static DeviceNumber disk() {
        try (Stream<Path> devices = Files.list(Path.of("/sys/dev/block"))) {
            return devices.filter(device -> !Files.exists(device.resolve("partition")))
                    .map(device -> DeviceNumber.parse(device.getFileName().toString()))
                    .max(java.util.Comparator.naturalOrder())
                    .orElseThrow();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
