package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Conditions;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Single passes over a Deployment whose ReplicaSets are as the test says. */
class DeploymentPassTest {
    private static final Deployment WEB = Deployment.named("web").container(c -> c.command("serve"));

    private final Stage stage = new Stage();

    private static Deployment version(Deployment web, int version) {
        return web.container(c -> c.env("VERSION", Integer.toString(version)));
    }

    /** A ReplicaSet of a version that wants so many pods, with notes of how many were desired and how many there might be. */
    private void set(
            Resource<DeploymentSpec, DeploymentStatus> web, int version, int wanted, String desired, String most) {
        PodTemplate template = version(WEB, version).spec().template().label(PodTemplate.HASH_LABEL, "v" + version);
        Map<String, String> notes = new TreeMap<>(Map.of(ReplicaSets.REVISION, Integer.toString(version)));
        Map.of(ReplicaSets.DESIRED, desired, ReplicaSets.MOST, most).forEach((note, number) -> {
            if (!number.equals("-")) {
                notes.put(note, number);
            }
        });
        stage.child(
                web,
                new ReplicaSet(
                        "web-v" + version,
                        template.labels(),
                        notes,
                        new ReplicaSetSpec(
                                wanted,
                                Duration.ZERO,
                                web.spec().selector().and(PodTemplate.HASH_LABEL, "v" + version),
                                template)));
    }

    private void reports(int version, int replicas, int available, int terminating) {
        reports(1, version, replicas, available, terminating);
    }

    private void reports(long generation, int version, int replicas, int available, int terminating) {
        stage.status(
                stage.found(ReplicaSet.KIND, "web-v" + version),
                new ReplicaSetStatus(
                        generation, replicas, replicas, available, available, terminating, Conditions.none()));
    }

    private Plan<DeploymentStatus> pass() throws Exception {
        return stage.plan(Deployment.KIND, "web", DeploymentController::reconcile);
    }

    /** The sizes in a plan, by name; a ReplicaSet that isn't in it goes. */
    private static Map<String, Integer> sizes(Plan<?> plan) {
        Map<String, Integer> sizes = new TreeMap<>();
        plan.listed().stream()
                .filter(ReplicaSet.class::isInstance)
                .map(ReplicaSet.class::cast)
                .forEach(set -> sizes.put(
                        set.name().startsWith("web-v") ? set.name() : "new",
                        set.spec().replicas()));
        return sizes;
    }

    @ParameterizedTest(name = "{0} pods wanted, {1} there, {2} going: {3}")
    @CsvSource({"3, 3, 0, {web-v1=0}", "0, 3, 0, {web-v1=0}", "0, 0, 1, {web-v1=0}", "0, 0, 0, '{new=3, web-v1=0}'"})
    void aRecreationBeginsWhenTheLastOldPodIsGone(int wanted, int there, int going, String sizes) throws Exception {
        var web = stage.put(version(WEB.replicas(3).recreate(), 2));
        set(web, 1, wanted, "3", "3");
        reports(1, there, there, going);
        assertThat(sizes(pass())).hasToString(sizes);
    }

    @ParameterizedTest(name = "desired {0} and {1} available of 4: {2}")
    @CsvSource({
        "4, 4, '{web-v1=0, web-v2=4}'",
        "4, 3, '{web-v1=2, web-v2=3}'",
        "3, 4, '{web-v1=2, web-v2=3}'",
        "-, 4, '{web-v1=2, web-v2=3}'"
    })
    void theOldOnesGoAtOnceWhenTheNewOneServesAlone(String desired, int available, String sizes) throws Exception {
        var web = stage.put(
                version(WEB.replicas(4).rollingUpdate(RollingUpdate.maxSurge(1), RollingUpdate.maxUnavailable(0)), 2));
        set(web, 1, 2, "5", "6");
        set(web, 2, 4, desired, "5");
        reports(1, 2, 2, 0);
        reports(2, 4, available, 0);
        assertThat(sizes(pass())).hasToString(sizes);
    }

