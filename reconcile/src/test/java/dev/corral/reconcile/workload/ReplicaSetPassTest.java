package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Conditions;
import dev.corral.reconcile.LabelSelector;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Single passes over a ReplicaSet. */
class ReplicaSetPassTest {
    private static final Map<String, String> LABELS = Map.of("app", "web");

    private final Stage stage = new Stage();

    private static ReplicaSet web(int replicas) {
        return ReplicaSet.named("web").replicas(replicas).container(c -> c.command("serve"));
    }

    private Plan<ReplicaSetStatus> pass(String name) throws Exception {
        return stage.plan(ReplicaSet.KIND, name, ReplicaSetController::reconcile);
    }

    private static PodSpec on(String node) {
        return PodSpec.empty().container(c -> c.command("serve")).nodeName(node);
    }

    /** So that a template which is refused costs one refusal. */
    @ParameterizedTest(name = "of {0} there are {1}: {2} are made")
    @CsvSource({"10, 0, 1", "10, 1, 2", "10, 3, 4", "10, 7, 3", "10, 10, 0"})
    void eachSeriesIsTwiceAsLong(int wanted, int there, int created) throws Exception {
        var set = stage.put(web(wanted));
        for (int i = 0; i < there; i++) {
            stage.pod(set, "pod-" + i, LABELS, on("n"), 'a');
        }
        Plan<ReplicaSetStatus> plan = pass("web");
        assertThat(plan.listed()).hasSize(created);
        assertThat(plan.status().orElseThrow().replicas()).isEqualTo(there + created);
    }

    @Test
    void afterARefusalItBeginsWithOneAgain() throws Exception {
        var set = stage.put(web(10));
        for (int i = 0; i < 3; i++) {
            stage.pod(set, "pod-" + i, LABELS, on("n"), 'a');
        }
        Condition failure = new Condition(
                ReplicaSetStatus.REPLICA_FAILURE, Condition.Status.TRUE, "FailedCreate", "", 1, Instant.EPOCH);
        stage.status(
                stage.found(ReplicaSet.KIND, "web"),
                new ReplicaSetStatus(1, 3, 3, 3, 3, 0, Conditions.none().with(failure)));
        assertThat(pass("web").listed()).hasSize(1);
    }

    @ParameterizedTest(name = "of {0} too many {1} go at once")
    @CsvSource({"500, 500", "501, 500"})
    void soManyGoInOnePass(int surplus, int deleted) throws Exception {
        var set = stage.put(web(0));
        for (int i = 0; i < surplus; i++) {
            stage.pod(set, "pod-" + i, LABELS, on("n"), 'p');
        }
        Plan<ReplicaSetStatus> plan = pass("web");
        assertThat(plan.deleted()).hasSize(deleted);
        assertThat(plan.status().orElseThrow())
                .returns(surplus - deleted, ReplicaSetStatus::replicas)
                .returns(deleted, ReplicaSetStatus::terminatingReplicas);
    }

    @Test
    void fullyLabelledIsWhatHasTheTemplatesLabelsWithTheirValues() throws Exception {
        ReplicaSet web = web(3);
        Map<String, String> all = Map.of("app", "web", "tier", "front");
        var set = stage.put(new ReplicaSet(
                "web",
                web.labels(),
                web.spec()
                        .selector(LabelSelector.of("app", "web"))
                        .template(new PodTemplate(all, web.spec().template().spec()))));
        stage.pod(set, "all", all, on("n"), 'a');
        stage.pod(set, "other", Map.of("app", "web", "tier", "back"), on("n"), 'a');
        stage.pod(set, "less", LABELS, on("n"), 'a');
        assertThat(pass("web").status().orElseThrow())
                .returns(3, ReplicaSetStatus::replicas)
                .returns(1, ReplicaSetStatus::fullyLabeledReplicas);
    }

    /** The ReplicaSets of one Deployment count together. */
    @Test
    void aPodOnANodeWithMoreOfItsDeploymentGoesFirst() throws Exception {
        var deployment = stage.put(Deployment.named("shop").container(c -> c.command("serve")));
        stage.child(deployment, web(1));
        ReplicaSet other = new ReplicaSet("other", web(1).labels(), web(1).spec());
        stage.child(deployment, other);
        Resource<ReplicaSetSpec, ReplicaSetStatus> set = stage.found(ReplicaSet.KIND, "web");
        stage.pod(set, "alone", LABELS, on("one"), 'a');
        stage.pod(set, "crowded", LABELS, on("two"), 'a');
        stage.pod(stage.found(ReplicaSet.KIND, "other"), "crowd", LABELS, on("two"), 'a');
        assertThat(pass("web").deleted()).extracting(Resource::name).containsExactly("crowded");
    }

    @Test
    void itWakesWhenTheNextPodBecomesAvailable() throws Exception {
        var set = stage.put(new ReplicaSet("web", web(1).labels(), web(1).spec().minReady(Duration.ofMinutes(5))));
        stage.pod(set, "young", LABELS, on("n"), 'a');
        Plan<ReplicaSetStatus> plan = pass("web");
        assertThat(plan.status().orElseThrow())
                .returns(1, ReplicaSetStatus::readyReplicas)
                .returns(0, ReplicaSetStatus::availableReplicas);
        assertThat(plan.wake(Instant.EPOCH)).contains(Instant.parse("2026-01-01T00:05:01Z"));
    }
}
