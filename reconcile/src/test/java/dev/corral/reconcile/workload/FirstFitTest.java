package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Conditions;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirstFitTest {
    private static final int NODES = 4;
    private static final int PODS = 40;

    private final Store store = Store.inMemory();
    private final Scheduler scheduler = Scheduler.firstFit();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatItRemembersNeverChangesWhatItSays(long seed) {
        Random random = new Random(seed);
        List<Snapshot> seen = new ArrayList<>();
        int placed = 0;
        int refused = 0;
        for (int step = 0; step < 1_500; step++) {
            anything(random);
            Snapshot now = store.snapshot();
            seen.add(now);
            Snapshot asked = random.nextInt(5) == 0 ? seen.get(random.nextInt(seen.size())) : now;
            List<Resource<PodSpec, PodStatus>> waiting = asked.find(Pod.KIND, Pod.NODE_INDEX, "");
            if (waiting.isEmpty()) {
                continue;
            }
            var pod = waiting.get(random.nextInt(waiting.size()));
            Placement placement = scheduler.place(pod, asked);
            assertThat(placement).isEqualTo(Scheduler.firstFit().place(pod, asked));
            if (placement instanceof Placement.OnNode on) {
                placed++;
                bind(pod, on.node());
            } else {
                refused++;
            }
        }
        assertThat(placed).isGreaterThan(50);
        assertThat(refused).isGreaterThan(50);
    }

    /** Pods come, end, go, come back under their name, and are asked to be larger; nodes come and change. */
    private void anything(Random random) {
        Key key = Key.of("pod-" + random.nextInt(PODS));
        var pod = store.snapshot().get(Pod.KIND, key);
        switch (random.nextInt(6)) {
            case 0 -> node("node-" + random.nextInt(NODES), random.nextInt(3));
            case 1 ->
                pod.ifPresent(
                        found -> store.updateStatus(found.status(found.status().phase(PodPhase.SUCCEEDED))));
            case 2 ->
                pod.ifPresent(found -> {
                    if (!found.metadata().terminating()) {
                        store.delete(found).orThrow();
                    }
                    store.remove(store.snapshot().get(Pod.KIND, key).orElseThrow())
                            .orThrow();
                });
            default -> store.apply(pod(key.name(), "cpu", random.nextInt(12) * 100 + "m"));
        }
    }

    private void bind(Resource<PodSpec, PodStatus> pod, String node) {
        store.snapshot()
                .get(Pod.KIND, pod.key())
                .filter(found -> found.spec().nodeName().isEmpty())
                .ifPresent(found ->
                        store.update(found.spec(found.spec().nodeName(node))).orThrow());
    }

    @Test
    void whatEndedOrLeftMakesRoomAndWhatGrewTakesIt() {
        node("only", 2);
        var small = store.apply(pod("small", "cpu", "500m")).orThrow();
        bind(small, "only");
        var more = store.apply(pod("more", "cpu", "1500m")).orThrow();
        assertThat(place(more)).isEqualTo(new Placement.OnNode("only"));

        store.apply(pod("small", "cpu", "501m")).orThrow();
        assertThat(place(more))
                .isInstanceOfSatisfying(
                        Placement.Nowhere.class,
                        nowhere -> assertThat(nowhere.reasons())
                                .containsExactly(
                                        "0/1 nodes are available: 1 Insufficient cpu",
                                        "node only has too little cpu: 1500m wanted, 501m of 2 requested by others"));

        var grown = store.snapshot().get(Pod.KIND, small.key()).orElseThrow();
        store.updateStatus(grown.status(grown.status().phase(PodPhase.FAILED))).orThrow();
        assertThat(place(more)).isEqualTo(new Placement.OnNode("only"));
    }

    @Test
    void aLimitWithoutARequestCountsAsOne() {
        node("only", 2);
        bind(
                store.apply(Pod.named("limited")
                                .container(c -> c.command("serve").cpu("1500m")))
                        .orThrow(),
                "only");

        assertThat(place(store.apply(pod("more", "cpu", "501m")).orThrow())).isInstanceOf(Placement.Nowhere.class);
        assertThat(place(store.apply(Pod.named("modest")
                                .container(c -> c.command("serve").cpu("2").request("cpu", "500m")))
                        .orThrow()))
                .isEqualTo(new Placement.OnNode("only"));
    }

    private Placement place(Resource<PodSpec, PodStatus> pod) {
        return scheduler.place(pod, store.snapshot());
    }

    private void node(String name, long cpus) {
        var node = store.apply(Node.named(name)).orThrow();
        Map<String, Quantity> room = Map.of("cpu", Quantity.of(cpus));
        store.updateStatus(node.status(new NodeStatus(room, room, Conditions.none())))
                .orThrow();
    }

    private static Pod pod(String name, String resource, String amount) {
        return Pod.named(name).container(c -> c.command("serve").request(resource, amount));
    }
}
