package dev.corral.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.cgroups.Availability;
import dev.corral.cgroups.Cgroup;
import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.Limits;
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
        assumeThat(Cgroups.detect().availability().values())
                .as("needs control groups that this user may write to")
                .allMatch(Availability::ok);
        long self = ProcessHandle.current().pid();
        try (Child child = Command.of("sleep", "60").with(Limits.none().pids(8)).start()) {
            assertThat(Leftovers.groups(self))
                    .containsAll(child.find(Cgroup.class).orElseThrow().paths());
        }
        assertThat(Leftovers.groups(self)).isEmpty();
    }

    @Test
    void aMountIsFound() {
        Leftovers leftovers = new Leftovers(List.of("something that was mounted before"));

        assertThatThrownBy(leftovers::check).isInstanceOf(Claim.class).hasMessageContaining("mounts have changed");
    }
}
