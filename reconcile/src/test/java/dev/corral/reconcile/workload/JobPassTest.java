package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Conditions;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.workload.PodFailurePolicy.Action;
import dev.corral.reconcile.workload.PodFailurePolicy.OnExitCodes;
import dev.corral.reconcile.workload.PodFailurePolicy.OnPodCondition;
import dev.corral.reconcile.workload.PodFailurePolicy.Operator;
import dev.corral.reconcile.workload.PodFailurePolicy.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Single passes over a Job. */
class JobPassTest {
    private static final PodFailurePolicy UNREADY_FAILS = PodFailurePolicy.none()
            .rule(new Rule(
                    Action.FAIL_JOB,
                    Optional.empty(),
                    List.of(new OnPodCondition(PodStatus.READY, Condition.Status.FALSE))));

    private final Stage stage = new Stage();

    private static Job job() {
        return Job.named("sums").container(c -> c.command("sum"));
    }

    private Resource<JobSpec, JobStatus> put(Job job) {
        return stage.put(job);
    }

    /** What is known of it so far. */
    private void knows(Resource<JobSpec, JobStatus> job, int failed, String completed, String failedIndexes) {
        stage.status(
                job,
                new JobStatus(
                        1,
                        0,
                        0,
                        0,
                        0,
                        failed,
                        completed,
                        failedIndexes,
                        JobStatus.Uncounted.none(),
                        job.status().pace(),
                        Conditions.none(),
                        Optional.of(Instant.EPOCH),
                        Optional.empty()));
    }

    private void pod(Resource<JobSpec, JobStatus> job, String name, String index, char letter) {
        Map<String, String> labels = index.equals("-") ? Map.of() : Map.of(JobPods.INDEX, index);
        stage.pod(
                job,
                name,
                labels,
                PodSpec.empty().container(c -> c.command("sum")).nodeName("n"),
                letter);
    }

    private Plan<JobStatus> pass() throws Exception {
        return stage.plan(Job.KIND, "sums", JobController::reconcile);
    }

    private String verdict() throws Exception {
        Conditions conditions = pass().status().orElseThrow().conditions();
        return conditions
                .get(JobStatus.FAILURE_TARGET)
                .or(() -> conditions.get(JobStatus.SUCCESS_CRITERIA_MET))
                .map(Condition::reason)
                .orElse("none");
    }

