package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FreezerV1Test {
    private final Stage stage = Stage.v1("freezer");
    private final FreezerV1 freezer = stage.controller(FreezerV1.class);

    @AfterEach
    void nothingIsLeft() {
        stage.close();
    }

    @Test
    void anEmptyGroupFreezesAtOnce() {
        assertThat(freezer.state()).isEqualTo(FreezerV1.State.THAWED);

        assertThat(freezer.freeze()).isEqualTo(FreezerV1.State.FROZEN);
        assertThat(freezer.thaw()).isEqualTo(FreezerV1.State.THAWED);
        assertThat(freezer.selfFreezing()).contains(false);
    }

    @Test
    void aGroupBelowAFrozenOneIsNotThawedByItself() {
        stage.needsRealKernel();
        FreezerV1 below = new FreezerV1(stage.below(freezer, "below"));
        stage.inside("exec sleep 600", below);
        freezer.freeze();
        await().atMost(Duration.ofMinutes(1)).until(() -> below.state() == FreezerV1.State.FROZEN);

        assertThat(below.thaw()).isEqualTo(FreezerV1.State.FROZEN);
        assertThat(below.selfFreezing()).contains(false);
        assertThat(below.parentFreezing()).contains(true);

        freezer.thaw();
        assertThat(below.state()).isEqualTo(FreezerV1.State.THAWED);
        assertThat(below.parentFreezing()).contains(false);
    }
}
