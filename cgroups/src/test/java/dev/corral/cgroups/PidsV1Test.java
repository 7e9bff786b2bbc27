package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The same files on both versions; here those of version 1. */
class PidsV1Test {
    private final Stage stage = Stage.v1("pids");
    private final PidsV1 pids = stage.controller(PidsV1.class);

    @AfterEach
    void nothingIsLeft() {
        stage.close();
    }

    @Test
    void theRangeIsTheKernels() {
        assertThat(pids.max()).isEqualTo(Limit.max());
        assertThat(pids.max(Limit.of(4_194_304L)).readBack()).contains("4194304");
        assertThatThrownBy(() -> pids.max(Limit.of(4_194_305L)))
                .isInstanceOf(InvalidLimit.class)
                .hasMessageContaining("it must be between 0 and 4194304");
        assertThatThrownBy(() -> pids.max(Limit.of(-1L))).isInstanceOf(InvalidLimit.class);
        assertThat(pids.max(Limit.of(0L)).readBack()).contains("0");
        assertThat(pids.max(Limit.max()).readBack()).contains("max");
    }

    @Test
    void aLimitBelowWhatIsThereStopsForksAndNothingElse() {
        stage.needsRealKernel();
        Process sleeper = stage.inside("sleep 600 & sleep 600 & wait", pids);
        await().atMost(Duration.ofMinutes(1)).until(() -> pids.current() == 3);

        assertThat(pids.max(Limit.of(1L)).note())
                .isEqualTo("there are 3 already: no more can be forked, and none is ended");

        assertThat(sleeper.isAlive()).isTrue();
        Process second = stage.inside("exec sleep 600", pids);
        assertThat(second.isAlive())
                .as("a process may be moved in all the same")
                .isTrue();
        assertThat(pids.current()).isEqualTo(4);
    }

    @Test
    void aLimitOfJustWhatIsThereIsNotBelowIt() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid");
        PidsV1 faked = kernel.boot().create("a").find(PidsV1.class).orElseThrow();
        kernel.set(faked.path().resolve("pids.current"), "3");

        assertThat(faked.max(Limit.of(2L)).note()).startsWith("there are 3 already");
        assertThat(faked.max(Limit.of(3L)).note()).isEmpty();
        assertThat(faked.max(Limit.max()).note()).isEmpty();
    }

    @Test
    void refusalsAreCounted() throws Exception {
        stage.needsRealKernel();
        pids.max(Limit.of(1L));
        assertThat(pids.refusals()).contains(0L);

        Process shell = stage.inside("sleep 1 & wait", pids);
        shell.waitFor();

        assertThat(pids.refusals().orElseThrow()).isPositive();
        assertThat(pids.peak().orElseThrow()).isPositive();
    }
}
