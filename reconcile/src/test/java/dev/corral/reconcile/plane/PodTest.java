package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.InvalidSpec;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.workload.ContainerState;
import dev.corral.reconcile.workload.ContainerState.Running;
import dev.corral.reconcile.workload.ContainerStatus;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodPhase;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.Probe;
import dev.corral.reconcile.workload.RestartPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodTest {
    private static final Pod WEB = Pod.named("web")
            .container(c -> c.command("serve").port("http"))
            .terminationGracePeriod(Duration.ofSeconds(20));

    private final Cluster cluster = new Cluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void isReadyAsSoonAsItRunsWithoutAProbe() {
        cluster.apply(WEB);
        assertThat(cluster.pod("web").ready()).isTrue();
        assertThat(container().state()).isEqualTo(new Running(Cluster.START));
        assertThat(container().ports()).containsEntry("http", 20000);
        assertThat(cluster.plane.logs("web", "main")).contains("output of web");
        assertThat(cluster.plane.logs("other", "main")).isEmpty();
    }

    @Test
    void aContainerThatKeepsEndingWaitsLongerEachTime() {
        cluster.apply(WEB);
        List<Integer> starts = new ArrayList<>();
        for (int second = 0; second < 700; second++) {
            cluster.runtime.live().forEach(run -> {
                run.exit(1);
                starts.add((int)
                        Duration.between(Cluster.START, cluster.clock.now()).toSeconds());
            });
            cluster.settle();
            assertThat(cluster.pod("web").phase()).isEqualTo(PodPhase.RUNNING);
            if (cluster.runtime.live().isEmpty()) {
                assertThat(container().state().reason()).isEqualTo(ContainerState.CRASH_LOOP_BACK_OFF);
                assertThat(container().lastState().orElseThrow().exitCode()).isEqualTo(1);
            }
            cluster.advance(Duration.ofSeconds(1));
        }
        // The second start, at 0, is seen to end only at 1: from then on 10, 20, 40, 80, 160 and 300 s.
        assertThat(starts).containsExactly(0, 1, 11, 31, 71, 151, 311, 611);
        assertThat(container().restartCount()).isEqualTo(7);
    }

    @Test
    void isReadyOnceSomebodyOpensItsGateAndUntilItIsClosed() {
        cluster.apply(WEB.spec(pod -> pod.readinessGate("example.com/open")));
        assertThat(cluster.pod("web").ready()).isFalse();
        gate(Condition.Status.TRUE);
        assertThat(cluster.pod("web").ready()).isTrue();
        gate(Condition.Status.FALSE);
        assertThat(cluster.pod("web").ready()).isFalse();
        gate(Condition.Status.TRUE);
        assertThat(cluster.pod("web").ready()).isTrue();
    }

    private void gate(Condition.Status status) {
        Resource<PodSpec, PodStatus> pod = cluster.pods().get(0);
        Condition gate = new Condition("example.com/open", status, "", "", 1, cluster.clock.now());
        cluster.plane
                .store()
                .updateStatus(pod.status(
                        pod.status().conditions(pod.status().conditions().with(gate))))
                .orThrow();
        cluster.settle();
    }

    /** Not while it may only be starting, and then ever less often. */
    @ParameterizedTest(name = "after {0} s it was told {1} times")
    @CsvSource({"9, 0", "10, 1", "29, 1", "30, 2", "70, 3", "310, 5"})
    void aProbeThatNeverSucceedsIsTold(int seconds, int times) {
        cluster.deaf.add(20000);
        cluster.apply(WEB.container(c -> c.readiness(Probe.http("http", "/")))).advance(Duration.ofSeconds(seconds));
        assertThat(unhealthy()).isEqualTo(times);
        cluster.deaf.clear();
        cluster.advance(Duration.ofSeconds(10));
        assertThat(cluster.pod("web").ready()).isTrue();
        cluster.advance(Duration.ofMinutes(10));
        assertThat(unhealthy()).isEqualTo(times);
    }

    private int unhealthy() {
        return cluster.plane.events().stream()
                .filter(event -> event.reason().equals("Unhealthy"))
                .mapToInt(event -> event.count())
                .sum();
    }

    @Test
    void eachStartHasPortsOfItsOwn() {
        cluster.apply(WEB);
        cluster.runtime.of("web").exit(0);
        cluster.settle();
        assertThat(container().ports()).containsEntry("http", 20001);
        assertThat(cluster.runtime.runs).hasSize(2);
        assertThat(cluster.runtime.runs.get(0).closed)
                .as("what it left is removed before the next start")
                .isTrue();
    }

    @Test
    void whatCannotBeStartedIsTriedAgainUnderBackOff() {
        cluster.runtime.startable = container -> false;
        cluster.apply(WEB).advance(Duration.ofSeconds(9));
        assertThat(container().state().reason()).isEqualTo(ContainerState.CRASH_LOOP_BACK_OFF);
        assertThat(container().lastState().orElseThrow())
                .returns(ContainerState.START_ERROR, ContainerState.Terminated::reason)
                .returns("no such program: serve", ContainerState.Terminated::message);
        assertThat(container().restartCount()).isEqualTo(1);
        cluster.runtime.startable = container -> true;
        cluster.advance(Duration.ofSeconds(1));
        assertThat(cluster.pod("web").ready()).isTrue();
    }

    @Test
    void readinessFollowsTheProbe() {
        Pod probed = WEB.container(c -> c.readiness(Probe.http("http", "/")
                .initialDelay(Duration.ofSeconds(5))
                .period(Duration.ofSeconds(2))
                .successThreshold(2)));
        cluster.apply(probed).advance(Duration.ofSeconds(6));
        assertThat(cluster.pod("web").ready()).isFalse();
        cluster.advance(Duration.ofSeconds(1));
        assertThat(cluster.pod("web").readySince()).contains(Cluster.START.plusSeconds(7));
        cluster.deaf.add(20000);
        cluster.advance(Duration.ofSeconds(4));
        assertThat(cluster.pod("web").ready()).as("two failures").isTrue();
        cluster.advance(Duration.ofSeconds(2));
        assertThat(cluster.pod("web").ready()).as("three failures").isFalse();
        assertThat(cluster.pod("web").phase()).isEqualTo(PodPhase.RUNNING);
    }

    @Test
    void aRunThatHasNotAnsweredYetIsAskedAgainSoonAndOnlyItsReadinessMayComeOfIt() {
        cluster.deaf.add(20000);
        cluster.deaf.add(20001);
        cluster.apply(WEB.container(c -> c.readiness(Probe.http("http", "/"))));
        PodStatus asked = cluster.pod("web");
        cluster.advance(Duration.ofSeconds(5));
        assertThat(cluster.pod("web")).as("some failures in a row").isEqualTo(asked);
        assertThat(asked.ready()).isFalse();

        cluster.runtime.of("web").exit(1);
        cluster.settle().advance(Duration.ofMillis(250));
        cluster.deaf.clear();
        cluster.advance(Duration.ofMillis(49));
        assertThat(cluster.pod("web").ready()).isFalse();
        cluster.advance(Duration.ofMillis(1));
        assertThat(cluster.pod("web").ready())
                .as("asked after 0, 100 and 300 ms")
                .isTrue();

        cluster.deaf.add(20001);
        cluster.advance(Duration.ofSeconds(29));
        assertThat(cluster.pod("web").ready()).as("two failures, 10 s apart").isTrue();
        cluster.advance(Duration.ofSeconds(1));
        assertThat(cluster.pod("web").ready()).isFalse();
    }

    @Test
    void aNewRunIsNotReadyBeforeItsOwnFirstAnswer() {
        Pod probed = WEB.container(c -> c.readiness(Probe.http("http", "/")));
        cluster.apply(probed);
        assertThat(cluster.pod("web").ready()).isTrue();
        cluster.deaf.add(20001);
        cluster.runtime.of("web").exit(1);
        cluster.settle();
        assertThat(cluster.pod("web").ready()).isFalse();
        assertThat(container().state()).isInstanceOf(Running.class);
    }

    @Test
    void asksNobodyAfterTheEnd() {
        Pod probed = WEB.restartPolicy(RestartPolicy.NEVER).container(c -> c.readiness(Probe.tcp("http")));
        cluster.apply(probed);
        cluster.runtime.of("web").exit(0);
        cluster.settle();
        assertThat(cluster.pod("web").phase()).isEqualTo(PodPhase.SUCCEEDED);
        assertThat(cluster.clock.next().filter(next -> next.isBefore(Cluster.START.plusSeconds(3600))))
                .isEmpty();
    }

    @Test
    void endsWithinItsGrace() {
        cluster.runtime.obedient = container -> false;
        cluster.apply(WEB);
        cluster.plane.delete(WEB);
        cluster.advance(Duration.ofSeconds(19));
        assertThat(cluster.runtime.of("web").terminated).isTrue();
        assertThat(cluster.runtime.of("web").closed).isFalse();
        assertThat(cluster.plane.get(WEB)).isPresent();
        cluster.advance(Duration.ofSeconds(1));
        assertThat(cluster.runtime.of("web").closed).isTrue();
        assertThat(cluster.plane.get(WEB)).isEmpty();
    }

    @Test
    void changingAContainerRestartsItAfterItHasLeftTheEndpointsAndItsLeasesAreGivenBack() {
        Pod web = WEB.label("app", "web");
        Endpoints endpoints = cluster.plane.endpoints(Deployment.named("web"));
        List<Integer> endpointsAtSignal = new ArrayList<>();
        cluster.runtime.obedient =
                container -> endpointsAtSignal.add(endpoints.list().size());
        cluster.apply(web);
        Lease lease = endpoints.acquire().orElseThrow();
        cluster.apply(web.container(c -> c.env("VERSION", "2")));
        assertThat(endpoints.acquire()).isEmpty();
        assertThat(cluster.runtime.of("web").terminated).isFalse();

        lease.close();
        cluster.settle();
        assertThat(endpointsAtSignal).containsExactly(0);
        assertThat(cluster.runtime.live())
                .singleElement()
                .matches(run -> !run.container.env().isEmpty());
        assertThat(container().restartCount()).isEqualTo(1);
        assertThat(container().lastState().orElseThrow().exitCode())
                .as("not killed")
                .isEqualTo(143);
        assertThat(cluster.pod("web").ready()).isTrue();
    }

    @Test
    void aChangedContainerThatIgnoresItsSignalIsKilledAtTheEndOfTheGrace() {
        cluster.apply(WEB);
        cluster.runtime.obedient = container -> false;
        cluster.apply(WEB.container(c -> c.env("VERSION", "2"))).advance(Duration.ofSeconds(19));
        assertThat(cluster.runtime.of("web").terminated).isTrue();
        assertThat(cluster.runtime.of("web").closed).isFalse();
        cluster.advance(Duration.ofSeconds(1));
        assertThat(cluster.runtime.runs.get(0).closed).isTrue();
        assertThat(cluster.pod("web").ready()).isTrue();
    }

    @Test
    void containersCannotBeAddedNorRemoved() {
        cluster.apply(WEB);
        assertThatThrownBy(() -> cluster.plane.apply(WEB.container("other", c -> c.command("other"))))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContaining("spec.containers: [main, other]: containers can't be added nor removed");
    }

    @Test
    void limitsThatTheHostCannotEnforceAreACondition() {
        cluster.runtime.dropped = List.of("memory 256 MiB: not delegated");
        cluster.apply(WEB);
        assertThat(cluster.pod("web").conditions().get(PodStatus.LIMITS_ENFORCED))
                .get()
                .matches(condition -> !condition.holds() && condition.message().contains("not delegated"));
    }

    @Test
    void anEmptyPodAndANameThatIsNoHostNameAreRefused() {
        assertThatThrownBy(() -> cluster.plane.apply(Pod.named("a.b")))
                .hasMessageContainingAll("metadata.name: 'a.b' is not a DNS label", "spec.containers: []");
    }

    @Test
    void eventsTellWhatHappened() {
        cluster.runtime.dropped = List.of("memory 256 MiB: not delegated");
        cluster.apply(WEB);
        cluster.runtime.of("web").exit(1);
        cluster.settle();
        cluster.plane.delete(WEB);
        cluster.settle();
        assertThat(cluster.plane.events())
                .extracting(
                        event -> event.type() + " " + event.reason() + ": " + event.message() + " x" + event.count())
                .containsExactly(
                        "NORMAL Started: container main runs, start 1 x1",
                        "WARNING Error: container main: exited 1 x1",
                        "NORMAL Started: container main runs, start 2 x1",
                        "WARNING LimitsNotEnforced: memory 256 MiB: not delegated x2",
                        "NORMAL Stopping: container main is asked to end: its pod ends x1",
                        "NORMAL Stopped: container main: exited 143 x1");
    }

    @Test
    void twoContainersCannotHaveTheSamePort() {
        assertThatThrownBy(() -> cluster.plane.apply(
                        WEB.container("other", c -> c.command("other").port("http"))))
                .hasMessageContaining("spec.containers[1].ports[0].name: 'http': another port has this name");
    }

    private ContainerStatus container() {
        return cluster.pod("web").container("main").orElseThrow();
    }
}
