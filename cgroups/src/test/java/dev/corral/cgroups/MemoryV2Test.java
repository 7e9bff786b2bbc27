package dev.corral.cgroups;

import static dev.corral.ByteSize.bytes;
import static dev.corral.ByteSize.kibibytes;
import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import dev.corral.Applied;
import dev.corral.ByteSize;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("v2")
class MemoryV2Test {
    private final Stage stage = Stage.v2("memory");
    private final MemoryV2 memory = stage.controller(MemoryV2.class);

    @AfterEach
    void nothingIsLeft() {
        stage.close();
    }

    @Test
    void aFreshGroupIsUnlimitedAndUnprotected() {
        assertThat(memory.max()).isEqualTo(Limit.max());
        assertThat(memory.high()).isEqualTo(Limit.max());
        assertThat(memory.low()).isEqualTo(Limit.of(bytes(0)));
        assertThat(memory.min()).isEqualTo(Limit.of(bytes(0)));
        assertThat(memory.oomGroup()).contains(false);
        assertThat(memory.current()).isLessThan(mebibytes(1));
        assertThat(memory.peak()).isPresent();
    }

    @Test
    void everyKnobIsReadBack() {
        assertThat(memory.high(Limit.of(mebibytes(900))).readBack()).contains("943718400");
        assertThat(memory.low(Limit.of(mebibytes(8))).readBack()).contains("8388608");
        assertThat(memory.min(Limit.of(mebibytes(4))).readBack()).contains("4194304");
        assertThat(memory.max(Limit.of(mebibytes(64))).readBack()).contains("67108864");
        assertThat(memory.oomGroup(true).readBack()).contains("1");

        assertThat(memory.high()).isEqualTo(Limit.of(mebibytes(900)));
        assertThat(memory.low(Limit.of(bytes(0))).readBack()).contains("0");
        assertThat(memory.high(Limit.max()).readBack()).contains("max");
        assertThat(memory.max(Limit.max()).written()).contains("max");
        assertThat(memory.max(Limit.max()).written()).as("it is so already").isEmpty();
    }

    @Test
    void swapHasKnobsWhereItIsAccounted() {
        org.junit.jupiter.api.Assumptions.assumeTrue(memory.swapMax().isPresent(), "this kernel does not account swap");

        assertThat(memory.swapMax(Limit.of(bytes(0))).readBack()).contains("0");
        assertThat(memory.swapHigh(Limit.of(mebibytes(1))).readBack()).contains("1048576");
        assertThat(memory.swapMax()).contains(Limit.of(bytes(0)));
        assertThat(memory.swapCurrent()).contains(bytes(0));
    }

    @Test
    void sizesAreRoundedDownAndNothingIsRefused() {
        Applied.Entry entry = memory.high(Limit.of(bytes(409_601)));

        assertThat(entry.readBack()).contains("409600");
        assertThat(entry.note()).isEqualTo("rounded down from 409601 bytes to whole pages of 4 KiB");
        assertThat(memory.high()).isEqualTo(Limit.of(kibibytes(400)));
        assertThatThrownBy(() -> memory.min(Limit.of(bytes(4095))))
                .isInstanceOf(InvalidLimit.class)
                .hasMessageContaining("memory.min: it is less than a page, 4 KiB");
        assertThatThrownBy(() -> memory.max(Limit.of(bytes(0)))).isInstanceOf(InvalidLimit.class);
    }

    @Test
    void hardLimitAndSwapTogether() {
        Applied applied = memory.limits(Limit.of(mebibytes(64)), SwapPolicy.total(mebibytes(96)));

        assertThat(memory.max()).isEqualTo(Limit.of(mebibytes(64)));
        assertThat(applied.entries()).extracting(Applied.Entry::feature).containsExactly("swap", "memory");
        if (memory.swapMax().isPresent()) {
            assertThat(memory.swapMax()).contains(Limit.of(mebibytes(32)));
            assertThat(applied.entries().get(0).note()).isEqualTo("swap alone: the total less the memory limit");
        }
    }

    @Test
    void whatIsInUseIsNotKilledForALowerLimit() {
        ByteSize usage = use(mebibytes(24));

        assertThatThrownBy(() -> memory.max(Limit.of(mebibytes(8))))
                .hasMessageContaining(" are in use")
                .hasMessageContaining(", and the kernel would kill processes to get below the limit")
                .asInstanceOf(type(LimitBelowUsage.class))
                .satisfies(e -> assertThat(e.usage()).isGreaterThanOrEqualTo(mebibytes(8)))
                .satisfies(e -> assertThat(e.usage().bytes())
                        .isCloseTo(usage.bytes(), org.assertj.core.data.Percentage.withPercentage(50)));

        assertThat(memory.max()).isEqualTo(Limit.max());
    }

    @Test
    void reclaimingFirstRefusesWhatCannotBeHad() {
        use(mebibytes(24));
        memory.swapMax().ifPresent(swap -> memory.swapMax(Limit.of(bytes(0))));

        assertThatThrownBy(() -> memory.max(Limit.of(kibibytes(16)), LowerPolicy.RECLAIM_FIRST))
                .isInstanceOf(LimitBelowUsage.class)
                .hasMessageContaining(" are in use after reclaiming what can be");

        assertThat(memory.max()).isEqualTo(Limit.max());
    }

