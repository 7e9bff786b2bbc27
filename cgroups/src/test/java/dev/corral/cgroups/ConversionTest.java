package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.corral.ByteSize;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The named formulas between the scales of the two versions, and of those who write configurations. */
class ConversionTest {
    @ParameterizedTest
    @CsvSource({
        "LOG_2025, 1, 1",
        "LOG_2025, 2, 1",
        "LOG_2025, 512, 59",
        "LOG_2025, 1023, 100",
        "LOG_2025, 1024, 100",
        "LOG_2025, 1025, 101",
        "LOG_2025, 2000, 170",
        "LOG_2025, 262143, 10000",
        "LOG_2025, 262144, 10000",
        "LOG_2025, 9223372036854775807, 10000",
        "LINEAR_OCI, 1, 1",
        "LINEAR_OCI, 2, 1",
        "LINEAR_OCI, 1024, 39",
        "LINEAR_OCI, 262144, 10000",
        "LINEAR_OCI, 9223372036854775807, 10000",
        "SYSTEMD, 1, 1",
        "SYSTEMD, 2, 1",
        "SYSTEMD, 1024, 100",
        "SYSTEMD, 2000, 195",
        "SYSTEMD, 262144, 10000"
    })
    void sharesBecomeAWeight(ShareConversion conversion, long shares, int weight) {
        assertThat(conversion.weight(shares)).hasValue(weight);
    }

    @ParameterizedTest
    @CsvSource({
        "SYSTEMD, 1, 10",
        "SYSTEMD, 100, 1024",
        "SYSTEMD, 10000, 102400",
        "LINEAR_OCI, 1, 2",
        "LINEAR_OCI, 100, 2597",
        "LINEAR_OCI, 10000, 262144",
        "LOG_2025, 1, 2",
        "LOG_2025, 100, 1012",
        "LOG_2025, 10000, 262115"
    })
    void aWeightBecomesShares(ShareConversion conversion, int weight, long shares) {
        assertThat(conversion.shares(weight)).isEqualTo(shares);
    }

    @Test
    void everyWeightOfTheCurveComesBack() {
        for (int weight = 1; weight <= 10_000; weight++) {
            long shares = ShareConversion.LOG_2025.shares(weight);
            int back = ShareConversion.LOG_2025.weight(shares).orElseThrow();
            assertThat(back).as("weight %d, %d shares", weight, shares).isGreaterThanOrEqualTo(weight);
            assertThat(shares == 2
                            || ShareConversion.LOG_2025.weight(shares - 1).orElseThrow() < weight)
                    .as("the fewest shares for weight %d", weight)
                    .isTrue();
        }
    }

    @Test
    void noSharesAreNoWeight() {
        for (ShareConversion conversion : ShareConversion.values()) {
            assertThat(conversion.weight(0)).isEmpty();
            assertThatIllegalArgumentException().isThrownBy(() -> conversion.weight(-1));
            assertThatIllegalArgumentException().isThrownBy(() -> conversion.shares(0));
            assertThatIllegalArgumentException().isThrownBy(() -> conversion.shares(10_001));
        }
    }

    @ParameterizedTest
    @CsvSource({"10, 1", "750, 7475", "1000, 10000"})
    void blkioWeightsBecomeIoWeights(int blkio, int io) {
        assertThat(OciValues.ioWeight(blkio)).hasValue(io);
    }

    @Test
    void noBlkioWeightIsNoIoWeight() {
        assertThat(OciValues.ioWeight(0)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> OciValues.ioWeight(9));
        assertThatIllegalArgumentException().isThrownBy(() -> OciValues.ioWeight(1001));
    }

    @Test
    void pidsOfOci() {
        assertThat(OciValues.pids(5)).isEqualTo(Limit.of(5L));
        assertThat(OciValues.pids(0)).isEqualTo(Limit.of(1L));
        assertThat(OciValues.pids(-1)).isEqualTo(Limit.max());
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 0, max",
        "-1, -1, max",
        "1048576, -1, max",
        "0, -1, max",
        "1048576, 0, unset",
        "0, 0, unset",
        "-1, 2097152, 2097152",
        "1048576, 3145728, 2097152",
        "1048576, 1048576, 0"
    })
    void aSumOfMemoryAndSwapBecomesSwap(long memory, long total, String swap) {
        assertThat(OciValues.swapMax(memory, total).map(IoMax::text).orElse("unset"))
                .isEqualTo(swap);
    }

    @ParameterizedTest
    @CsvSource({"0, 4096", "-2, 4096", "4096, -2", "8192, 4096"})
    void aSumThatMakesNoSenseIsRefused(long memory, long total) {
        assertThatIllegalArgumentException().isThrownBy(() -> OciValues.swapMax(memory, total));
    }

    @Test
    void equalSumMeansNoSwapAndMustBeWritten() {
        assertThat(OciValues.swapMax(4096, 4096)).contains(Limit.of(ByteSize.bytes(0)));
    }

    @ParameterizedTest
    @CsvSource({"-20, 8668", "-1, 125", "0, 100", "1, 80", "10, 11", "19, 1"})
    void niceValuesBecomeWeights(int nice, int weight) {
        assertThat(Nice.weight(nice)).isEqualTo(weight);
    }

    @Test
    void ticksAreHundredths() {
        assertThat(OciValues.ticks(123)).isEqualTo(Duration.ofMillis(1230));
    }

    /** The largest quota that the kernel takes, 2<sup>44</sup> - 1 us. */
    @Test
    void theLargestQuotaIsStillANumber() {
        CpuMax largest = CpuMax.parse("17592186044415 1000");

        assertThat(largest.perSecond()).contains(Duration.ofSeconds(17_592_186_044L, 420_000_000));
        assertThat(largest.asSystemdKeepsIt()).hasToString("17592186044420 1000");
    }

    @Test
    void systemdRoundsTheQuotaUp() {
        CpuMax exact = CpuMax.parse("123456 100000");

        assertThat(exact.perSecond()).contains(Duration.ofMillis(1240));
        assertThat(exact.asSystemdKeepsIt()).hasToString("124000 100000");
        assertThat(CpuMax.cpus(0.5).asSystemdKeepsIt()).isEqualTo(CpuMax.cpus(0.5));
        assertThat(CpuMax.unlimited().perSecond()).isEqualTo(Optional.empty());
    }
}
