package dev.corral.reconcile.plane;

import static dev.corral.reconcile.workload.RollingUpdate.maxSurge;
import static dev.corral.reconcile.workload.RollingUpdate.maxUnavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.reconcile.InvalidSpec;
import dev.corral.reconcile.LabelSelector;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodTemplate;
import dev.corral.reconcile.workload.Probe;
import dev.corral.reconcile.workload.ReplicaSet;
import dev.corral.reconcile.workload.ReplicaSetSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeploymentTest {
    private static final Deployment WEB = Deployment.named("web")
            .replicas(3)
            .container(c -> c.command("serve", "$(PORT)").port("http").readiness(Probe.http("http", "/healthz")))
            .rollingUpdate(maxSurge(1), maxUnavailable(0));

    private final Cluster cluster = new Cluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void runsAsManyPodsAsWanted() {
        cluster.apply(WEB);
        assertThat(cluster.names(ReplicaSet.KIND)).hasSize(1);
        String set = cluster.names(ReplicaSet.KIND).get(0);
        assertThat(set).matches("web-[b-z2-9]+");
        assertThat(cluster.names(Pod.KIND)).containsExactly(set + "-0", set + "-1", set + "-2");
        assertThat(cluster.plane.get(WEB).orElseThrow())
                .matches(Deployment.AVAILABLE)
                .matches(Deployment.COMPLETE);
        assertThat(cluster.status(WEB).readyReplicas()).isEqualTo(3);
        assertThat(cluster.status(WEB).unavailableReplicas()).isZero();
        assertThat(cluster.runtime.live()).hasSize(3);
    }

    @Test
    void applyingTheSameAgainChangesNothing() {
        cluster.apply(WEB);
        long version = cluster.plane.store().snapshot().version();
        cluster.apply(WEB);
        assertThat(cluster.plane.store().snapshot().version()).isEqualTo(version);
    }

    @Test
    void isNotAvailableBeforeItsPodsAnswer() {
        cluster.deaf.addAll(Set.of(20000, 20001, 20002));
        cluster.apply(WEB).advance(Duration.ofMinutes(5));
        assertThat(cluster.plane.get(WEB).orElseThrow()).matches(Deployment.AVAILABLE.negate());
        cluster.deaf.remove(20001);
        cluster.advance(Duration.ofSeconds(10));
        assertThat(cluster.status(WEB).readyReplicas()).isEqualTo(1);
    }

    @Test
    void countsAPodAsAvailableOnlyAfterItWasReadyForLongEnough() {
        cluster.apply(WEB.minReady(Duration.ofSeconds(30)));
        assertThat(cluster.status(WEB).readyReplicas()).isEqualTo(3);
        assertThat(cluster.status(WEB).availableReplicas()).isZero();
        cluster.advance(Duration.ofSeconds(29));
        assertThat(cluster.status(WEB).availableReplicas()).isZero();
        cluster.advance(Duration.ofSeconds(1));
        assertThat(cluster.status(WEB).availableReplicas()).isEqualTo(3);
    }

    @Test
    void isNeitherCompleteNorAvailableByTheReadyTimeOfAnOlderGeneration() {
        cluster.apply(WEB).advance(Duration.ofSeconds(10));
        Deployment longer = WEB.minReady(Duration.ofSeconds(30));
        cluster.invariant = () -> assertThat(cluster.plane.get(longer).orElseThrow())
                .matches(Deployment.COMPLETE.negate())
                .matches(Deployment.AVAILABLE.negate());
        cluster.apply(longer).advance(Duration.ofSeconds(19));
        cluster.invariant = () -> {};
        cluster.advance(Duration.ofSeconds(1));
        assertThat(cluster.plane.get(longer).orElseThrow())
                .matches(Deployment.COMPLETE)
                .matches(Deployment.AVAILABLE);

        cluster.apply(WEB);
        assertThat(cluster.plane.get(WEB).orElseThrow()).matches(Deployment.COMPLETE);
    }

    @Test
    void replacesOnePodAtATimeAndNeverHasFewerThanThree() {
        cluster.apply(WEB);
        cluster.invariant = () -> {
            assertThat(cluster.pods().stream().filter(Pod::active).count()).isBetween(3L, 4L);
            assertThat(cluster.plane.endpoints(WEB).list()).hasSizeGreaterThanOrEqualTo(3);
            assertThat(cluster.status(WEB).available()).isTrue();
        };
        Deployment second = WEB.container(c -> c.env("VERSION", "2"));
        cluster.plane.apply(second);
        assertThat(cluster.plane.get(WEB).orElseThrow())
                .as("the status is of the generation before")
                .matches(Deployment.AVAILABLE.negate());
        cluster.settle();
        assertThat(cluster.plane.get(WEB).orElseThrow()).matches(Deployment.COMPLETE);
        assertThat(cluster.runtime.live())
                .hasSize(3)
                .allMatch(run -> !run.container.env().isEmpty());
        assertThat(cluster.names(ReplicaSet.KIND)).hasSize(2);
    }

    @Test
    void aTemplateThatNeverBecomesReadyLeavesTheOldPodsAlone() {
        cluster.apply(WEB);
        cluster.deaf.addAll(Set.of(20003, 20004, 20005));
        cluster.apply(WEB.container(c -> c.env("VERSION", "2"))).advance(Duration.ofHours(1));
        assertThat(cluster.pods()).hasSize(4);
        assertThat(cluster.plane.endpoints(WEB).list()).hasSize(3);
        assertThat(cluster.plane.get(WEB).orElseThrow())
                .matches(Deployment.AVAILABLE)
                .matches(Deployment.COMPLETE.negate());
    }

    @Test
    void goingBackUsesTheReplicaSetThatIsThere() {
        cluster.apply(WEB);
        Set<String> before = uids();
        cluster.apply(WEB.container(c -> c.env("VERSION", "2"))).apply(WEB);
        assertThat(cluster.plane.get(WEB).orElseThrow()).matches(Deployment.COMPLETE);
        assertThat(cluster.names(ReplicaSet.KIND)).hasSize(2);
        assertThat(uids()).containsAll(before);
    }

    @Test
    void keepsOnlySoManyOldReplicaSets() {
        Deployment web = WEB.spec(spec -> spec.revisionHistoryLimit(2));
        for (int version = 0; version < 6; version++) {
            String text = Integer.toString(version);
            cluster.apply(web.container(c -> c.env("VERSION", text)));
        }
        cluster.apply(web.replicas(2).container(c -> c.env("VERSION", "5")));
        assertThat(cluster.names(ReplicaSet.KIND)).hasSize(3);
    }

    @Test
    void scalesUpAndDown() {
        cluster.apply(WEB).apply(WEB.replicas(5));
        assertThat(cluster.runtime.live()).hasSize(5);
        cluster.deaf.add(20001);
        cluster.advance(Duration.ofSeconds(30));
        cluster.apply(WEB.replicas(4));
        assertThat(cluster.runtime.live())
                .as("the pod that serves least goes first")
                .hasSize(4)
                .noneMatch(run -> run.ports.containsValue(20001));
        cluster.apply(WEB.replicas(0));
        assertThat(cluster.pods()).isEmpty();
        assertThat(cluster.plane.get(WEB).orElseThrow()).matches(Deployment.COMPLETE);
    }

    @Test
    void aPodThatIsDeletedIsReplaced() {
        cluster.apply(WEB);
        String first = cluster.pods().get(0).name();
        cluster.runtime.obedient = container -> false;
        cluster.plane.delete(Pod.KIND, first);
        cluster.settle();
        assertThat(cluster.pods()).as("its name is not free yet").hasSize(4);
        assertThat(cluster.plane.endpoints(WEB).list()).hasSize(3);
        cluster.advance(Duration.ofSeconds(30));
        assertThat(cluster.pods()).hasSize(3).noneMatch(pod -> pod.name().equals(first));
    }

    @Test
    void deletingItEndsEverything() {
        cluster.apply(WEB);
        assertThat(cluster.plane.delete(WEB)).isTrue();
        assertThat(cluster.plane.delete(WEB)).isFalse();
        cluster.settle();
        assertThat(cluster.plane.store().snapshot().all())
                .extracting(Resource::title)
                .containsExactly("Node default/local");
        assertThat(cluster.runtime.live()).isEmpty();
        assertThat(cluster.runtime.runs).allMatch(run -> run.terminated && run.closed);
    }

    @Test
    void aLongNameIsCutSoThatPodsHaveHostNames() {
        Deployment longest = Deployment.named("a".repeat(63)).replicas(2).container(c -> c.command("serve"));
        cluster.apply(longest);
        assertThat(cluster.names(Pod.KIND)).hasSize(2).allMatch(name -> name.length() <= 63);
        assertThat(cluster.plane.get(longest).orElseThrow()).matches(Deployment.COMPLETE);
    }

    @Test
    void aNameThatIsTakenIsAvoided() {
        cluster.apply(WEB);
        ReplicaSet taken = new ReplicaSet(
                cluster.names(ReplicaSet.KIND).get(0),
                Map.of(),
                new ReplicaSetSpec(
                        1,
                        Duration.ZERO,
                        LabelSelector.of("app", "other"),
                        new PodTemplate(Map.of("app", "other"), PodSpec.empty().container(c -> c.command("other")))));
        cluster.plane.delete(WEB);
        cluster.settle();
        cluster.apply(taken).apply(WEB);
        assertThat(cluster.plane.get(WEB).orElseThrow()).matches(Deployment.COMPLETE);
        assertThat(cluster.names(ReplicaSet.KIND)).hasSize(2);
        assertThat(cluster.status(WEB).collisionCount()).isEqualTo(1);
        assertThat(cluster.runtime.live()).hasSize(4);
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        Deployment wrong = Deployment.named("web")
                .replicas(-1)
                .container("Main", c -> c.port("http").port("http").memory("0").pids(0))
                .container("other", c -> c.command("x", "a\0b").readiness(Probe.tcp("nope")))
                .template(template -> template.label("app", "other"))
                .rollingUpdate(maxSurge(0), maxUnavailable(0));
        assertThatThrownBy(() -> cluster.plane.apply(wrong))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContainingAll(
                        "spec.replicas: -1: it must be 0 or more",
                        "spec.strategy.rollingUpdate: 'maxSurge 0, maxUnavailable 0'",
                        "spec.selector: {app=web}: it does not match the template's labels {app=other}",
                        "spec.template.spec.containers[0].name: 'Main' is not a DNS label",
                        "spec.template.spec.containers[0].command: []: it must name a program",
                        "spec.template.spec.containers[0].ports[1].name: 'http': another port has this name",
                        "spec.template.spec.containers[0].resources.limits.memory: 0: it must be between 1 and",
                        "spec.template.spec.containers[0].resources.limits.pids: 0: it must be between 1 and",
                        "spec.template.spec.containers[1].command[1]: 'a\\0b': it must not contain a NUL",
                        "spec.template.spec.containers[1].readinessProbe.port: 'nope': the container has no port");
        assertThatThrownBy(() -> cluster.plane.apply(Deployment.named("Web_1")))
                .hasMessageContainingAll("metadata.name: 'Web_1' is not a DNS label", "a pod needs a container");
        assertThat(cluster.names(Deployment.KIND)).isEmpty();
    }

    @Test
    void aSelectorThatClaimsEverythingOrChangesIsRefused() {
        assertThatThrownBy(() -> cluster.plane.apply(WEB.spec(spec -> spec.selector(LabelSelector.everything()))))
                .hasMessageContaining("an empty selector would claim every pod");
        cluster.apply(WEB);
        assertThatThrownBy(() -> cluster.plane.apply(WEB.spec(
                        spec -> spec.selector(LabelSelector.of("tier", "x")).template(tier(spec.template())))))
                .hasMessageContaining("spec.selector: ")
                .hasMessageContaining("it can't be changed");
    }

    private static PodTemplate tier(PodTemplate template) {
        return template.label("tier", "x");
    }

    private Set<String> uids() {
        return cluster.plane.list(ReplicaSet.KIND).stream()
                .map(set -> set.metadata().uid())
                .collect(Collectors.toSet());
    }

    @Test
    void aKindOfOnesOwnMayUseDeployments() {
        try (Cluster sites = new Cluster(local -> local.controller(WebSites.WEBSITE, WebSites::reconcile))) {
            sites.apply(WebSites.site("home", 3));
            assertThat(sites.plane
                            .get(WebSites.WEBSITE, "home")
                            .map(site -> site.status().ready()))
                    .contains(3);
            sites.apply(WebSites.site("home", 1));
            assertThat(sites.runtime.live()).hasSize(1);
            assertThat(List.copyOf(sites.runtime.live()).get(0).container.command())
                    .contains("/srv/home");
            sites.plane.delete(WebSites.WEBSITE, "home");
            sites.settle();
            assertThat(sites.pods().stream().map(Resource::name)).isEmpty();
        }
    }
}
