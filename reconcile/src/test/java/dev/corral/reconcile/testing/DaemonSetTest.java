package dev.corral.reconcile.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.reconcile.InvalidSpec;
import dev.corral.reconcile.workload.DaemonSet;
import dev.corral.reconcile.workload.DaemonSetStatus;
import dev.corral.reconcile.workload.DaemonSetUpdateStrategy;
import dev.corral.reconcile.workload.IntOrPercent;
import dev.corral.reconcile.workload.Node;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.Taint;
import dev.corral.reconcile.workload.Toleration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DaemonSetTest {
    private static final DaemonSet AGENT = DaemonSet.named("agent").container(c -> c.command("watch"));

    @Test
    void runsOnEachMatchingNodeAndLeavesOneThatNoLongerMatches() {
        DaemonSet ssd = AGENT.nodeSelector("disk", "ssd");
        Simulation world = Simulation.ofWorkloads()
                .apply(Node.named("local").label("disk", "ssd"))
                .apply(Node.named("other"))
                .apply(ssd)
                .settle();
        assertThat(world.names(Pod.KIND)).containsExactly("agent-local-0");
        DaemonSetStatus status = world.get(DaemonSet.KIND, "agent").status();
        assertThat(status.desiredNumberScheduled()).isEqualTo(1);
        assertThat(status.numberAvailable()).isEqualTo(1);
        world.apply(Node.named("local").label("disk", "hdd")).settle();
        assertThat(world.names(Pod.KIND)).isEmpty();
    }

    /** What becomes of a daemon that runs, and of one that comes later, once a node has a taint. */
    @ParameterizedTest(name = "{0}, tolerated {1}: before {2}, after {3}")
    @CsvSource({
        "NO_SCHEDULE, false, 1, 0",
        "NO_SCHEDULE, true, 1, 1",
        "NO_EXECUTE, false, 0, 0",
        "NO_EXECUTE, true, 1, 1",
        "PREFER_NO_SCHEDULE, false, 1, 1",
    })
    void taintsKeepDaemonsOff(Taint.Effect effect, boolean tolerated, int before, int after) {
        DaemonSet agent = tolerated ? AGENT.toleration(Toleration.equal("dedicated", "web")) : AGENT;
        Node tainted = Node.named("local").taint("dedicated", "web", effect);
        Simulation running =
                Simulation.ofWorkloads().apply(agent).settle().apply(tainted).settle();
        assertThat(running.names(Pod.KIND)).hasSize(before);
        Simulation later = Simulation.ofWorkloads().apply(tainted).apply(agent).settle();
        assertThat(later.names(Pod.KIND)).hasSize(after);
    }

    /** It belongs to the node, and shares its troubles. */
    @ParameterizedTest
    @CsvSource({
        "not-ready, NO_EXECUTE, 1",
        "unreachable, NO_EXECUTE, 1",
        "disk-pressure, NO_SCHEDULE, 1",
        "memory-pressure, NO_SCHEDULE, 1",
        "pid-pressure, NO_SCHEDULE, 1",
        "unschedulable, NO_SCHEDULE, 1",
        "disk-pressure, NO_EXECUTE, 0",
        "network-unavailable, NO_SCHEDULE, 0"
    })
    void aDaemonToleratesWhatAilsItsNode(String trouble, Taint.Effect effect, int pods) {
        Node ailing = Node.named("local").taint("node.kubernetes.io/" + trouble, "", effect);
        assertThat(Simulation.ofWorkloads().apply(ailing).apply(AGENT).settle().names(Pod.KIND))
                .hasSize(pods);
    }

    @Test
    void anUnschedulableNodeStillGetsItsDaemon() {
        Simulation world = Simulation.ofWorkloads()
                .apply(Node.named("local").unschedulable(true))
                .apply(AGENT)
                .apply(Pod.named("web").container(c -> c.command("serve")))
                .settle();
        assertThat(world.get(Pod.KIND, "agent-local-0")).matches(Pod::ready);
        assertThat(world.get(Pod.KIND, "web").status().conditions().get(PodStatus.POD_SCHEDULED))
                .get()
                .extracting(Object::toString)
                .asString()
                .contains("Unschedulable", "node local has the taint node.kubernetes.io/unschedulable:NoSchedule");
    }

    @Test
    void onDeleteWaitsForSomebody() {
        DaemonSet agent = AGENT.onDelete();
        Simulation world = Simulation.ofWorkloads()
                .apply(agent)
                .settle()
                .apply(agent.container(c -> c.env("VERSION", "2")))
                .settle();
        assertThat(world.get(Pod.KIND, "agent-local-0")
                        .spec()
                        .containers()
                        .get(0)
                        .env())
                .isEmpty();
        world.delete(Pod.KIND, "agent-local-0").settle();
        assertThat(world.get(DaemonSet.KIND, "agent")).matches(DaemonSet.COMPLETE);
    }

    @Test
    void aDeadNodeDoesNotHoldUpTheOthers() {
        Simulation world = Simulation.ofWorkloads()
                .apply(Node.named("dead"))
                .apply(AGENT)
                .settle()
                .apply(AGENT.container(c -> c.env("VERSION", "2")))
                .settle();
        assertThat(world.get(Pod.KIND, "agent-local-0")
                        .spec()
                        .containers()
                        .get(0)
                        .env())
                .hasSize(1);
    }

    @Test
    void bothLimitsAtOnceAreRefused() {
        Simulation world = Simulation.ofWorkloads();
        for (int each : new int[] {0, 1}) {
            DaemonSet wrong = AGENT.spec(spec -> spec.updateStrategy(
                    new DaemonSetUpdateStrategy.Rolling(IntOrPercent.of(each), IntOrPercent.of(each))));
            assertThatThrownBy(() -> world.apply(wrong))
                    .isInstanceOf(InvalidSpec.class)
                    .hasMessageContaining("spec.updateStrategy.rollingUpdate: 'maxSurge " + each);
        }
    }
}
