package dev.corral.reconcile.workload;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Conditions;
import dev.corral.reconcile.Context;
import dev.corral.reconcile.LabelSelector;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.testing.Script;
import dev.corral.reconcile.testing.Simulation;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the rules of a Deployment begin to hold, and where they end. */
class DeploymentFencepostsTest {
    private static final Deployment WEB = Deployment.named("web")
            .replicas(2)
            .container(c -> c.command("serve", "$(PORT)").port("http").readiness(Probe.http("http", "/")));

    private static Deployment version(Deployment web, int version) {
        return web.container(c -> c.env("VERSION", Integer.toString(version)));
    }

    private static DeploymentStatus status(Simulation world) {
        return world.get(Deployment.KIND, "web").status();
    }

    private static String progressing(Simulation world) {
        return status(world)
                .conditions()
                .get(DeploymentStatus.PROGRESSING)
                .map(condition -> condition.status() + " " + condition.reason())
                .orElse("none");
    }

    /** Its pods become ready after a minute from the second version on never. */
    @ParameterizedTest(name = "deadline {0} s, {1} s after the change: {2}")
    @CsvSource({
        "100, 0, TRUE ReplicaSetUpdated",
        "100, 100, TRUE ReplicaSetUpdated",
        "100, 101, FALSE ProgressDeadlineExceeded",
        "100, 3600, FALSE ProgressDeadlineExceeded",
        "-, 3600, TRUE ReplicaSetUpdated",
    })
    void aRolloutWithoutProgressFailsJustAfterItsDeadline(String deadline, long seconds, String condition) {
        Optional<Duration> limit =
                deadline.equals("-") ? Optional.empty() : Optional.of(ofSeconds(Long.parseLong(deadline)));
        Deployment web = WEB.spec(spec -> spec.progressDeadline(limit));
        Simulation world = Simulation.ofWorkloads()
                .processes((identity, container) -> container.env().isEmpty()
                        ? Script.server()
                        : Script.server().readyAfter(Duration.ofDays(9)))
                .apply(web)
                .settle()
                .apply(version(web, 2))
                .advance(ofSeconds(seconds));
        assertThat(progressing(world)).isEqualTo(condition);
        assertThat(status(world).available()).as("the old pods serve").isTrue();
    }

    @Test
    void aCompleteRolloutNeverTimesOut() {
        Simulation world = Simulation.ofWorkloads()
                .apply(WEB.progressDeadline(ofSeconds(10)))
                .settle();
        world.delete(Pod.KIND, world.names(Pod.KIND).get(0)).advance(ofMinutes(10));
        assertThat(progressing(world)).isEqualTo("TRUE NewReplicaSetAvailable");
    }

    /** It becomes ready shortly before the deadline, and available long after it. */
    @Test
    void aPodThatBecomesReadyIsProgressAlthoughItIsNotAvailableYet() {
        Deployment web = WEB.replicas(1)
                .spec(spec -> spec.minReady(ofSeconds(80)).progressDeadline(Optional.of(ofSeconds(100))));
        Simulation world = Simulation.ofWorkloads()
                .processes((identity, container) -> container.env().isEmpty()
                        ? Script.server()
                        : Script.server().readyAfter(ofSeconds(90)))
                .apply(web)
                .advance(ofSeconds(90))
                .apply(version(web, 2))
                .advance(ofSeconds(130));
        assertThat(progressing(world)).isEqualTo("TRUE ReplicaSetUpdated");
        assertThat(status(world).readyReplicas()).isEqualTo(2);
        world.advance(ofSeconds(60));
        assertThat(progressing(world)).isEqualTo("TRUE NewReplicaSetAvailable");
    }

    /** Else two that were adopted would take turns. */
    @Test
    void ofTwoReplicaSetsWithItsTemplateTheOlderOneIsThePresentOne() {
        Simulation world = Simulation.ofWorkloads().apply(WEB).advance(ofSeconds(10));
        Resource<ReplicaSetSpec, ReplicaSetStatus> first =
                world.list(ReplicaSet.KIND).get(0);
        world.apply(new ReplicaSet(
                        "a-twin", first.metadata().labels(), first.spec().replicas(0)))
                .advance(ofMinutes(1));
        assertThat(world.get(ReplicaSet.KIND, "a-twin").metadata().owner())
                .as("adopted")
                .isPresent();
        assertThat(world.get(ReplicaSet.KIND, "a-twin").spec().replicas()).isZero();
        assertThat(world.get(ReplicaSet.KIND, first.name()).spec().replicas()).isEqualTo(2);
    }