    /** Each of these holds; the first decides. */
    @ParameterizedTest(name = "policy {0}, failed {1}, deadline {2}, failed index {3}, success policy {4}: {5}")
    @CsvSource({
        "true,  7, true,  true,  true,  PodFailurePolicy",
        "false, 7, true,  true,  true,  BackoffLimitExceeded",
        "false, 6, true,  true,  true,  DeadlineExceeded",
        "false, 6, false, true,  true,  MaxFailedIndexesExceeded",
        "false, 6, false, false, true,  SuccessPolicy",
        "false, 6, false, false, false, none",
    })
    void theFirstRuleThatHoldsDecides(
            boolean policy, int failed, boolean late, boolean index, boolean success, String reason) throws Exception {
        UnaryOperator<Job> limited = job -> late ? job.activeDeadline(Duration.ofSeconds(1)) : job;
        UnaryOperator<Job> choosing = job -> success ? job.successPolicy(SuccessPolicy.indexes("1")) : job;
        Job all = job().indexed()
                .completions(3)
                .backoffLimit(6)
                .backoffLimitPerIndex(2)
                .maxFailedIndexes(0)
                .restartPolicy(RestartPolicy.NEVER)
                .podFailurePolicy(policy ? UNREADY_FAILS : PodFailurePolicy.none());
        Resource<JobSpec, JobStatus> stored = put(choosing.apply(limited.apply(all)));
        knows(stored, failed, "1", index ? "0" : "");
        pod(stored, "sums-2-0", "2", 'f');
        assertThat(verdict()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({"false, DeadlineExceeded", "true, none"})
    void noDeadlineComesWhileItStandsStill(boolean suspended, String reason) throws Exception {
        Resource<JobSpec, JobStatus> stored =
                put(job().activeDeadline(Duration.ofSeconds(1)).suspend(suspended));
        knows(stored, 0, "", "");
        assertThat(verdict()).isEqualTo(reason);
    }

    /** A sidecar is started again under any policy, which is no new try. */
    @ParameterizedTest
    @CsvSource({"NEVER, none", "ON_FAILURE, BackoffLimitExceeded"})
    void restartsWithinThePodCountOnlyWhereTheyAreTries(RestartPolicy policy, String reason) throws Exception {
        Resource<JobSpec, JobStatus> stored = put(job().restartPolicy(policy));
        pod(stored, "sums-0", "-", 'a');
        restarted(stage.found(Pod.KIND, "sums-0"), 7);
        assertThat(verdict()).isEqualTo(reason);
    }

    private void restarted(Resource<PodSpec, PodStatus> pod, int times) {
        stage.status(pod, status(pod.status(), List.of(container("log", times, Optional.empty())), List.of()));
    }

    private static PodStatus status(PodStatus old, List<ContainerStatus> init, List<ContainerStatus> main) {
        return new PodStatus(
                old.phase(), "", "", old.conditions(), init, main, old.startTime(), List.of(), old.qosClass());
    }

    private static ContainerStatus container(String name, int restarts, Optional<Integer> code) {
        ContainerStatus created = ContainerStatus.created(name);
        ContainerState state = code.<ContainerState>map(number -> new ContainerState.Terminated(
                        number, Optional.empty(), "Error", "", Instant.EPOCH, Instant.EPOCH))
                .orElse(created.state());
        return new ContainerStatus(name, state, Optional.empty(), restarts, false, false, Map.of(), Optional.empty());
    }

    @ParameterizedTest(name = "{0} of {1}: init {2}, main {3}, matches {4}")
    @CsvSource({
        "IN, any, 5, 3, true",
        "IN, any, 0, 5, true",
        "IN, any, 0, 3, false",
        "IN, main, 5, 3, false",
        "IN, prepare, 5, 3, true",
        "NOT_IN, any, 0, 5, false",
        "NOT_IN, any, 0, 3, true",
        "NOT_IN, main, 3, 5, false",
    })
    void anExitCodeIsThatOfAnyContainerOrTheNamedOneAndNever0(
            Operator operator, String container, int init, int main, boolean matches) {
        PodFailurePolicy policy = PodFailurePolicy.none()
                .rule(new Rule(
                        Action.FAIL_JOB,
                        Optional.of(new OnExitCodes(
                                Optional.of(container).filter(name -> !name.equals("any")),
                                operator,
                                new TreeSet<>(List.of(5)))),
                        List.of()));
        Resource<JobSpec, JobStatus> stored = put(job());
        pod(stored, "sums-0", "-", 'f');
        Resource<PodSpec, PodStatus> pod = stage.found(Pod.KIND, "sums-0");
        PodStatus status = status(
                pod.status(),
                List.of(container("prepare", 0, Optional.of(init))),
                List.of(container("main", 0, Optional.of(main))));
        assertThat(policy.match(pod.status(status)).isPresent()).isEqualTo(matches);
    }

    @ParameterizedTest(name = "{0} wanted: {1} at once")
    @CsvSource({"500, 500", "501, 500"})
    void soManyStartInOnePass(int wanted, int started) throws Exception {
        put(job().completions(wanted).parallelism(wanted));
        assertThat(pass().listed()).hasSize(started);
    }

    @ParameterizedTest(name = "{0} too many: {1} at once")
    @CsvSource({"500, 500", "501, 500"})
    void soManyGoInOnePass(int surplus, int deleted) throws Exception {
        Resource<JobSpec, JobStatus> stored =
                put(job().completions(surplus).parallelism(surplus).suspend(true));
        for (int i = 0; i < surplus; i++) {
            pod(stored, "sums-" + i, "-", 'p');
        }
        assertThat(pass().deleted()).hasSize(deleted);
    }

    @Test
    void ofTooManyThoseGoThatServeLeast() throws Exception {
        Resource<JobSpec, JobStatus> stored = put(job().completions(3).parallelism(1));
        pod(stored, "sums-0", "-", 'a');
        pod(stored, "sums-1", "-", 'p');
        pod(stored, "sums-2", "-", 'u');
        assertThat(pass().deleted()).extracting(Resource::name).containsExactly("sums-1", "sums-2");
    }

    @Test
    void ofTwoOfOneIndexTheBetterOneStays() throws Exception {
        Resource<JobSpec, JobStatus> stored = put(job().indexed().completions(2).parallelism(2));
        pod(stored, "sums-0-0", "0", 'a');
        pod(stored, "sums-0-1", "0", 'p');
        pod(stored, "sums-1-0", "1", 'p');
        pod(stored, "sums-1-1", "1", 'a');
        assertThat(pass().deleted()).extracting(Resource::name).containsExactlyInAnyOrder("sums-0-1", "sums-1-0");
    }

    /** One that a container sets itself stays. */
    @Test
    void everyContainerKnowsItsIndex() throws Exception {
        Job indexed = job().indexed()
                .completions(1)
                .container("main", c -> c.command("sum"))
                .container("own", c -> c.command("sum").env(JobPods.INDEX_VARIABLE, "mine"))
                .template(pod -> pod.spec(spec -> spec.initContainer("prepare", c -> c.command("true"))));
        put(indexed);
        PodSpec pod = (PodSpec) pass().listed().get(0).spec();
        assertThat(pod.allContainers())
                .extracting(container -> container.name() + " "
                        + container.env().stream()
                                .filter(variable -> variable.name().equals(JobPods.INDEX_VARIABLE))
                                .map(EnvVar::value)
                                .toList())
                .containsExactly("prepare [0]", "main [0]", "own [mine]");
        assertThat(pod.hostname()).contains("sums-0");
    }
}
