package dev.corral.reconcile.workload;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.testing.Script;
import dev.corral.reconcile.testing.Simulation;
import dev.corral.reconcile.workload.PodFailurePolicy.Action;
import dev.corral.reconcile.workload.PodFailurePolicy.Operator;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobControllerTest {
    private static final Job IMPORT = Job.named("import").container(c -> c.command("import"));

    /** Each process ends as said for its pod's name or the beginning of it: a code, by default 0, after a second. */
    private static Simulation world(Map<String, Integer> codes) {
        return Simulation.ofWorkloads()
                .processes((identity, container) -> Script.server()
                        .exits(
                                codes.entrySet().stream()
                                        .filter(entry -> identity.pod().startsWith(entry.getKey()))
                                        .map(Map.Entry::getValue)
                                        .findFirst()
                                        .orElse(0),
                                ofSeconds(1)));
    }

    private static JobStatus status(Simulation world) {
        return world.get(Job.KIND, "import").status();
    }

    /** The types of all conditions that hold, with their reasons. */
    private static String ends(Simulation world) {
        return String.join(
                " ",
                status(world).conditions().all().stream()
                        .filter(Condition::holds)
                        .map(condition -> condition.type() + ":" + condition.reason())
                        .toList());
    }

    private static List<Long> starts(Simulation world) {
        Instant begin = world.get(Job.KIND, "import").metadata().created();
        return world.pods()
                .map(pod -> Duration.between(begin, pod.metadata().created()).toSeconds())
                .sorted()
                .toList();
    }

    @ParameterizedTest(name = "completions {0}, parallelism {1}")
    @CsvSource({"-, -, 1", "5, -, 5", "5, 2, 5", "5, 5, 5", "3, 9, 3", "0, 4, 0", "-, 3, 3"})
    void runsUntilEnoughHaveSucceeded(String completions, String parallelism, int pods) {
        Job job = IMPORT;
        job = completions.equals("-") ? job : job.completions(Integer.parseInt(completions));
        job = parallelism.equals("-") ? job : job.parallelism(Integer.parseInt(parallelism));
        Simulation world = world(Map.of()).apply(job).settle();
        assertThat(ends(world)).isEqualTo("SuccessCriteriaMet:CompletionsReached Complete:CompletionsReached");
        assertThat(status(world).succeeded()).isEqualTo(pods);
        assertThat(status(world).failed()).isZero();
        assertThat(status(world).completionTime()).isPresent();
        assertThat(world.pods().map(JobPods::tracked)).hasSize(pods).doesNotContain(true);
        assertThat(List.of(
                        status(world).active(),
                        status(world).ready(),
                        status(world).terminating()))
                .containsOnly(0);
    }

    @Test
    void countsWhatIsActive() {
        Simulation world =
                world(Map.of()).apply(IMPORT.completions(5).parallelism(2)).advance(Duration.ZERO);
        assertThat(status(world).active()).isEqualTo(2);
        assertThat(status(world).ready()).isEqualTo(2);
        world.advance(ofSeconds(1));
        assertThat(status(world).succeeded()).isEqualTo(2);
        assertThat(status(world).active()).isEqualTo(2);
    }

    @Test
    void startsNothingNewOnceOneHasSucceededWithoutCompletions() {
        Simulation world = Simulation.ofWorkloads()
                .processes((identity, container) ->
                        Script.server().exits(0, ofSeconds(identity.pod().equals("import-0") ? 1 : 60)))
                .apply(IMPORT.parallelism(3))
                .advance(ofSeconds(30));
        assertThat(status(world).active()).isEqualTo(2);
        world.settle();
        assertThat(status(world).succeeded()).isEqualTo(3);
        assertThat(world.pods()).hasSize(3);
    }

    @Test
    void waitsLongerAfterEachFailure() {
        Simulation world = world(Map.of("import-0", 1, "import-1", 1, "import-2", 1))
                .apply(IMPORT)
                .settle();
        assertThat(starts(world)).containsExactly(0L, 11L, 32L, 73L);
        assertThat(status(world).failed()).isEqualTo(3);
        assertThat(status(world).succeeded()).isEqualTo(1);
    }

    @Test
    void aSuccessEndsTheWait() {
        Simulation world = world(Map.of("import-0", 1, "import-2", 1))
                .apply(IMPORT.completions(2))
                .settle();
        assertThat(starts(world)).containsExactly(0L, 11L, 12L, 23L);
    }

    @ParameterizedTest(name = "limit {0}: {1} pods")
    @CsvSource({"0, 1", "1, 2", "3, 4"})
    void givesUpWhenMoreHaveFailedThanTheLimit(int limit, int pods) {
        Simulation world =
                world(Map.of("import", 7)).apply(IMPORT.backoffLimit(limit)).settle();
        assertThat(ends(world)).isEqualTo("FailureTarget:BackoffLimitExceeded Failed:BackoffLimitExceeded");
        assertThat(status(world).failed()).isEqualTo(pods);
        assertThat(world.pods()).hasSize(pods);
        assertThat(status(world).completionTime()).isEmpty();
    }

    @ParameterizedTest(name = "limit {0}: {1} starts")
    @CsvSource({"0, 2", "1, 2", "2, 3", "4, 5"})
    void restartsWithinThePodCountToo(int limit, int starts) {
        Simulation world = world(Map.of("import", 7))
                .apply(IMPORT.backoffLimit(limit).restartPolicy(RestartPolicy.ON_FAILURE))
                .settle();
        assertThat(ends(world)).isEqualTo("FailureTarget:BackoffLimitExceeded Failed:BackoffLimitExceeded");
        assertThat(world.running()).isEmpty();
        assertThat(world.events().stream()
                        .filter(event -> event.reason().equals("Started"))
                        .mapToInt(event -> event.count())
                        .sum())
                .isEqualTo(starts);
    }

    @Test
    void endsInTwoStepsWhenSomethingStillRuns() {
        Simulation world = Simulation.ofWorkloads()
                .processes((identity, container) -> identity.pod().equals("import-0")
                        ? Script.server().exits(1, ofSeconds(1))
                        : Script.server().stopsAfter(ofSeconds(20)))
                .apply(IMPORT.completions(2).parallelism(2).backoffLimit(0))
                .advance(ofSeconds(5));
        assertThat(ends(world)).isEqualTo("FailureTarget:BackoffLimitExceeded");
        assertThat(status(world).terminating()).isEqualTo(1);
        world.settle();
        assertThat(ends(world)).isEqualTo("FailureTarget:BackoffLimitExceeded Failed:BackoffLimitExceeded");
        assertThat(status(world).failed()).isEqualTo(2);
        assertThat(status(world).terminating()).isZero();
    }

    @Test
    void hasADeadlineThatStandsStillWhileSuspended() {
        Job job = IMPORT.activeDeadline(ofMinutes(2));
        Simulation world = Simulation.ofWorkloads().apply(job).advance(ofMinutes(1));
        world.apply(job.suspend(true)).advance(ofMinutes(30));
        assertThat(ends(world)).isEqualTo("Suspended:JobSuspended");
        assertThat(status(world).startTime()).isEmpty();
        assertThat(status(world).failed()).as("pods that were suspended").isZero();
        assertThat(world.pods()).isEmpty();
        world.apply(job.suspend(false)).advance(ofSeconds(119));
        assertThat(ends(world)).isEmpty();
        world.advance(ofSeconds(1)).settle();
        assertThat(ends(world)).isEqualTo("FailureTarget:DeadlineExceeded Failed:DeadlineExceeded");
        assertThat(world.running()).isEmpty();
    }

    @Test
    void givesEachPodItsIndex() {
        Simulation world = world(Map.of("import-1-0", 1))
                .apply(IMPORT.indexed().completions(3).parallelism(2))
                .settle();
        assertThat(ends(world)).startsWith("SuccessCriteriaMet:CompletionsReached");
        assertThat(status(world).completedIndexes()).isEqualTo("0-2");
        assertThat(world.names(Pod.KIND)).containsExactly("import-0-0", "import-1-0", "import-1-1", "import-2-0");
        Resource<PodSpec, PodStatus> pod = world.get(Pod.KIND, "import-1-1");
        assertThat(pod.metadata().labels())
                .containsEntry("batch.kubernetes.io/job-completion-index", "1")
                .containsEntry("batch.kubernetes.io/job-name", "import");
        assertThat(pod.spec().hostname()).contains("import-1");
        assertThat(pod.spec().containers().get(0).env()).contains(new EnvVar("JOB_COMPLETION_INDEX", "1"));
    }

    @Test
    void anIndexThatFailsTooOftenLeavesTheOthersAlone() {
        Simulation world = world(Map.of("import-1", 1, "import-2-0", 1))
                .apply(IMPORT.indexed().completions(4).parallelism(4).backoffLimitPerIndex(2))
                .settle();
        assertThat(ends(world)).isEqualTo("FailureTarget:FailedIndexes Failed:FailedIndexes");
        assertThat(status(world).failedIndexes()).isEqualTo("1");
        assertThat(status(world).completedIndexes()).isEqualTo("0,2,3");
        assertThat(status(world).succeeded()).isEqualTo(3);
        assertThat(status(world).failed()).isEqualTo(4);
        assertThat(world.pods()
                        .filter(pod -> pod.name().startsWith("import-1-"))
                        .map(pod -> pod.metadata().annotations().get(JobPods.INDEX_FAILURES)))
                .containsExactly("0", "1", "2");
    }

    @Test
    void waitsForEachIndexByItself() {
        Simulation world = world(Map.of("import-1", 1))
                .apply(IMPORT.indexed().completions(3).parallelism(1).backoffLimitPerIndex(2))
                .settle();
        assertThat(starts(world)).containsExactly(0L, 1L, 2L, 12L, 33L);
    }

    @Test
    void keepsTheLastFailedPodOfAnIndexUntilAnotherTakesOver() {
        Simulation world = world(Map.of("import-0-0", 1))
                .apply(IMPORT.indexed().completions(1).backoffLimitPerIndex(3))
                .advance(ofSeconds(5));
        assertThat(JobPods.tracked(world.get(Pod.KIND, "import-0-0"))).isTrue();
        world.delete(Pod.KIND, "import-0-0").advance(ofSeconds(1));
        assertThat(world.find(Pod.KIND, "import-0-0")).isPresent();
        world.settle();
        assertThat(world.find(Pod.KIND, "import-0-0")).isEmpty();
        assertThat(world.get(Pod.KIND, "import-0-1").metadata().annotations())
                .containsEntry(JobPods.INDEX_FAILURES, "1");
        assertThat(status(world).failed()).isEqualTo(1);
        assertThat(status(world).complete()).isTrue();
    }

    @Test
    void givesUpWhenTooManyIndexesHaveFailed() {
        Simulation world = world(Map.of("import-0", 1, "import-1", 1))
                .apply(IMPORT.indexed()
                        .completions(9)
                        .parallelism(2)
                        .backoffLimitPerIndex(0)
                        .maxFailedIndexes(1))
                .settle();
        assertThat(ends(world)).isEqualTo("FailureTarget:MaxFailedIndexesExceeded Failed:MaxFailedIndexesExceeded");
        assertThat(status(world).failedIndexes()).isEqualTo("0,1");
    }

    /** Index 0 of 2 ends with a code; the other one succeeds. */
    @ParameterizedTest(name = "{0} {1} {2}, exit {3}: {4}, {5} failed")
    @CsvSource({
        "FAIL_JOB, IN, 42, 42, PodFailurePolicy, 1",
        "FAIL_JOB, IN, 42 43, 43, PodFailurePolicy, 1",
        "FAIL_JOB, IN, 42, 41, FailedIndexes, 3",
        "FAIL_JOB, NOT_IN, 42, 41, PodFailurePolicy, 1",
        "FAIL_JOB, NOT_IN, 42, 42, FailedIndexes, 3",
        "FAIL_INDEX, IN, 42, 42, FailedIndexes, 1",
        "COUNT, IN, 42, 42, FailedIndexes, 3",
    })
    void aPolicySaysWhatAFailureMeans(
            Action action, Operator operator, String codes, int code, String reason, int failed) {
        Integer[] values = Arrays.stream(codes.split(" ")).map(Integer::valueOf).toArray(Integer[]::new);
        Simulation world = world(Map.of("import-0", code))
                .apply(IMPORT.indexed()
                        .completions(2)
                        .parallelism(2)
                        .backoffLimitPerIndex(2)
                        .podFailurePolicy(PodFailurePolicy.none().onExitCodes(action, operator, values)))
                .settle();
        assertThat(ends(world)).isEqualTo("FailureTarget:" + reason + " Failed:" + reason);
        assertThat(status(world).failed()).isEqualTo(failed);
        assertThat(status(world).completedIndexes()).isEqualTo("1");
    }

    @Test
    void whatIsIgnoredIsReplacedAndNotCounted() {
        Simulation world = world(Map.of("import-0", 42, "import-1", 42))
                .apply(IMPORT.backoffLimit(0)
                        .podFailurePolicy(PodFailurePolicy.none()
                                .onExitCodes(Action.IGNORE, 42)
                                .onExitCodes(Action.FAIL_JOB, Operator.NOT_IN, 1)))
                .settle();
        assertThat(status(world).complete()).isTrue();
        assertThat(status(world).failed()).isZero();
        assertThat(starts(world)).containsExactly(0L, 11L, 32L);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"0, -, 0", "0-1, -, '0,1'", "-, 2, '0,1'", "1-3, 2, '0-2'", "5, -, '0-5'"})
    void aPartOfTheIndexesMayBeEnough(String indexes, String count, String completed) {
        SuccessPolicy.Rule rule = new SuccessPolicy.Rule(
                Optional.of(indexes).filter(text -> !text.equals("-")),
                Optional.of(count).filter(text -> !text.equals("-")).map(Integer::valueOf));
        Simulation world = world(Map.of())
                .apply(IMPORT.indexed().completions(6).successPolicy(new SuccessPolicy(List.of(rule))))
                .settle();
        assertThat(ends(world)).isEqualTo("SuccessCriteriaMet:SuccessPolicy Complete:SuccessPolicy");
        assertThat(status(world).completedIndexes()).isEqualTo(completed);
    }

    @Test
    void replacesWhatGoesAtOnceOrWhenItHasEnded() {
        for (PodReplacementPolicy policy : PodReplacementPolicy.values()) {
            Simulation world = Simulation.ofWorkloads()
                    .processes((identity, container) -> Script.server().stopsAfter(ofSeconds(5)))
                    .apply(IMPORT.podReplacementPolicy(policy))
                    .advance(ofSeconds(1))
                    .delete(Pod.KIND, "import-0")
                    .advance(ofSeconds(1));
            boolean atOnce = policy == PodReplacementPolicy.TERMINATING_OR_FAILED;
            assertThat(status(world).failed()).isEqualTo(atOnce ? 1 : 0);
            assertThat(status(world).terminating()).isEqualTo(1);
            world.advance(ofSeconds(9));
            assertThat(world.pods().anyMatch(Pod::active)).isEqualTo(atOnce);
            world.advance(ofSeconds(10));
            assertThat(world.names(Pod.KIND)).hasSize(1);
            assertThat(status(world).failed()).isEqualTo(1);
            assertThat(status(world).active()).isEqualTo(1);
        }
    }

    @Test
    void aPodThatGoesBeforeItHasRunIsAFailureToo() {
        Simulation world = Simulation.ofWorkloads()
                .processes((identity, container) -> Script.server().startsAfter(ofMinutes(1)))
                .apply(IMPORT.podReplacementPolicy(PodReplacementPolicy.FAILED))
                .advance(ofSeconds(1))
                .delete(Pod.KIND, "import-0")
                .settle();
        assertThat(status(world).failed()).isEqualTo(1);
        assertThat(status(world).active()).isEqualTo(1);
        assertThat(world.pods()).hasSize(1);
    }

    @Test
    void aPodThatGoesBeforeItHadANodeDoesNotHoldUpTheEnd() {
        Simulation world = Simulation.ofWorkloads()
                .apply(IMPORT.activeDeadline(ofMinutes(1))
                        .template(pod -> pod.spec(spec -> spec.nodeSelector("disk", "ssd"))))
                .advance(ofSeconds(59));
        assertThat(status(world).active()).isEqualTo(1);
        assertThat(world.running()).isEmpty();
        world.advance(ofSeconds(1)).settle();
        assertThat(ends(world)).isEqualTo("FailureTarget:DeadlineExceeded Failed:DeadlineExceeded");
        assertThat(status(world).failed()).isEqualTo(1);
        assertThat(world.pods()).isEmpty();
    }

    @Test
    void fewerAtOnceDeletesWithoutCounting() {
        Job job = IMPORT.completions(5).parallelism(4);
        Simulation world = Simulation.ofWorkloads()
                .processes((identity, container) -> Script.server().exits(0, ofMinutes(1)))
                .apply(job)
                .advance(ofSeconds(5))
                .apply(job.parallelism(1))
                .advance(ofSeconds(5));
        assertThat(world.pods().filter(Pod::active)).hasSize(1);
        world.settle();
        assertThat(status(world).succeeded()).isEqualTo(5);
        assertThat(status(world).failed()).isZero();
    }

    @Test
    void anIndexedJobCanGrowAndShrink() {
        Job job = IMPORT.indexed().completions(2).parallelism(2);
        Simulation world = Simulation.ofWorkloads()
                .processes((identity, container) -> Script.server().exits(0, ofMinutes(1)))
                .apply(job)
                .advance(ofSeconds(5))
                .apply(job.completions(4).parallelism(4))
                .advance(ofSeconds(5));
        assertThat(world.names(Pod.KIND)).containsExactly("import-0-0", "import-1-0", "import-2-0", "import-3-0");
        world.apply(job.completions(1).parallelism(1)).settle();
        assertThat(status(world).completedIndexes()).isEqualTo("0");
        assertThat(status(world).succeeded()).isEqualTo(1);
        assertThat(status(world).failed()).isZero();
    }

    @Test
    void goesInTimeWithItsPods() {
        Simulation world = world(Map.of())
                .apply(IMPORT.completions(2).ttlAfterFinished(ofMinutes(1)))
                .advance(ofSeconds(61));
        assertThat(status(world).complete()).isTrue();
        world.advance(ofSeconds(2));
        assertThat(world.names(Job.KIND)).isEmpty();
        assertThat(world.names(Pod.KIND)).isEmpty();
    }

    @Test
    void aJobThatIsDeletedTakesItsPodsWithIt() {
        Simulation world = Simulation.ofWorkloads()
                .apply(IMPORT.completions(3).parallelism(3))
                .advance(ofSeconds(1))
                .delete(Job.KIND, "import")
                .settle();
        assertThat(world.names(Job.KIND)).isEmpty();
        assertThat(world.names(Pod.KIND)).isEmpty();
        assertThat(world.running()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFinalConditionIsNeverWithdrawn(boolean succeeds) {
        Job job = IMPORT.completions(1).backoffLimit(0);
        Simulation world = world(Map.of("import", succeeds ? 0 : 1)).apply(job).settle();
        String before = ends(world);
        world.apply(job.parallelism(5).backoffLimit(9)).advance(ofMinutes(10)).settle();
        assertThat(ends(world)).isEqualTo(before);
        assertThat(world.pods()).hasSize(1);
        assertThat(status(world).observedGeneration()).isEqualTo(2);
    }
}
