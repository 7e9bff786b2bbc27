package dev.corral.cgroups;

import static dev.corral.ByteSize.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Texts as kernels have printed them in the field. */
class IoStatTest {
    private final Scratch scratch = new Scratch();

    @Test
    void devicesWithoutNumbersShareALineWithTheNext() {
        IoStat io =
                v2("7:7 7:6 rbytes=10 wbytes=0 rios=1 wios=0 dbytes=0 dios=0\n8:0 rbytes=2 wbytes=3 rios=1 wios=1\n");

        assertThat(io.devices()).extracting(IoStat.DeviceIo::device).containsExactly("7:6", "8:0");
        assertThat(io.devices().get(0).read()).isEqualTo(bytes(10));
        assertThat(io.devices().get(1).discarded()).isEmpty();
        assertThat(io).extracting("malformed").isEqualTo(0);
    }

    @Test
    void aDeviceWithoutNumbersAndATornLastLineAreLeftOut() {
        IoStat io = v2("7:7 \n8:0 rbytes=2 wbytes=3 rios=1 wios=1\n252:0 ");

        assertThat(io.devices()).extracting(IoStat.DeviceIo::device).containsExactly("8:0");
    }

    @Test
    void unknownKeysAreKeptAndBadNumbersCounted() {
        IoStat io = v2("8:0 rbytes=2 wbytes=-3 rios=1 cost.vrate=100.00 current_bw=18446744073709551615\nnonsense\n");

        IoStat.DeviceIo device = io.devices().get(0);
        assertThat(device.written()).isEqualTo(bytes(0));
        assertThat(device.details().text("cost.vrate")).contains("100.00");
        assertThat(device.details().get("current_bw")).contains(Long.MAX_VALUE);
        assertThat(io).extracting("malformed").isEqualTo(2);
    }

    @Test
    void rowsOfADeviceThatVanishedAreCountedAndSkipped() {
        Devices devices =
                v1("(unknown) Read 0\n8:16 Read 4096\n8:16 Write 512\n8:16 Sync 4608\n8:16 Total 4608\nTotal 4608\n");

        assertThat(devices.count()).isEqualTo(1);
        assertThat(devices.major(0)).isEqualTo(8);
        assertThat(devices.minor(0)).isEqualTo(16);
        assertThat(devices.get(0, Devices.READ_BYTES)).isEqualTo(4096);
        assertThat(devices.get(0, Devices.WRITTEN_BYTES)).isEqualTo(512);
        assertThat(devices.has(0, Devices.DISCARDED_BYTES)).isFalse();
        assertThat(devices.malformedCount()).isEqualTo(1);
    }

    @Test
    void aTornRowIsCountedAndSkipped() {
        Devices devices = v1("8:0 Read 1\n8:0 Write");

        assertThat(devices.get(0, Devices.READ_BYTES)).isEqualTo(1);
        assertThat(devices.malformedCount()).isEqualTo(1);
    }

    @Test
    void manyDevicesFitAndNothingOfTheTextBeforeRemains() {
        v2(IntStream.range(0, 40)
                .mapToObj(i -> "8:" + i + " rbytes=" + i + " dios=1\n")
                .reduce("", String::concat));

        IoStat io = v2("8:39 wbytes=1\n");

        assertThat(io.devices())
                .containsExactly(new IoStat.DeviceIo(
                        8,
                        39,
                        bytes(0),
                        bytes(1),
                        0,
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        io.devices().get(0).details()));
    }

    private IoStat v2(String text) {
        scratch.set(text.getBytes(UTF_8));
        scratch.restart();
        return IoFiles.V2.parse(scratch);
    }

    private Devices v1(String text) {
        scratch.set(text.getBytes(UTF_8));
        scratch.restart();
        scratch.devices.clear();
        IoFiles.V1.parse(scratch, Devices.READ_BYTES);
        return scratch.devices;
    }
}