    @Test
    void aPauseStopsTheClockOfProgressAndAResumeStartsItAnew() {
        Deployment web = WEB.progressDeadline(ofSeconds(100));
        Simulation world = Simulation.ofWorkloads()
                .processes((identity, container) -> container.env().isEmpty()
                        ? Script.server()
                        : Script.server().readyAfter(Duration.ofDays(9)))
                .apply(web)
                .settle()
                .apply(version(web, 2))
                .advance(ofSeconds(90))
                .apply(version(web, 2).paused(true))
                .advance(ofMinutes(60));
        assertThat(progressing(world)).isEqualTo("UNKNOWN DeploymentPaused");
        world.apply(version(web, 2)).advance(ofSeconds(99));
        assertThat(progressing(world)).isEqualTo("UNKNOWN DeploymentResumed");
        world.advance(ofSeconds(2));
        assertThat(progressing(world)).isEqualTo("FALSE ProgressDeadlineExceeded");
    }

    @ParameterizedTest(name = "of five versions and a limit of {0} there are {1}")
    @CsvSource({"0, 5", "1, 4 5", "3, 2 3 4 5", "4, 1 2 3 4 5", "10, 1 2 3 4 5"})
    void soManyOldRevisionsAreKept(int limit, String kept) {
        Simulation world = Simulation.ofWorkloads();
        for (int version = 1; version <= 5; version++) {
            world.apply(version(WEB.revisionHistoryLimit(limit), version)).settle();
        }
        assertThat(world.list(ReplicaSet.KIND).stream()
                        .map(set -> set.spec()
                                .template()
                                .spec()
                                .containers()
                                .get(0)
                                .env()
                                .get(0)
                                .value())
                        .sorted()
                        .collect(Collectors.joining(" ")))
                .isEqualTo(kept);
    }

    /** In the middle of a rollout of ten that stands still, at 8 old and 5 new ones. */
    @ParameterizedTest(name = "ten become {0}: {1} old, {2} new")
    @CsvSource({"20, 15, 10", "10, 8, 5", "0, 0, 0"})
    void aSizeThatChangesIsSharedOut(int replicas, int old, int fresh) {
        Simulation world = Simulation.ofWorkloads()
                .processes((identity, container) -> container.env().isEmpty()
                        ? Script.server()
                        : Script.server().readyAfter(Duration.ofDays(9)))
                .apply(WEB.replicas(10))
                .settle()
                .apply(version(WEB.replicas(10), 2))
                .advance(ofMinutes(1));
        assertThat(sizes(world)).isEqualTo("8 5");
        world.apply(version(WEB.replicas(replicas), 2)).advance(ofMinutes(1));
        assertThat(sizes(world)).isEqualTo(old + " " + fresh);
    }

    private static String sizes(Simulation world) {
        return world.list(ReplicaSet.KIND).stream()
                .sorted((one, other) -> ReplicaSets.revision(one) - ReplicaSets.revision(other))
                .map(set -> Integer.toString(set.spec().replicas()))
                .collect(Collectors.joining(" "));
    }

    /** Why pods of the ReplicaSets can't be made; the present one's reason counts first. */
    @ParameterizedTest(name = "old {0}, new {1}: {2}")
    @CsvSource({"-, -, -", "old, -, old", "-, new, new", "old, new, new"})
    void tellsWhatItsReplicaSetsCantDo(String old, String fresh, String told) throws Exception {
        Stage stage = new Stage();
        Resource<DeploymentSpec, DeploymentStatus> web = stage.put(WEB);
        failing(stage, web, old);
        Resource<DeploymentSpec, DeploymentStatus> changed = stage.put(version(WEB, 2));
        failing(stage, changed, fresh);
        DeploymentStatus status = stage.plan(Deployment.KIND, "web", DeploymentController::reconcile)
                .status()
                .orElseThrow();
        assertThat(status.conditions()
                        .get(ReplicaSetStatus.REPLICA_FAILURE)
                        .map(Condition::message)
                        .orElse("-"))
                .isEqualTo(told);
    }