    @ParameterizedTest(name = "most {0}, {1} pods by the Deployment's status: {2}")
    @CsvSource({
        "5, 9, '{web-v1=4, web-v2=5}'",
        "-, 5, '{web-v1=4, web-v2=5}'",
        "-, 8, '{web-v1=2, web-v2=7}'",
    })
    void withoutANoteTheSizeInTheStatusIsWhatWasShared(String most, int replicas, String sizes) throws Exception {
        var web = stage.put(
                version(WEB.replicas(8).rollingUpdate(RollingUpdate.maxSurge(1), RollingUpdate.maxUnavailable(0)), 2));
        stage.status(
                web, new DeploymentStatus(1, replicas, 3, 5, 5, 0, 0, Optional.of(Instant.EPOCH), Conditions.none()));
        set(web, 1, 2, "4", most);
        set(web, 2, 3, "4", "5");
        reports(1, 2, 2, 0);
        reports(2, 3, 3, 0);
        assertThat(sizes(pass())).hasToString(sizes);
    }

    @ParameterizedTest(name = "{0} available of 4")
    @CsvSource({"4, true", "3, true", "2, false"})
    void itIsAvailableWithoutThoseThatMayBeMissing(int available, boolean holds) throws Exception {
        var web = stage.put(version(WEB.replicas(4).rollingUpdate(RollingUpdate.maxUnavailable(1)), 2));
        set(web, 2, 4, "4", "5");
        reports(2, 4, available, 0);
        DeploymentStatus status = pass().status().orElseThrow();
        assertThat(status.available()).isEqualTo(holds);
        assertThat(status.unavailableReplicas()).isEqualTo(4 - available);
    }

    @ParameterizedTest(name = "deadline {0}, before {1}: {2}")
    @CsvSource({
        "true, ReplicaSetUpdated, DeploymentPaused",
        "false, ReplicaSetUpdated, ReplicaSetUpdated",
        "true, ProgressDeadlineExceeded, ProgressDeadlineExceeded"
    })
    void aPauseIsToldOnlyWhereProgressIsWatchedAndHasNotFailed(boolean watched, String before, String after)
            throws Exception {
        var web = stage.put(version(
                WEB.replicas(4)
                        .paused(true)
                        .spec(spec -> spec.progressDeadline(
                                watched ? Optional.of(Duration.ofMinutes(10)) : Optional.empty())),
                2));
        Condition progressing =
                new Condition(DeploymentStatus.PROGRESSING, Condition.Status.UNKNOWN, before, "", 1, Instant.EPOCH);
        stage.status(
                web,
                new DeploymentStatus(
                        1,
                        4,
                        4,
                        3,
                        3,
                        1,
                        0,
                        Optional.of(Instant.EPOCH),
                        Conditions.none().with(progressing)));
        set(web, 2, 4, "4", "5");
        reports(2, 4, 3, 0);
        assertThat(pass().status()
                        .orElseThrow()
                        .conditions()
                        .get(DeploymentStatus.PROGRESSING)
                        .map(Condition::reason))
                .contains(after);
    }

    /** The oldest beyond the limit, and of those only what is empty for sure. */
    @Test
    void onlyWhatIsEmptyForSureLeavesTheHistory() throws Exception {
        var web = stage.put(version(WEB.replicas(2).revisionHistoryLimit(1).paused(true), 9));
        set(web, 9, 2, "2", "3");
        reports(9, 2, 2, 0);
        for (int version : new int[] {1, 2, 3, 4}) {
            set(web, version, 0, "2", "3");
        }
        reports(1, 1, 0, 0); // has a pod still
        reports(0, 2, 0, 0, 0); // has not looked yet
        reports(3, 0, 0, 0);
        reports(4, 0, 0, 0);
        assertThat(sizes(pass())).hasToString("{web-v1=0, web-v2=0, web-v4=0, web-v9=2}");
    }
}
