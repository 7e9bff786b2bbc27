package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.Applied;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DevicesV1Test {
    private static final DeviceRule NULL = DeviceRule.parse("c 1:3 rwm");
    private static final DeviceRule ZERO = DeviceRule.parse("c 1:5 rwm");
    private static final DeviceRule RANDOM = DeviceRule.parse("c 1:8 r");

    private final Stage stage = Stage.v1("devices");
    private final DevicesV1 devices = stage.controller(DevicesV1.class);

    @AfterEach
    void nothingIsLeft() {
        stage.close();
    }

    @Test
    void aListIsReachedRuleByRule() {
        assertThat(devices.allowsByDefault()).isTrue();

        Applied applied = devices.allowOnly(List.of(NULL, ZERO, RANDOM));

        assertThat(applied.entries())
                .extracting(entry -> entry.written().orElse(""))
                .containsExactly("a", "c 1:3 rwm", "c 1:5 rwm", "c 1:8 r");
        assertThat(devices.allowsByDefault()).isFalse();
        assertThat(devices.allowed()).containsExactlyInAnyOrder(NULL, ZERO, RANDOM);
    }

    /** Why each rule is a write of its own. */
    @Test
    void ofTwoRulesInOneWriteTheKernelDropsTheSecondInSilence() {
        stage.needsRealKernel();
        devices.denyAll();

        devices.group().write("devices.allow", "c 1:3 rwm\nc 1:5 rwm");

        assertThat(devices.allowed()).containsExactly(NULL);
    }

    @Test
    void onlyTheDifferenceIsWritten() {
        devices.allowOnly(List.of(NULL, ZERO));

        Applied applied = devices.allowOnly(List.of(DeviceRule.parse("c 1:3 rw"), RANDOM));

        assertThat(applied.entries())
                .extracting(entry -> entry.feature() + " " + entry.written().orElse(""))
                .containsExactlyInAnyOrder("devices.deny c 1:3 m", "devices.deny c 1:5 rwm", "devices.allow c 1:8 r");
        assertThat(devices.allowed()).containsExactlyInAnyOrder(DeviceRule.parse("c 1:3 rw"), RANDOM);
        assertThat(devices.allowOnly(devices.allowed()).entries())
                .as("it is in place")
                .isEmpty();
    }

    @Test
    void everythingCanBeAllowedAgain() {
        devices.denyAll();
        assertThat(devices.allowed()).isEmpty();

        devices.allowAll();

        assertThat(devices.allowsByDefault()).isTrue();
    }

    @Test
    void aRuleAboutEverythingNeedsAGroupWithoutGroupsBelow() {
        GroupDirectory below = stage.below(devices, "below");

        assertThatThrownBy(devices::denyAll)
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("EINVAL, a rule about all devices needs a group without groups below, and "
                        + below.path() + " is there; set it before groups are made in this one");
    }

    @Test
    void aRuleAboutEverythingIsTakenJustAfterAGroupBelowIsGone() {
        for (int i = 0; i < 20; i++) {
            stage.below(devices, "below").remove();
            devices.denyAll();
            stage.below(devices, "below").remove();
            devices.allowAll();
        }
        assertThat(devices.allowsByDefault()).isTrue();
    }

    @Test
    void moreThanTheGroupAboveNamesWhatThatHas() {
        devices.allowOnly(List.of(NULL));
        DevicesV1 below = new DevicesV1(stage.below(devices, "below"));

        assertThatThrownBy(() -> below.allow(ZERO))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("EPERM, a group can't be allowed more than the one above, " + devices.path()
                        + ", has: c 1:3 rwm");
    }

    @Test
    void aDeviceThatIsNotAllowedCannotBeOpened() throws Exception {
        stage.needsRealKernel();
        devices.allowOnly(List.of(NULL));

        Process shell =
                stage.inside("exec 3>/dev/null; if head -c 1 /dev/zero >&3; then exit 1; else exit 7; fi", devices);

        assertThat(shell.waitFor()).isEqualTo(7);
    }
}
