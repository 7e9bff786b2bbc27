package dev.corral.reconcile.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.InvalidSpec;
import dev.corral.reconcile.workload.Node;
import dev.corral.reconcile.workload.NodeSelectorTerm;
import dev.corral.reconcile.workload.NodeSelectorTerm.Operator;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodPhase;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.Taint;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulated node has 8 CPUs and 16 GiB. */
class SchedulingTest {
    private static final Pod WEB = Pod.named("web").container(c -> c.command("serve"));

    @Test
    void aPodIsBoundOnceAndSaysSo() {
        Simulation world = Simulation.ofWorkloads().apply(WEB).settle();
        assertThat(world.get(Pod.KIND, "web").spec().nodeName()).contains("local");
        assertThat(world.get(Pod.KIND, "web").status().conditions().holds(PodStatus.POD_SCHEDULED))
                .isTrue();
        assertThatThrownBy(() -> world.apply(WEB.spec(spec -> spec.nodeName("other"))))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContaining("spec.nodeName: 'other': a pod stays on its node, local");
    }

    /** It was found hours later, when all that waits is looked at. */
    @Test
    void whatFitsNowhereIsPlacedWhenAnotherPodRequestsLess() {
        Simulation world = Simulation.ofWorkloads()
                .apply(WEB.container(c -> c.request("cpu", "5")))
                .settle()
                .apply(Pod.named("more").container(c -> c.command("serve").request("cpu", "4")))
                .settle();
        assertThat(world.get(Pod.KIND, "more").status().phase()).isEqualTo(PodPhase.PENDING);
        world.apply(WEB.container(c -> c.request("cpu", "4"))).settle();
        assertThat(world.get(Pod.KIND, "more")).matches(Pod::ready);
    }

    @Test
    void whatFitsNowhereWaitsAndSaysWhyUntilThereIsRoom() {
        Simulation world = Simulation.ofWorkloads()
                .apply(WEB.container(c -> c.request("cpu", "5")))
                .settle()
                .apply(Pod.named("more").container(c -> c.command("serve").request("cpu", "4")))
                .settle();
        assertThat(world.get(Pod.KIND, "more").status().phase()).isEqualTo(PodPhase.PENDING);
        assertThat(unschedulable(world, "more"))
                .isEqualTo(
                        "0/1 nodes are available: 1 Insufficient cpu; node local has too little cpu: 4 wanted, 5 of 8 requested by others");
        world.delete(Pod.KIND, "web").settle();
        assertThat(world.get(Pod.KIND, "more")).matches(Pod::ready);
    }

    @Test
    void aNodeSelectorWaitsForItsLabel() {
        Simulation world = Simulation.ofWorkloads()
                .apply(WEB.spec(spec -> spec.nodeSelector("disk", "ssd")))
                .settle();
        assertThat(unschedulable(world, "web"))
                .isEqualTo("0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector;"
                        + " node local has no label disk where the node selector wants disk=ssd");
        world.apply(Node.named("local").label("disk", "ssd")).settle();
        assertThat(world.get(Pod.KIND, "web")).matches(Pod::ready);
    }

