package dev.corral.cgroups;

import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.corral.ByteSize;
import dev.corral.Requirement;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {
    @Test
    void aWitherChangesOneThing() {
        Limits limits = Limits.none()
                .memory(mebibytes(256))
                .cpus(0.5)
                .pids(64)
                .named("web")
                .bestEffort();

        assertThat(limits.memory()).contains(mebibytes(256));
        assertThat(limits.swap()).isEqualTo(SwapPolicy.NONE);
        assertThat(limits.cpus()).isEqualTo(OptionalDouble.of(0.5));
        assertThat(limits.pids()).hasValue(64);
        assertThat(limits.name()).contains("web");
        assertThat(limits.requirement()).isEqualTo(Requirement.BEST_EFFORT);
        assertThat(limits).isEqualTo(limits.cpus(0.25).cpus(0.5));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 0.009, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e9})
    void cpusBelowTheSmallestQuotaOrBeyondReasonAreRefused(double cpus) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Limits.none().cpus(cpus))
                .withMessageContaining("between 0.01 and 100000");
    }

    @Test
    void aHundredthOfACpuIsTheSmallestQuota() {
        assertThat(Limits.quotaMicros(Limits.none().cpus(0.01).cpus().orElseThrow()))
                .isEqualTo(1000);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 4_194_305})
    void aCountOfProcessesOutsideTheKernelsRangeIsRefused(int pids) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Limits.none().pids(pids))
                .withMessageContaining("between 1 and 4194304");
    }

    @Test
    void noMemoryAtAllIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Limits.none().memory(ByteSize.bytes(0)));
    }

    @Test
    void swapCannotMakeTheSumSmallerThanTheMemory() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Limits.none().memory(mebibytes(2)).swap(SwapPolicy.total(mebibytes(1))))
                .withMessageContaining("at least the memory limit");
    }

    @Test
    void aNameMustBeOne() {
        assertThatIllegalArgumentException().isThrownBy(() -> Limits.none().named("a/b"));
    }
}
