package dev.corral.cgroups;

import static dev.corral.ByteSize.bytes;
import static dev.corral.ByteSize.kibibytes;
import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import dev.corral.Applied;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryV1Test {
    private final Stage stage = Stage.v1("memory");
    private final MemoryV1 memory = stage.controller(MemoryV1.class);

    @AfterEach
    void nothingIsLeft() {
        stage.close();
    }

    @Test
    void theClassicLimitIsTakenToTheByte() {
        Applied applied = memory.limits(Limit.of(bytes(104_960_000)), SwapPolicy.NONE);

        assertThat(applied.entries().get(0).readBack()).contains("104960000");
        assertThat(applied.entries().get(0).note()).isEmpty();
        assertThat(memory.hardLimit()).isEqualTo(Limit.of(bytes(104_960_000)));
        assertThat(memory.limitWithSwap()).contains(Limit.of(bytes(104_960_000)));
    }

    @Test
    void aFreshGroupIsUnlimited() {
        assertThat(memory.hardLimit()).isEqualTo(Limit.max());
        assertThat(memory.softLimit()).isEqualTo(Limit.max());
        assertThat(memory.usage()).isLessThan(mebibytes(1));
        assertThat(memory.oomKillDisabled()).isFalse();
        assertThat(memory.underOom()).isFalse();
    }

    @Test
    void raisedAndLoweredAndLifted() {
        memory.limits(Limit.of(mebibytes(64)), SwapPolicy.NONE);
        memory.limits(Limit.of(mebibytes(128)), SwapPolicy.NONE);
        assertThat(memory.limitWithSwap()).contains(Limit.of(mebibytes(128)));

        memory.limits(Limit.of(mebibytes(32)), SwapPolicy.total(mebibytes(48)));
        assertThat(memory.hardLimit()).isEqualTo(Limit.of(mebibytes(32)));
        assertThat(memory.limitWithSwap()).contains(Limit.of(mebibytes(48)));

        memory.limits(Limit.max(), SwapPolicy.UNLIMITED);
        assertThat(memory.hardLimit()).isEqualTo(Limit.max());
        assertThat(memory.limitWithSwap()).contains(Limit.max());
    }

    /** Whatever the state before, the order of the two writes is one that the kernel takes. */
    @Test
    void everyStepBetweenTwoPairsIsTaken() {
        int[][] pairs = {{16, 16}, {16, 64}, {64, 64}, {32, 48}, {8, 8}, {64, 128}, {128, 128}};
        for (int[] from : pairs) {
            for (int[] to : pairs) {
                memory.limits(Limit.of(mebibytes(from[0])), SwapPolicy.total(mebibytes(from[1])));
                memory.limits(Limit.of(mebibytes(to[0])), SwapPolicy.total(mebibytes(to[1])));

                assertThat(memory.hardLimit()).isEqualTo(Limit.of(mebibytes(to[0])));
                assertThat(memory.limitWithSwap()).contains(Limit.of(mebibytes(to[1])));
            }
        }
    }

    @Test
    void swapAloneCannotBeBounded() {
        assertThatThrownBy(() -> memory.limits(Limit.max(), SwapPolicy.NONE))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("version 1 bounds memory and swap together");
        assertThatThrownBy(() -> memory.limits(Limit.of(mebibytes(2)), SwapPolicy.total(mebibytes(1))))
                .isInstanceOf(InvalidLimit.class)
                .hasMessageContaining("at least the memory limit of 2 MiB");
    }

    @Test
    void sizesAreRoundedDownAndNothingIsRefused() {
        Applied.Entry entry = memory.softLimit(Limit.of(bytes(409_601)));

        assertThat(entry.readBack()).contains("409600");
        assertThat(entry.note()).isEqualTo("rounded down from 409601 bytes to whole pages of 4 KiB");
        assertThat(memory.softLimit()).isEqualTo(Limit.of(kibibytes(400)));
        assertThatThrownBy(() -> memory.softLimit(Limit.of(bytes(4095))))
                .isInstanceOf(InvalidLimit.class)
                .hasMessageContaining("memory.soft_limit_in_bytes: it is less than a page, 4 KiB");
        assertThat(memory.softLimit(Limit.max()).note()).isEmpty();
        assertThat(memory.softLimit()).isEqualTo(Limit.max());
    }

    @Test
    void aLimitOfKernelMemoryIsToldToBeInert() {
        Applied.Entry entry = memory.kernelLimit(Limit.of(mebibytes(8)));

        assertThat(entry.enforced()).isFalse();
        assertThat(entry.note()).isEqualTo("this kernel takes a limit of kernel memory and ignores it");
    }

    @Test
    void killingCanBeSwitchedOff() {
        assertThat(memory.oomKillDisabled(true).readBack()).contains("1");
        assertThat(memory.oomKillDisabled()).isTrue();
        assertThat(memory.oomKillDisabled(true).written())
                .as("it was so already")
                .isEmpty();
        memory.oomKillDisabled(false);
        assertThat(memory.oomKillDisabled()).isFalse();
    }

    @Test
    void swappinessHasARange() {
        assertThat(memory.swappiness(10).readBack()).contains("10");
        assertThatThrownBy(() -> memory.swappiness(201))
                .isInstanceOf(InvalidLimit.class)
                .hasMessageContaining("it must be between 0 and 200");
        assertThat(memory.swappiness()).isEqualTo(10);
    }

    @Test
    void aLimitBelowWhatIsInUseIsRefusedByTheKernel() {
        stage.needsRealKernel();
        stage.inside("dd if=/dev/zero bs=30000000 count=1 | sleep 600", memory);
        await().atMost(Duration.ofMinutes(1)).until(() -> memory.usage().compareTo(mebibytes(20)) > 0);

        for (LowerPolicy policy : LowerPolicy.values()) {
            assertThatThrownBy(() -> memory.limits(Limit.of(mebibytes(1)), SwapPolicy.UNLIMITED, policy))
                    .hasMessageContaining("EBUSY, ")
                    .hasMessageContaining(" are in use and can't be reclaimed")
                    .asInstanceOf(type(LimitBelowUsage.class))
                    .satisfies(e -> assertThat(e.usage()).isGreaterThan(mebibytes(10)))
                    .satisfies(e -> assertThat(e.errno()).contains("EBUSY"));
        }
    }

    @Test
    void withoutKillingTheGroupStandsStillUntilThereIsRoom() {
        stage.needsRealKernel();
        memory.oomKillDisabled(true);
        memory.limits(Limit.of(mebibytes(16)), SwapPolicy.NONE);

        // It touches its memory itself: a system call that finds none fails instead of waiting.
        Process hog = stage.inside(
                "exec awk 'BEGIN { s = \"x\"; while (length(s) < 30000000) s = s s; while (1) ; }'", memory);

        await().atMost(Duration.ofMinutes(1)).until(memory::underOom);
        assertThat(hog.isAlive()).isTrue();
        memory.limits(Limit.of(mebibytes(256)), SwapPolicy.NONE);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !memory.underOom() && memory.usage().compareTo(mebibytes(20)) > 0);
    }

    @Test
    void countersBeginAgain() {
        stage.needsRealKernel();
        stage.inside("dd if=/dev/zero bs=30000000 count=1 | sleep 600", memory);
        await().atMost(Duration.ofMinutes(1)).until(() -> memory.usage().compareTo(mebibytes(20)) > 0);
        stage.group().kill();
        await().atMost(Duration.ofMinutes(1)).until(() -> memory.usage().compareTo(mebibytes(10)) < 0);
        assertThat(memory.peak().orElseThrow()).isGreaterThan(mebibytes(20));

        memory.resetPeak();
        memory.resetFailures();
        memory.forceEmpty();

        assertThat(memory.peak().orElseThrow()).isLessThan(mebibytes(10));
        assertThat(memory.failures()).isZero();
    }
}