    @Test
    void reclaimingTellsWhatCameOfIt() {
        use(mebibytes(24));

        Reclaimed much = memory.reclaim(mebibytes(1024));

        assertThat(much.complete()).isFalse();
        assertThat(much.asked()).isEqualTo(mebibytes(1024));
        assertThat(much.after()).isLessThanOrEqualTo(much.before());
    }

    @Test
    void theLimitIsSetWhateverItCostsWhenThatIsAllowed() throws Exception {
        stage.needsRealKernel();
        Process hog = stage.inside("dd if=/dev/zero bs=30000000 count=1 | sleep 60", memory);
        await().atMost(Duration.ofMinutes(1)).until(() -> memory.current().compareTo(mebibytes(24)) > 0);
        memory.swapMax().ifPresent(swap -> memory.swapMax(Limit.of(bytes(0))));

        Applied.Entry entry = memory.max(Limit.of(mebibytes(4)), LowerPolicy.ALLOW_KILL);

        assertThat(entry.readBack()).contains("4194304");
        assertThat(entry.note()).startsWith("the kernel killed to get below it: oom_kill rose by ");
        assertThat(hog.waitFor()).isNotNegative();
    }

    @Test
    void aLimitBelowPageCacheComesAfterReclaiming() {
        FakeKernel fake = stage.fake();
        fake.set(memory.path().resolve("memory.current"), "12582912");

        assertThat(memory.max(Limit.of(mebibytes(8)), LowerPolicy.RECLAIM_FIRST).readBack())
                .contains("8388608");
    }

    @Test
    void aKernelWithoutReclaimRefusesAndSaysSo() {
        FakeKernel fake = stage.fake();
        fake.set(memory.path().resolve("memory.current"), "12582912");
        fake.remove(memory.path().resolve("memory.reclaim"));

        assertThatThrownBy(() -> memory.max(Limit.of(mebibytes(8)), LowerPolicy.RECLAIM_FIRST))
                .isInstanceOf(LimitBelowUsage.class)
                .hasMessageContaining("(this kernel has no memory.reclaim)");
        assertThatThrownBy(() -> memory.reclaim(mebibytes(1)))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("ENOENT");
    }

    /** Kernels before 6.9, as the fake one is. */
    @Test
    void aKernelThatTakesNoSwappinessSaysSo() {
        stage.fake();

        assertThatThrownBy(() -> memory.reclaim(mebibytes(1), 0))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("EINVAL, this kernel takes no swappiness here; Linux 6.9 does");
        assertThatThrownBy(() -> memory.reclaim(mebibytes(1), 201)).isInstanceOf(InvalidLimit.class);
    }

    @Test
    void aFileThatThisKernelDoesNotHaveIsEmptyWhenReadAndAnErrorWhenWritten() {
        FakeKernel fake = stage.fake();
        for (String file : new String[] {"memory.swap.high", "memory.peak", "memory.swap.peak", "memory.oom.group"}) {
            fake.remove(memory.path().resolve(file));
        }

        assertThat(memory.swapHigh()).isEmpty();
        assertThat(memory.peak()).isEmpty();
        assertThat(memory.swapPeak()).isEmpty();
        assertThat(memory.oomGroup()).isEmpty();
        assertThatThrownBy(() -> memory.swapHigh(Limit.max()))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("memory.swap.high: ENOENT, the controller is not enabled in this group, or this"
                        + " kernel does not know the file");
        assertThatThrownBy(memory::peakMeter).isInstanceOf(UnsupportedLimit.class);
    }

    @Test
    void aPeakOfOnesOwnCountsFromItsReset() {
        stage.needsRealKernel();
        try (PeakMeter meter = openMeter()) {
            use(mebibytes(24));
            ByteSize peak = meter.peak();
            assertThat(peak).isGreaterThan(mebibytes(16));
            stage.group().kill();
            await().atMost(Duration.ofMinutes(1)).until(() -> memory.current().compareTo(mebibytes(8)) < 0);

            meter.reset();

            assertThat(meter.peak()).isLessThan(mebibytes(16));
            assertThat(memory.peak().orElseThrow())
                    .as("for everybody else nothing has changed")
                    .isGreaterThanOrEqualTo(peak);
        }
    }

    private PeakMeter openMeter() {
        try {
            return memory.peakMeter();
        } catch (UnsupportedLimit e) {
            assertThat(e).hasMessageContaining("this kernel keeps one peak for everybody; from Linux 6.12 on");
            return org.junit.jupiter.api.Assumptions.abort(e.getMessage());
        }
    }

    /** Memory that can't be reclaimed without swap. */
    private ByteSize use(ByteSize size) {
        if (!stage.isReal()) {
            Path current = memory.path().resolve("memory.current");
            stage.fake().set(current, Long.toString(size.bytes()));
            return size;
        }
        stage.inside("dd if=/dev/zero bs=" + (size.bytes() + (4 << 20)) + " count=1 | sleep 60", memory);
        await().atMost(Duration.ofMinutes(1)).until(() -> memory.current().compareTo(size) > 0);
        return memory.current();
    }
}
