package dev.corral.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.cgroups.Cgroup;
import dev.corral.cgroups.Limits;
import dev.corral.examples.testing.Needs;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeftoversTest {
    @Test
    void aProcessIsFound() throws Exception {
        Leftovers leftovers = Leftovers.before();
        try (Child child = Command.of("sleep", "60").start()) {
            assertThatThrownBy(leftovers::check)
                    .isInstanceOf(Claim.class)
                    .hasMessageContaining("processes are left")
                    .hasMessageContaining(Long.toString(child.pid()));
        }
    }

    @Test
    void aControlGroupIsFound() throws Exception {
        Needs.controlGroups();
        long self = ProcessHandle.current().pid();
        try (Child child = Command.of("sleep", "60").with(Limits.none().pids(8)).start()) {
            assertThat(Leftovers.groups(self))
                    .containsAll(child.find(Cgroup.class).orElseThrow().paths());
        }
        assertThat(Leftovers.groups(self)).isEmpty();
    }

    @Test
    void aMountIsFound() {
        Leftovers leftovers =
                new Leftovers(new Mounts(List.of("36 35 98:0 / / rw,noatime shared:7 - ext4 /dev/gone rw")));

        // processes come first, and one that another test has killed, or Surefire's ps(1), may be on its way out
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThatThrownBy(leftovers::check)
                        .isInstanceOf(Claim.class)
                        .hasMessageContaining("mounts have changed"));
    }
}
