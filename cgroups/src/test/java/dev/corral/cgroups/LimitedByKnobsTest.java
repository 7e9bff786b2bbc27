package dev.corral.cgroups;

import static dev.corral.ByteSize.mebibytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Applied;
import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Exit;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Children with limits of CPUs, weight and memory nodes, and limits that change while they run; on whatever version. */
@Tag("v2")
class LimitedByKnobsTest {
    private final Cgroups host = Cgroups.detect();

    @Test
    void aChildRunsOnItsCpusOnly() throws Exception {
        needs(Controller.CPUSET);
        CpuSet cpu = RealGroup.oneCpu();
        CpuSet node = RealGroup.oneNode();
        Limits limits = Limits.none().cpuset(cpu).mems(node);
        Command command =
                Command.of("grep", "_allowed_list", "/proc/self/status").with(limits);
        try (Child child = command.start()) {
            String allowed = new String(child.getInputStream().readAllBytes(), UTF_8);

            assertThat(child.await()).matches(Exit::ok);
            assertThat(allowed).isEqualTo("Cpus_allowed_list:\t" + cpu + "\nMems_allowed_list:\t" + node + "\n");
        }
    }

    @Test
    void aWeightIsSetAndReadBack() throws Exception {
        needs(Controller.CPU);
        try (Child child =
                Command.of("sleep", "600").with(Limits.none().cpuWeight(300)).start()) {
            Cgroup group = child.find(Cgroup.class).orElseThrow();

            assertThat(child.find(Applied.class).orElseThrow().dropped()).isEmpty();
            group.find(CpuV1.class).ifPresent(cpu -> assertThat(cpu.shares()).isEqualTo(3072));
            group.find(CpuV2.class).ifPresent(cpu -> assertThat(cpu.weight()).isEqualTo(300));
        }
    }

    @Test
    void limitsChangeWhileTheChildRuns() throws Exception {
        needs(Controller.CPU);
        needs(Controller.MEMORY);
        try (Child child = Command.of("sleep", "600")
                .with(Limits.none().cpus(0.1).memory(mebibytes(64)))
                .start()) {
            Cgroup group = child.find(Cgroup.class).orElseThrow();
            Limits more = Limits.none().cpus(0.5).memory(mebibytes(128));

            assertThat(group.plan(more).changes()).isNotEmpty();
            assertThat(group.apply(more).dropped()).isEmpty();

            assertThat(group.plan(more).isInPlace()).isTrue();
            assertThat(child.await(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void aCpuThatDoesNotExistFailsTheLaunch() {
        needs(Controller.CPUSET);
        Command command = Command.of("true").with(Limits.none().cpuset(CpuSet.of(9999)));

        assertThatThrownBy(command::start)
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("cpu 9999 does not exist");
    }

    private void needs(Controller controller) {
        Availability answer = host.availability(controller);
        assumeTrue(answer.ok(), answer::describe);
    }
}