    private static void failing(Stage stage, Resource<DeploymentSpec, DeploymentStatus> web, String why)
            throws Exception {
        ReplicaSet set = stage.plan(Deployment.KIND, "web", DeploymentController::reconcile).listed().stream()
                .filter(ReplicaSet.class::isInstance)
                .map(ReplicaSet.class::cast)
                .filter(listed -> listed.spec().template().sameAs(web.spec().template()))
                .findFirst()
                .orElseThrow();
        stage.child(web, set);
        Condition failure = new Condition(
                ReplicaSetStatus.REPLICA_FAILURE, Condition.Status.TRUE, "FailedCreate", why, 1, Instant.EPOCH);
        Conditions conditions =
                why.equals("-") ? Conditions.none() : Conditions.none().with(failure);
        stage.status(stage.found(ReplicaSet.KIND, set.name()), new ReplicaSetStatus(1, 0, 0, 0, 0, 0, conditions));
    }

    @Test
    void aRefusedPassSaysWhatItWasAbout() {
        Stage stage = new Stage();
        Resource<ReplicaSetSpec, ReplicaSetStatus> set =
                stage.put(ReplicaSet.named("web").container(c -> c.command("serve")));
        Context<ReplicaSetSpec, ReplicaSetStatus> context = stage.context(set);
        assertThat(ReplicaSetController.refused(context, new IllegalStateException("no more"))
                        .orElseThrow()
                        .conditions()
                        .get(ReplicaSetStatus.REPLICA_FAILURE))
                .get()
                .matches(failure -> failure.reason().equals("FailedCreate"))
                .matches(failure -> failure.message().equals("no more"));
    }

    /** A pod that is there already, by its label; the ReplicaSet wants one of {@code app=web} that isn't a canary. */
    @ParameterizedTest(name = "{0}: adopted {1}, {2} pods")
    @CsvSource({
        "app=web, true, 1",
        "app=web tier=x, true, 1",
        "app=other, false, 2",
        "app=web canary=yes, false, 2",
    })
    void takesWhatItsSelectorMatchesAndNobodyOwns(String labels, boolean adopted, int pods) {
        Pod orphan = Pod.named("orphan").container(c -> c.command("serve"));
        for (String label : labels.split(" ", -1)) {
            orphan = orphan.label(label.split("=", -1)[0], label.split("=", -1)[1]);
        }
        Simulation world =
                Simulation.ofWorkloads().apply(orphan).settle().apply(set()).settle();
        assertThat(world.get(Pod.KIND, "orphan").metadata().owner().isPresent()).isEqualTo(adopted);
        assertThat(world.names(Pod.KIND)).hasSize(pods);
        assertThat(world.get(ReplicaSet.KIND, "web").status().replicas()).isEqualTo(1);
    }

    @Test
    void letsGoWhatItNoLongerMatchesAndMakesAnother() {
        Simulation world = Simulation.ofWorkloads().apply(set()).settle();
        Resource<PodSpec, PodStatus> pod = world.get(Pod.KIND, "web-0");
        world.act(
                "relabels web-0",
                store -> store.update(pod.metadata(pod.metadata().labels(Map.of("app", "web", "canary", "yes"))))
                        .orThrow());
        world.settle();
        assertThat(world.get(Pod.KIND, "web-0").metadata().owner()).isEmpty();
        assertThat(world.get(Pod.KIND, "web-1").metadata().owner()).isPresent();
        world.delete(ReplicaSet.KIND, "web").settle();
        assertThat(world.names(Pod.KIND)).as("what was let go stays").containsExactly("web-0");
    }

    private static ReplicaSet set() {
        ReplicaSet web = ReplicaSet.named("web").container(c -> c.command("serve"));
        return new ReplicaSet(
                "web",
                web.labels(),
                web.spec()
                        .selector(LabelSelector.of("app", "web").and("canary", LabelSelector.Operator.DOES_NOT_EXIST)));
    }
}
