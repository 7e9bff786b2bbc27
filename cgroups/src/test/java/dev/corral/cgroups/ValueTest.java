package dev.corral.cgroups;

import static dev.corral.ByteSize.bytes;
import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bandwidth, sets of CPUs, devices and their rules as values and as text. */
class ValueTest {
    @ParameterizedTest
    @CsvSource({"0.5, 50000 100000", "0.01, 1000 100000", "2, 200000 100000"})
    void cpusAreAQuotaForEachPeriod(double cpus, String text) {
        assertThat(CpuMax.cpus(cpus)).hasToString(text);
        assertThat(CpuMax.parse(text).cpus()).hasValue(cpus);
    }

    @Test
    void bandwidthWithoutALimit() {
        assertThat(CpuMax.unlimited()).hasToString("max 100000").isEqualTo(CpuMax.parse("max 100000\n"));
        assertThat(CpuMax.parse("max")).isEqualTo(CpuMax.unlimited());
        assertThat(CpuMax.unlimited().cpus()).isEmpty();
        assertThat(CpuMax.unlimited().exceeds(CpuMax.cpus(3))).isTrue();
        assertThat(CpuMax.cpus(3).exceeds(CpuMax.unlimited())).isFalse();
        assertThat(CpuMax.parse("1000 1000").exceeds(CpuMax.parse("50000 100000")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "50000 100000 1",
                "-1 100000",
                "0x10 100000",
                "999 100000",
                "1000 999",
                "1000 1000001",
                "50 %"
            })
    void whatIsNoBandwidthIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> CpuMax.parse(text));
    }

    @Test
    void aRefusedBandwidthSaysTheRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CpuMax.of(Duration.ofNanos(999_000), Duration.ofMillis(100)))
                .withMessage("quota of 999 us is below the minimum of 1000 us");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CpuMax.of(Duration.ofNanos(1_000_001), Duration.ofMillis(100)))
                .withMessageContaining("whole number of microseconds");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CpuMax.of(Duration.ofMillis(10), Duration.ofSeconds(2)))
                .withMessage("period of 2000000 us: it must be between 1000 and 1000000 us");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"0; 0", "0-3; 0-3", "3,0-1; 0-1,3", "0,1,2; 0-2", "'';''", "0-0,2; 0,2", "7,7; 7"})
    void setsArePrintedAsTheKernelDoes(String text, String printed) {
        assertThat(CpuSet.parse(text + "\n")).hasToString(printed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "0-", "3-1", "a", "0 1", "99999", "0,,1", "-1"})
    void whatIsNoSetIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> CpuSet.parse(text));
    }

    @Test
    void setsKnowTheirArithmetic() {
        CpuSet some = CpuSet.of(0, 1, 4);

        assertThat(some.numbers()).containsExactly(0, 1, 4);
        assertThat(some.size()).isEqualTo(3);
        assertThat(some.and(CpuSet.range(1, 9))).isEqualTo(CpuSet.of(1, 4));
        assertThat(some.or(CpuSet.of(2))).hasToString("0-2,4");
        assertThat(some.minus(CpuSet.of(0))).isEqualTo(CpuSet.of(1, 4)).hasSameHashCodeAs(CpuSet.of(4, 1));
        assertThat(some.containsAll(CpuSet.none())).isTrue();
        assertThat(CpuSet.none().containsAll(some)).isFalse();
        assertThat(CpuSet.none().isEmpty()).isTrue();
    }

    @Test
    void devicesAreNumbers() {
        assertThat(DeviceNumber.parse("8:16\n"))
                .isEqualTo(DeviceNumber.of(8, 16))
                .hasToString("8:16");
        assertThat(DeviceNumber.at(Path.of("/dev/null"))).isEqualTo(DeviceNumber.of(1, 3));
        assertThat(DeviceNumber.ofRaw(0xfe00L)).isEqualTo(DeviceNumber.of(254, 0));
        assertThat(DeviceNumber.ofRaw(0x00100801L)).isEqualTo(DeviceNumber.of(8, 257));
        assertThatIllegalArgumentException().isThrownBy(() -> DeviceNumber.parse("8"));
        assertThatIllegalArgumentException().isThrownBy(() -> DeviceNumber.of(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> DeviceNumber.of(4096, 0));
    }

    @Test
    void ioLimitsNameOnlyWhatIsAskedFor() {
        IoMax max = IoMax.of(DeviceNumber.of(8, 0)).readBytes(mebibytes(1)).writeOps(Limit.max());

        assertThat(max).hasToString("8:0 rbps=1048576 wiops=max");
        assertThat(IoMax.parse("8:0 rbps=1048576 wbps=max riops=max wiops=120"))
                .contains(IoMax.unlimited(DeviceNumber.of(8, 0))
                        .readBytes(mebibytes(1))
                        .writeOps(120));
        assertThat(max.of(Optional.empty()))
                .isEqualTo(
                        IoMax.of(DeviceNumber.of(8, 0)).readBytes(Limit.max()).writeOps(Limit.max()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8:0:1 rbps=1", "(unknown) rbps=1", "8:0 rbps=0"})
    void aLineThatIsNoIoLimitIsNone(String line) {
        assertThat(IoMax.parse(line)).isEmpty();
    }

    @Test
    void aRateOfNothingIsRefused() {
        IoMax max = IoMax.of(DeviceNumber.of(8, 0));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> max.readBytes(bytes(0)))
                .withMessageContaining("Limit.max() removes the limit");
        assertThatIllegalArgumentException().isThrownBy(() -> max.readOps(0));
        assertThatIllegalArgumentException()
                .as("one more is no limit to the kernel, and the next one wraps around to 0")
                .isThrownBy(() -> max.writeOps(4_294_967_295L))
                .withMessageContaining("4294967294");
    }

    @Test
    void deviceRulesAreReadAndPrinted() {
        assertThat(DeviceRule.parse("c 1:3 rwm"))
                .isEqualTo(DeviceRule.of(DeviceRule.Type.CHARACTER, DeviceNumber.of(1, 3)));
        assertThat(DeviceRule.parse("b 8:* mr")).hasToString("b 8:* rm");
        assertThat(DeviceRule.parse("c *:* r").access(DeviceRule.Access.WRITE)).hasToString("c *:* w");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a *:* rwm", "c 1:3", "c 1:3 x", "c 1 r", "c 1:3 r\nc 1:5 r", "d 1:3 r"})
    void whatIsNoDeviceRuleIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> DeviceRule.parse(text));
    }

    @Test
    void aPartitionTellsWhyItDoesNotHold() {
        assertThat(Partition.parse("root\n")).contains(new Partition(Partition.Kind.ROOT, Optional.empty()));
        assertThat(Partition.parse("isolated invalid (Cpu list in cpuset.cpus not exclusive)"))
                .contains(new Partition(Partition.Kind.ISOLATED, Optional.of("Cpu list in cpuset.cpus not exclusive")));
        assertThat(Partition.parse("root invalid").orElseThrow().holds()).isFalse();
        assertThat(Partition.parse("something else")).isEmpty();
    }
}
