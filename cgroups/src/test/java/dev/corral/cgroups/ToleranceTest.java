package dev.corral.cgroups;

import static dev.corral.ByteSize.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines that are torn, odd or of a vendor's: they cost what they would have told, and nothing else. */
class ToleranceTest {
    private final FakeKernel v1 = new FakeKernel("6.18-hybrid");
    private final FakeKernel v2 = new FakeKernel("6.1-container-v2").offering("cpu", "memory", "pids", "io");
    private final Cgroup old = v1.boot().create("a");
    private final Cgroup unified = v2.boot().create("a");

    @Test
    void cpuTimeOfVersion2() {
        cpu("\nvendor 7\nusage_usec 5\nuser_usec 3\nsystem_usec\nnr_periods 4\nnr_throttled x\nthrottled_usec 9\n");

        CpuStat cpu = unified.usage(StatMask.CPU).cpu().orElseThrow();

        assertThat(cpu.used()).isEqualTo(Duration.ofNanos(5_000));
        assertThat(cpu.user()).contains(Duration.ofNanos(3_000));
        assertThat(cpu.system()).isEmpty();
        assertThat(cpu.throttling()).contains(new CpuStat.Throttling(4, 0, Duration.ofNanos(9_000)));
        assertThat(cpu.details().get("vendor")).contains(7L);
    }

    @ParameterizedTest
    @CsvSource({"usage_usec x", "usage_usec", "user_usec 3", "''"})
    void withoutTheTimeThereIsNothing(String text) {
        cpu(text);

        assertThat(unified.usage(StatMask.CPU).cpu()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"nr_periods x", "nr_periods", "nr_throttled 3"})
    void withoutPeriodsThereIsNoThrottling(String line) {
        cpu("usage_usec 5\n" + line + "\nthrottled_usec 9");

        assertThat(unified.usage(StatMask.CPU).cpu().orElseThrow().throttling()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"max 3, 3", "max x, -1", "max, -1", "other 5, -1", "'', -1"})
    void refusedForks(String text, long refusals) {
        v2.set(unified.path().resolve("pids.events"), "\nvendor 9\n" + text);

        assertThat(unified.usage(StatMask.PIDS).pids().orElseThrow().refusals())
                .isEqualTo(Optional.of(refusals).filter(count -> count >= 0));
    }

    /** The files say 0 before there is a rule, which is not that nothing was read. */
    @Test
    void trafficIsCountedOnceThereIsARuleOfAnyKind() {
        Path blkio = old.path(Controller.IO).orElseThrow();
        v1.set(blkio.resolve("blkio.throttle.io_service_bytes_recursive"), "8:0 Read 0\nTotal 0");
        assertThat(old.usage(StatMask.IO).io().orElseThrow().isAccounted()).isFalse();

        for (String rule : new String[] {"read_bps", "write_bps", "read_iops", "write_iops"}) {
            Path file = blkio.resolve("blkio.throttle." + rule + "_device");
            v1.set(file, "8:0 100");
            assertThat(old.usage(StatMask.IO).io().orElseThrow().isAccounted())
                    .as(rule)
                    .isTrue();
            v1.set(file, "");
        }
    }

    @Test
    void requestsMayBeMissingWhereBytesAreCounted() {
        Path blkio = old.path(Controller.IO).orElseThrow();
        v1.set(
                blkio.resolve("blkio.throttle.io_service_bytes_recursive"),
                "\n8:0 Read 7\n8:0 Vendor 9\n8:0 Write x\n8:0 Discard 3\nTotal 7");

        IoStat io = old.usage(StatMask.IO).io().orElseThrow();

        assertThat(io.devices()).singleElement().satisfies(disk -> {
            assertThat(disk.read()).isEqualTo(bytes(7));
            assertThat(disk.written()).isEqualTo(bytes(0));
            assertThat(disk.discarded()).contains(bytes(3));
            assertThat(disk.reads()).isZero();
            assertThat(disk.discards()).isEmpty();
        });
        assertThat(io).extracting("malformed").isEqualTo(1);
    }

    @Test
    void pairsAreNotLines() {
        byte[] text = "a=1".getBytes(StandardCharsets.UTF_8);

        assertThat(Keyed.pairs(text, 0, text.length)).isNotEqualTo(Keyed.lines(text, 0, text.length));
        assertThat(Keyed.pairs(text, 0, text.length)).hasToString("{a=1}");
        assertThat(Keyed.lines(text, 0, text.length).malformed()).isEqualTo(1);
        assertThat(Keyed.pairs(text, 0, text.length).keys()).containsExactly("a");
    }

    private void cpu(String text) {
        v2.set(unified.path().resolve("cpu.stat"), text);
    }
}
