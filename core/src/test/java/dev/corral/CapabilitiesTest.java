package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the probe says is what a launch does. */
class CapabilitiesTest {
    @Test
    void theProbeLeavesNothingAndKeepsItsAnswers() {
        Capabilities.probe();
        Leftovers before = Leftovers.before();
        System.out.print(Capabilities.probe());
        assertThat(Capabilities.probe()).isSameAs(Capabilities.probe());
        before.assertNothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void theVerdictIsThatOfALaunch(Feature feature) {
        Throwable answer = catchThrowable(() -> Trials.of(feature).start());
        boolean ran = answer instanceof ExecFailed failed
                && failed.failure().orElseThrow().step().equals("exec");
        assertThat(Capabilities.probe().has(feature))
                .as("%s: %s", feature, answer)
                .isEqualTo(ran);
    }

    @Test
    void whatDoesNotWorkHasAReason() {
        Capabilities here = Capabilities.probe();
        for (Feature missing : here.missing()) {
            assertThat(here.whyNot(missing).orElseThrow()).isNotBlank();
            assertThat(here.toString()).contains("no   " + missing.text() + ": ");
        }
        if (!Namespacing.root()) {
            assertThat(here.whyNot(Feature.OTHER_USERS).orElseThrow()).contains("CAP_SETUID");
            assertThat(here.missing())
                    .contains(Feature.NAMESPACES_WITHOUT_USER, Feature.RAISED_PRIORITY, Feature.LOWERED_OOM_SCORE);
        }
        assertThat(here.has(Feature.LAUNCH)).isTrue();
    }

    @Test
    void withoutALauncherEverythingHasTheSameReason() {
        Capabilities none = Capabilities.none("no place");
        assertThat(none.missing()).containsExactly(Feature.values());
        assertThat(none.whyNot(Feature.SECCOMP)).isEqualTo(Optional.of("no place"));
    }
}
