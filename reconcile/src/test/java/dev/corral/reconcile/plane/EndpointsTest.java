package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.reconcile.Key;
import dev.corral.reconcile.LabelSelector;
import dev.corral.reconcile.Loop;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.Subscription;
import dev.corral.reconcile.node.NodeAgent;
import dev.corral.reconcile.node.Prober;
import dev.corral.reconcile.node.Seams;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodTemplate;
import dev.corral.reconcile.workload.Probe;
import dev.corral.reconcile.workload.ReplicaSet;
import dev.corral.reconcile.workload.ReplicaSetSpec;
import dev.corral.reconcile.workload.StatefulSet;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EndpointsTest {
    private static final Deployment WEB = Deployment.named("web")
            .replicas(3)
            .terminationGracePeriod(Duration.ofSeconds(20))
            .container(c -> c.command("serve").port("http").port("admin").readiness(Probe.http("http", "/healthz")));

    private final Cluster cluster = new Cluster();
    private final Endpoints endpoints = cluster.plane.endpoints(WEB);

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void areTheReadyPods() {
        assertThat(endpoints.list()).isEmpty();
        assertThat(endpoints.acquire()).isEmpty();
        cluster.deaf.add(20000);
        cluster.apply(WEB);
        assertThat(endpoints.list()).extracting(Endpoint::address).hasSize(2).doesNotContain(local(20000));
    }

    @Test
    void aLeaseTellsWhereToGo() {
        cluster.apply(WEB.replicas(1));
        try (Lease lease = endpoints.acquire().orElseThrow()) {
            assertThat(lease.address()).isEqualTo(local(20000));
            assertThat(lease.endpoint().address("admin")).isEqualTo(local(20001));
            assertThatThrownBy(() -> lease.endpoint().address("nope")).hasMessageContaining("[http, admin]");
        }
    }

    @Test
    void leasesSpreadOverThePods() {
        cluster.apply(WEB);
        Set<String> pods = new HashSet<>();
        try (Lease one = endpoints.acquire().orElseThrow();
                Lease two = endpoints.acquire().orElseThrow();
                Lease three = endpoints.acquire().orElseThrow()) {
            pods.add(one.endpoint().pod());
            pods.add(two.endpoint().pod());
            pods.add(three.endpoint().pod());
        }
        assertThat(pods).hasSize(3);
    }

    @Test
    void equalOnesHaveTheirTurnAndOneThatIsInUseComesLater() {
        cluster.apply(WEB);
        Set<String> pods = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            try (Lease lease = endpoints.acquire().orElseThrow()) {
                pods.add(lease.endpoint().pod());
            }
        }
        assertThat(pods).hasSize(3);
        try (Lease busy = endpoints.acquire().orElseThrow()) {
            for (int i = 0; i < 6; i++) {
                try (Lease lease = endpoints.acquire().orElseThrow()) {
                    assertThat(lease.endpoint().pod())
                            .isNotEqualTo(busy.endpoint().pod());
                }
            }
        }
    }

    /** Its agent may have found it without leases, and have sent the signal. */
    @Test
    void aPodThatIsMarkedBeforeItsLeaseCanBeSeenIsNotGivenOut() {
        cluster.apply(WEB.replicas(1));
        String pod = endpoints.list().get(0).pod();
        Store store = cluster.plane.store();
        NodeAgent other = new NodeAgent(
                "other",
                store,
                new Seams(cluster.runtime, question -> new Prober.Answer(true, ""), cluster.clock, cluster.tasks),
                EndpointsTest::silent);
        Endpoints late = new Endpoints(
                store,
                new Waiting(store, cluster.clock),
                other.rotation(),
                seen -> {
                    cluster.plane.delete(Pod.KIND, pod); // between the look at the pods and the lease
                    return LabelSelector.of("app", "web");
                },
                factory -> () -> {});
        assertThat(late.acquire()).isEmpty();
        assertThat(other.rotation()
                        .leases(store.snapshot()
                                .get(Pod.KIND, Key.of(pod))
                                .orElseThrow()
                                .metadata()
                                .uid()))
                .isZero();
    }

    private static Loop silent() {
        return (Loop) Proxy.newProxyInstance(
                Loop.class.getClassLoader(), new Class<?>[] {Loop.class}, (proxy, method, arguments) -> null);
    }

    @Test
    void aPodThatGoesIsOutOfRotationBeforeItsSignal() {
        cluster.apply(WEB.replicas(1));
        String pod = endpoints.list().get(0).pod();
        Lease lease = endpoints.acquire().orElseThrow();
        cluster.invariant = () -> assertThat(cluster.runtime.of(pod).terminated).isFalse();
        cluster.plane.delete(Pod.KIND, pod);
        assertThat(endpoints.list()).as("at once, before the agent has seen it").isEmpty();
        cluster.settle();
        assertThat(cluster.runtime.of(pod).terminated).isFalse();
        cluster.invariant = () -> {};
        lease.close();
        lease.close();
        cluster.settle();
        assertThat(cluster.runtime.of(pod).terminated).isTrue();
    }

    @Test
    void aLeaseIsWaitedForAQuarterOfTheGraceOnly() {
        cluster.apply(WEB.replicas(1));
        String pod = endpoints.list().get(0).pod();
        try (Lease lease = endpoints.acquire().orElseThrow()) {
            cluster.plane.delete(Pod.KIND, lease.endpoint().pod());
            cluster.advance(Duration.ofMillis(4_999));
            assertThat(cluster.runtime.of(pod).terminated).isFalse();
            cluster.advance(Duration.ofMillis(1));
            assertThat(cluster.runtime.of(pod).terminated).isTrue();
        }
    }

    @Test
    void waitingForAnEndpointEndsWithTheTime() throws InterruptedException {
        assertThat(endpoints.acquire(Duration.ZERO)).isEmpty();
        cluster.apply(WEB);
        assertThat(endpoints.acquire(Duration.ZERO)).isPresent();
    }

    @Test
    void aListenerIsToldOfEachChange() {
        List<EndpointView> views = new ArrayList<>();
        Subscription subscription = endpoints.watch(views::add);
        cluster.settle();
        assertThat(views).hasSize(1);
        assertThat(views.get(0).ready()).isEmpty();
        cluster.apply(WEB);
        assertThat(last(views).ready()).hasSize(3).isEqualTo(last(views).serving());
        String pod = last(views).ready().get(0).pod();
        cluster.runtime.obedient = container -> false;
        cluster.plane.delete(Pod.KIND, pod);
        cluster.settle();
        assertThat(last(views).ready()).extracting(Endpoint::pod).doesNotContain(pod);
        assertThat(last(views).terminating()).extracting(Endpoint::pod).containsExactly(pod);
        assertThat(last(views).serving()).extracting(Endpoint::pod).contains(pod);
        subscription.close();
        int told = views.size();
        cluster.advance(Duration.ofMinutes(1));
        assertThat(views).hasSize(told);
    }

    @Test
    void aPodGetsItsSignalOnlyWhenEveryListenerHasSeenThatItGoes() {
        cluster.apply(WEB.replicas(1));
        String pod = endpoints.list().get(0).pod();
        List<EndpointView> views = new ArrayList<>();
        endpoints.watch(view -> {
            assertThat(cluster.runtime.of(pod).terminated && views.size() < 2).isFalse();
            views.add(view);
        });
        cluster.settle();
        assertThat(last(views).ready()).extracting(Endpoint::pod).containsExactly(pod);
        cluster.invariant = () -> assertThat(cluster.runtime.of(pod).terminated && views.size() < 2)
                .isFalse();
        cluster.plane.delete(Pod.KIND, pod);
        cluster.settle();
        assertThat(cluster.runtime.of(pod).terminated).isTrue();
        assertThat(views.get(1).ready()).isEmpty();
    }

    @Test
    void replicaSetsAndStatefulSetsHaveThemToo() {
        StatefulSet db = StatefulSet.named("db")
                .replicas(2)
                .container(c -> c.command("store").port("sql"));
        cluster.apply(db);
        assertThat(cluster.plane.endpoints(db).list()).extracting(Endpoint::pod).containsExactly("db-0", "db-1");
        ReplicaSet set = new ReplicaSet(
                "plain",
                Map.of(),
                Map.of(),
                new ReplicaSetSpec(
                        2,
                        Duration.ZERO,
                        LabelSelector.of("app", "plain"),
                        new PodTemplate(Map.of("app", "plain"), PodSpec.empty().container(c -> c.command("serve")))));
        cluster.apply(set);
        assertThat(cluster.plane.endpoints(set).list()).hasSize(2);
    }

    private static EndpointView last(List<EndpointView> views) {
        return views.get(views.size() - 1);
    }

    private static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