    static Stream<Arguments> terms() {
        NodeSelectorTerm any = NodeSelectorTerm.empty();
        return Stream.of(
                Arguments.of(true, List.of(any.and("disk", Operator.IN, "hdd", "ssd"))),
                Arguments.of(false, List.of(any.and("disk", Operator.IN, "hdd"))),
                Arguments.of(false, List.of(any.and("missing", Operator.IN, "hdd"))),
                Arguments.of(true, List.of(any.and("disk", Operator.NOT_IN, "hdd"))),
                Arguments.of(false, List.of(any.and("disk", Operator.NOT_IN, "hdd", "ssd"))),
                Arguments.of(true, List.of(any.and("missing", Operator.NOT_IN, "hdd"))),
                Arguments.of(true, List.of(any.and("disk", Operator.EXISTS))),
                Arguments.of(false, List.of(any.and("missing", Operator.EXISTS))),
                Arguments.of(false, List.of(any.and("disk", Operator.DOES_NOT_EXIST))),
                Arguments.of(true, List.of(any.and("missing", Operator.DOES_NOT_EXIST))),
                Arguments.of(true, List.of(any.and("cores", Operator.GT, "7"))),
                Arguments.of(false, List.of(any.and("cores", Operator.GT, "8"))),
                Arguments.of(true, List.of(any.and("cores", Operator.LT, "10"))),
                Arguments.of(false, List.of(any.and("cores", Operator.LT, "-9"))),
                Arguments.of(false, List.of(any.and("disk", Operator.GT, "7"))),
                Arguments.of(false, List.of(any.and("missing", Operator.LT, "7"))),
                Arguments.of(false, List.of(any.and("disk", Operator.EXISTS).and("cores", Operator.GT, "8"))),
                Arguments.of(true, List.of(any.and("cores", Operator.GT, "8"), any.and("disk", Operator.EXISTS))),
                Arguments.of(false, List.of(any)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("terms")
    void oneTermOfANodeAffinityHasToMatchAsAWhole(boolean fits, List<NodeSelectorTerm> terms) {
        Simulation world = Simulation.ofWorkloads()
                .apply(Node.named("local").label("disk", "ssd").label("cores", "8"))
                .apply(WEB.spec(spec -> spec.nodeAffinity(terms.toArray(NodeSelectorTerm[]::new))))
                .settle();
        assertThat(world.get(Pod.KIND, "web").status().conditions().holds(PodStatus.POD_SCHEDULED))
                .isEqualTo(fits);
    }

    @Test
    void aNodeAffinityWaitsForItsLabelAndSaysWhich() {
        NodeSelectorTerm fast =
                NodeSelectorTerm.empty().and("disk", Operator.IN, "nvme", "ssd").and("cores", Operator.GT, "4");
        Simulation world = Simulation.ofWorkloads()
                .apply(WEB.spec(
                        spec -> spec.nodeAffinity(fast, NodeSelectorTerm.empty().and("spare", Operator.EXISTS))))
                .settle();
        assertThat(unschedulable(world, "web"))
                .isEqualTo("0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector;"
                        + " node local has none of the labels that the node affinity requires:"
                        + " disk in (nvme,ssd),cores>4 or spare");
        world.apply(Node.named("local").label("disk", "ssd").label("cores", "8"))
                .settle();
        assertThat(world.get(Pod.KIND, "web")).matches(Pod::ready);
        assertThatThrownBy(() -> world.apply(WEB))
                .hasMessageContaining("spec.affinity: 'another': it can't be changed");
    }

    /** Each row is what nodes there are besides the local one, which has 8 CPUs; the pod requests 9. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ''                      | 0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory
            tainted                 | 0/2 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, 1 node(s) had untolerated taint {team: red}
            tainted cordoned plain  | 0/4 nodes are available: 1 node(s) had untolerated taint {team: red}, 1 node(s) were unschedulable, 2 Insufficient cpu, 2 Insufficient memory
            tainted tainted2 spared | 0/4 nodes are available: 2 Insufficient cpu, 2 Insufficient memory, 2 node(s) had untolerated taint {team: red}
            """)
    void eachReasonIsCountedAsKubernetesWordsIt(String others, String sentence) {
        Simulation world = Simulation.ofWorkloads();
        for (String name : others.replace("'", "").split(" ", -1)) {
            Node node = Node.named("n-" + name);
            if (name.startsWith("tainted")) {
                world.apply(node.taint("team", "red", Taint.Effect.NO_SCHEDULE));
            } else if (name.equals("cordoned")) {
                world.apply(node.unschedulable(true));
            } else if (name.equals("spared")) {
                world.apply(node.taint("team", "red", Taint.Effect.PREFER_NO_SCHEDULE));
            } else if (name.equals("plain")) {
                world.apply(node);
            }
        }
        world.apply(WEB.container(c -> c.request("cpu", "9").request("memory", "1Ti")))
                .settle();
        assertThat(unschedulable(world, "web").split("; ", -1)[0]).isEqualTo(sentence);
    }

    @Test
    void withoutANodeNothingRunsAndADeletedPodGoes() {
        Simulation world = Simulation.ofWorkloads();
        world.delete(Node.KIND, "local").apply(WEB).settle();
        assertThat(unschedulable(world, "web")).isEqualTo("no nodes available to schedule pods");
        world.delete(Pod.KIND, "web").settle();
        assertThat(world.names(Pod.KIND)).isEmpty();
    }

    private static String unschedulable(World world, String pod) {
        return world.get(Pod.KIND, pod).status().conditions().get(PodStatus.POD_SCHEDULED).stream()
                .filter(condition -> condition.status() == Condition.Status.FALSE)
                .map(Condition::message)
                .findFirst()
                .orElse("it is scheduled");
    }
}
