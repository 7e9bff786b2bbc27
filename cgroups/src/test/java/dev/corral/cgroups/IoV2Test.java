package dev.corral.cgroups;

import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Applied;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("v2")
class IoV2Test {
    private final Stage stage = Stage.v2("io");
    private final IoV2 io = stage.controller(IoV2.class);
    private final Optional<DeviceNumber> found = stage.isReal() ? disk() : Optional.of(DeviceNumber.of(8, 0));
    private final DeviceNumber disk = found.orElse(DeviceNumber.of(0, 0));

    @BeforeEach
    void needsADisk() {
        assumeTrue(found.isPresent(), "this machine has no block device");
    }

    @AfterEach
    void nothingIsLeft() {
        stage.close();
    }

    @Test
    void whatIsNotNamedStays() {
        io.max(IoMax.of(disk).readBytes(mebibytes(1)).writeOps(100));
        Applied.Entry entry = io.max(IoMax.of(disk).writeBytes(mebibytes(2)));

        assertThat(entry.written()).contains(disk + " wbps=2097152");
        assertThat(entry.note()).isEmpty();
        assertThat(io.max(disk))
                .isEqualTo(IoMax.unlimited(disk)
                        .readBytes(mebibytes(1))
                        .writeBytes(mebibytes(2))
                        .writeOps(100));
        assertThat(io.max()).hasSize(1);
        assertThat(io.max(IoMax.of(disk).writeBytes(mebibytes(2))).written())
                .as("it is in place")
                .isEmpty();
    }

    @Test
    void noLimitRemovesTheRule() {
        io.max(IoMax.of(disk).readBytes(mebibytes(1)));
        io.max(IoMax.of(disk).readBytes(Limit.max()));

        assertThat(io.max()).isEmpty();
        assertThat(io.max(disk)).isEqualTo(IoMax.unlimited(disk));
    }

    @Test
    void aDeviceThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> io.max(IoMax.of(DeviceNumber.of(99, 9)).readBytes(mebibytes(1))))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("ENODEV, there is no block device 99:9");
    }

    @Test
    void weightsHaveTheRangeOfTheirFile() {
        io.bfqWeight().ifPresent(weight -> {
            assertThat(io.bfqWeight(1000).note()).isEmpty();
            assertThat(io.bfqWeight()).contains(1000);
            assertThatThrownBy(() -> io.bfqWeight(1001)).isInstanceOf(InvalidLimit.class);
        });
        io.weight().ifPresent(weight -> {
            assertThat(io.weight(10_000).readBack()).contains("default 10000");
            assertThat(io.weight()).contains(10_000);
            assertThatThrownBy(() -> io.weight(10_001))
                    .isInstanceOf(InvalidLimit.class)
                    .hasMessageContaining("it must be between 1 and 10000");
        });
    }

    /** The errno is the fake kernel's: a real one needs a device without io.cost. */
    @Test
    void aWeightOnADeviceWithoutIoCostSaysSo() {
        stage.fake();

        assertThatThrownBy(() -> io.weight(disk, 300))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("EOPNOTSUPP, neither io.cost nor bfq is active on the device")
                .hasMessageContaining("enable io.cost.qos for " + disk);
    }

    private static Optional<DeviceNumber> disk() {
        try (Stream<Path> devices = Files.list(Path.of("/sys/dev/block"))) {
            return devices.filter(device -> !Files.exists(device.resolve("partition")))
                    .map(device -> DeviceNumber.parse(device.getFileName().toString()))
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
