package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Conditions;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Store;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a pod may grow into is counted as the scheduler counts what it places. */
class RoomTest {
    private static final String NODE = "local";

    private final Store store = Store.inMemory();

    RoomTest() {
        var node = store.apply(Node.named(NODE)).orThrow();
        Map<String, Quantity> room = Map.of("cpu", Quantity.of(2));
        store.updateStatus(node.status(new NodeStatus(room, room, Conditions.none())))
                .orThrow();
    }

    @ParameterizedTest
    @CsvSource({"1500m, 500m, none", "1501m, 500m, deferred", "1, 2001m, refused"})
    void anInitContainerThatNeedsMoreThanTheMainOnesCounts(String others, String own, String answer) {
        bound(pod("other", "100m")
                .spec(spec ->
                        spec.initContainer("prepare", c -> c.command("true").request("cpu", others))));
        assertThat(answer(bound(pod("web", own)))).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource({"900m, none", "901m, deferred"})
    void aSidecarCountsBesideTheMainContainersAndBesideLaterInitContainers(String own, String answer) {
        bound(pod("other", "100m")
                .spec(spec -> spec.sidecar("log", c -> c.command("log").request("cpu", "300m"))
                        .initContainer("prepare", c -> c.command("true").request("cpu", "800m"))));
        assertThat(answer(bound(pod("web", own)))).isEqualTo(answer);
    }

    @Test
    void itsOwnInitContainersCountToo() {
        Pod web = pod("web", "100m")
                .spec(spec ->
                        spec.initContainer("prepare", c -> c.command("true").request("cpu", "2001m")));
        assertThat(answer(bound(web))).isEqualTo("refused");
    }

    @Test
    void whatTheNodeDoesNotHaveCannotBeRequested() {
        Pod web = Pod.named("web").container(c -> c.command("serve").request("memory", "1Mi"));
        assertThat(answer(bound(web))).isEqualTo("refused");
    }

    @Test
    void whatHasEndedTakesNoRoom() {
        var other = bound(pod("other", "2"));
        var web = bound(pod("web", "100m"));
        assertThat(answer(web)).isEqualTo("deferred");
        store.updateStatus(other.status(other.status().phase(PodPhase.SUCCEEDED)))
                .orThrow();
        assertThat(answer(web)).isEqualTo("none");
    }

    /** Were they of two minds, a pod that was placed could never be given what it has. */
    @ParameterizedTest
    @CsvSource({"100m, 1900m", "100m, 1901m", "1200m, 900m", "2, 1m"})
    void whatTheSchedulerPlacesHasRoom(String others, String own) {
        bound(pod("other", others)
                .spec(spec ->
                        spec.initContainer("prepare", c -> c.command("true").request("cpu", "1100m"))));
        var web = store.apply(pod("web", own)).orThrow();
        boolean placed = Scheduler.firstFit().place(web, store.snapshot()) instanceof Placement.OnNode;
        assertThat(answer(bound(web))).isEqualTo(placed ? "none" : "deferred");
    }

    private String answer(Resource<PodSpec, PodStatus> pod) {
        Optional<Resized> answer = Room.of(store.snapshot(), NODE, pod).against(pod.spec());
        return answer.map(refusal -> refusal instanceof Resized.Refused ? "refused" : "deferred")
                .orElse("none");
    }

    private Resource<PodSpec, PodStatus> bound(Pod pod) {
        return bound(store.apply(pod).orThrow());
    }

    private Resource<PodSpec, PodStatus> bound(Resource<PodSpec, PodStatus> pod) {
        return store.update(pod.spec(pod.spec().nodeName(NODE))).orThrow();
    }

    private static Pod pod(String name, String cpu) {
        return Pod.named(name).container(c -> c.command("serve").request("cpu", cpu));
    }
}
