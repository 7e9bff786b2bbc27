package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.reconcile.InvalidSpec;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.workload.PodFailurePolicy.Action;
import dev.corral.reconcile.workload.PodFailurePolicy.Operator;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JobRulesTest {
    private static final Job JOB = Job.named("import").container(c -> c.command("import"));
    private static final Job INDEXED = JOB.indexed().completions(5);
    private static final CronJob CRON =
            CronJob.named("nightly").schedule("0 3 * * *").job(job -> job.container(c -> c.command("import")));

    static Stream<Arguments> refused() {
        PodFailurePolicy none = PodFailurePolicy.none();
        return Stream.of(
                refused("spec.parallelism: -1", JOB.parallelism(-1)),
                refused("spec.completions: -1", JOB.completions(-1)),
                refused("spec.backoffLimit: -1", JOB.backoffLimit(-1)),
                refused("spec.backoffLimitPerIndex: -1", INDEXED.backoffLimitPerIndex(-1)),
                refused(
                        "spec.maxFailedIndexes: -1",
                        INDEXED.backoffLimitPerIndex(1).maxFailedIndexes(-1)),
                refused("spec.activeDeadline: PT0.5S", JOB.activeDeadline(Duration.ofMillis(500))),
                refused("spec.ttlAfterFinished: PT-1S", JOB.ttlAfterFinished(Duration.ofSeconds(-1))),
                refused(
                        "spec.backoffLimitPerIndex: 1: it needs the completion mode INDEXED",
                        JOB.backoffLimitPerIndex(1)),
                refused(
                        "spec.successPolicy: '{}': it needs the completion mode INDEXED",
                        JOB.successPolicy(SuccessPolicy.count(1))),
                refused(
                        "spec.completions: '': INDEXED needs completions",
                        JOB.parallelism(2).indexed()),
                refused("spec.parallelism: 100001", INDEXED.parallelism(100_001)),
                refused("spec.maxFailedIndexes: 1: it needs a backoffLimitPerIndex", INDEXED.maxFailedIndexes(1)),
                refused(
                        "spec.maxFailedIndexes: 6: it must not be above the completions, 5",
                        INDEXED.backoffLimitPerIndex(1).maxFailedIndexes(6)),
                refused(
                        "spec.backoffLimitPerIndex: ON_FAILURE: it needs the restart policy NEVER",
                        INDEXED.backoffLimitPerIndex(1).restartPolicy(RestartPolicy.ON_FAILURE)),
                refused("spec.completions: 100001", INDEXED.completions(100_001).backoffLimitPerIndex(1)),
                refused(
                        "spec.maxFailedIndexes: '': it must be 10000 or less",
                        INDEXED.completions(10_001).backoffLimitPerIndex(1)),
                refused(
                        "spec.parallelism: 10001",
                        INDEXED.completions(10_001)
                                .parallelism(10_001)
                                .backoffLimitPerIndex(1)
                                .maxFailedIndexes(1)),
                refused("spec.template.spec.containers: []", Job.named("import")),
                refused("spec.template.spec.restartPolicy: ALWAYS", JOB.restartPolicy(RestartPolicy.ALWAYS)),
                refused(
                        "spec.template.labels: 'batch.kubernetes.io/job-name': the Job itself sets this label",
                        JOB.template(template -> template.label("batch.kubernetes.io/job-name", "x"))),
                refused("spec.template.labels: 'a b'", JOB.template(template -> template.label("a b", "x"))),
                refused(
                        "spec.podFailurePolicy: ON_FAILURE: it needs the restart policy NEVER",
                        JOB.restartPolicy(RestartPolicy.ON_FAILURE).podFailurePolicy(none)),
                refused(
                        "spec.podReplacementPolicy: 'TERMINATING_OR_FAILED'",
                        JOB.podFailurePolicy(none).podReplacementPolicy(PodReplacementPolicy.TERMINATING_OR_FAILED)),
                refused(
                        "spec.podFailurePolicy.rules[0].action: FAIL_INDEX: it needs a backoffLimitPerIndex",
                        JOB.podFailurePolicy(none.onExitCodes(Action.FAIL_INDEX, 1))),
                refused(
                        "spec.podFailurePolicy.rules[0].onExitCodes.values: [0, 1]",
                        JOB.podFailurePolicy(none.onExitCodes(Action.COUNT, 0, 1))),
                refused(
                        "spec.podFailurePolicy.rules[0].onExitCodes.values: 0: it needs 1 to 255 values",
                        JOB.podFailurePolicy(none.onExitCodes(Action.COUNT, Operator.NOT_IN))),
                refused(
                        "spec.podFailurePolicy.rules[1].onExitCodes.containerName: 'side'",
                        JOB.podFailurePolicy(none.onExitCodes(Action.COUNT, 3)
                                .rule(new PodFailurePolicy.Rule(
                                        Action.COUNT,
                                        Optional.of(new PodFailurePolicy.OnExitCodes(
                                                Optional.of("side"), Operator.IN, new TreeSet<>(List.of(1)))),
                                        List.of())))),
                refused(
                        "spec.podFailurePolicy.rules[0]: '{}': it needs either",
                        JOB.podFailurePolicy(
                                none.rule(new PodFailurePolicy.Rule(Action.COUNT, Optional.empty(), List.of())))),
                refused(
                        "spec.podFailurePolicy.rules[0].onPodConditions[0].type: 'a b'",
                        JOB.podFailurePolicy(none.onPodCondition(Action.IGNORE, "a b"))),
                refused("spec.successPolicy.rules: []", INDEXED.successPolicy(new SuccessPolicy(List.of()))),
                refused(
                        "spec.successPolicy.rules[0].succeededIndexes: '5'",
                        INDEXED.successPolicy(SuccessPolicy.indexes("5"))),
                refused(
                        "spec.successPolicy.rules[0].succeededIndexes: '3-1'",
                        INDEXED.successPolicy(SuccessPolicy.indexes("3-1"))),
                refused(
                        "spec.successPolicy.rules[0].succeededIndexes: '1,1'",
                        INDEXED.successPolicy(SuccessPolicy.indexes("1,1"))),
                refused(
                        "spec.successPolicy.rules[0].succeededIndexes: ''",
                        INDEXED.successPolicy(SuccessPolicy.indexes(""))),
                refused(
                        "spec.successPolicy.rules[0].succeededIndexes: '1-x'",
                        INDEXED.successPolicy(SuccessPolicy.indexes("1-x"))),
                refused(
                        "spec.successPolicy.rules[0].succeededCount: 6: it must be 1 to 5",
                        INDEXED.successPolicy(SuccessPolicy.count(6))),
                refused("spec.successPolicy.rules[0].succeededCount: 0", INDEXED.successPolicy(SuccessPolicy.count(0))),
                refused(
                        "spec.successPolicy.rules[0].succeededCount: 3: it must be 1 to 2",
                        INDEXED.successPolicy(new SuccessPolicy(
                                List.of(new SuccessPolicy.Rule(Optional.of("1,2"), Optional.of(3)))))),
                refused(
                        "spec.successPolicy.rules[0]: '{}'",
                        INDEXED.successPolicy(new SuccessPolicy(
                                List.of(new SuccessPolicy.Rule(Optional.empty(), Optional.empty()))))),
                refused("metadata.name: 'No'", new Job("No", JOB.labels(), JOB.annotations(), JOB.spec())));
    }

    private static Arguments refused(String problem, Job job) {
        return Arguments.of(problem, job);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void refusesWhatKubernetesWould(String problem, Job job) {
        assertThatThrownBy(() -> Store.inMemory().apply(job))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContaining(problem);
    }

    @Test
    void saysAllThatIsWrongAtOnce() {
        assertThatThrownBy(() -> Store.inMemory()
                        .apply(JOB.parallelism(-1).backoffLimit(-2).activeDeadline(Duration.ZERO)))
                .hasMessageContaining("spec.parallelism")
                .hasMessageContaining("spec.backoffLimit")
                .hasMessageContaining("spec.activeDeadline");
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                Arguments.of(JOB, JOB.completions(2), "spec.completions: '2'"),
                Arguments.of(INDEXED, INDEXED.completions(6), "spec.completions: '6'"),
                Arguments.of(INDEXED, INDEXED.completions(6).parallelism(6), ""),
                Arguments.of(JOB, JOB.completions(1).indexed(), "spec.completionMode: INDEXED"),
                Arguments.of(INDEXED, INDEXED.backoffLimitPerIndex(1), "spec.backoffLimitPerIndex: '1'"),
                Arguments.of(JOB, JOB.podFailurePolicy(PodFailurePolicy.none()), "spec.podFailurePolicy: "),
                Arguments.of(INDEXED, INDEXED.successPolicy(SuccessPolicy.count(1)), "spec.successPolicy: "),
                Arguments.of(JOB, JOB.container(c -> c.env("A", "b")), "spec.template: '{}': it can't be changed"),
                Arguments.of(JOB, JOB.parallelism(3).completions(1), ""),
                Arguments.of(JOB, JOB.backoffLimit(3).suspend(true).activeDeadline(Duration.ofMinutes(1)), ""),
                Arguments.of(JOB, JOB.ttlAfterFinished(Duration.ofMinutes(1)), ""));
    }

    @ParameterizedTest(name = "{index} {2}")
    @MethodSource("changes")
    void someOfItCannotBeChanged(Job before, Job after, String problem) {
        Store store = Store.inMemory();
        store.apply(before).orThrow();
        if (problem.isEmpty()) {
            assertThat(store.apply(after).ok()).isTrue();
        } else {
            assertThatThrownBy(() -> store.apply(after))
                    .isInstanceOf(InvalidSpec.class)
                    .hasMessageContaining(problem);
        }
    }

    static Stream<Arguments> defaults() {
        return Stream.of(
                Arguments.of(JOB, "1 1 6 TERMINATING_OR_FAILED"),
                Arguments.of(JOB.parallelism(3), "3 - 6 TERMINATING_OR_FAILED"),
                Arguments.of(JOB.completions(4), "1 4 6 TERMINATING_OR_FAILED"),
                Arguments.of(INDEXED.backoffLimitPerIndex(1), "1 5 2147483647 TERMINATING_OR_FAILED"),
                Arguments.of(INDEXED.backoffLimitPerIndex(1).backoffLimit(2), "1 5 2 TERMINATING_OR_FAILED"),
                Arguments.of(JOB.podFailurePolicy(PodFailurePolicy.none()), "1 1 6 FAILED"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("defaults")
    void fillsInWhatIsOpen(Job job, String expected) {
        Store store = Store.inMemory();
        store.apply(job).orThrow();
        JobSpec spec =
                store.snapshot().get(Job.KIND, Key.of("import")).orElseThrow().spec();
        assertThat(spec.parallelism().orElseThrow() + " "
                        + spec.completions().map(String::valueOf).orElse("-") + " "
                        + spec.backoffLimit().orElseThrow() + " "
                        + spec.podReplacementPolicy().orElseThrow())
                .isEqualTo(expected);
        assertThat(spec.defaulted()).as("twice is once").isEqualTo(spec);
        assertThat(CanonicalText.of(spec)).isEqualTo(CanonicalText.of(spec.defaulted()));
    }

    static Stream<Arguments> refusedCron() {
        return Stream.of(
                Arguments.of("spec.schedule: '': not a schedule", CRON.schedule("")),
                Arguments.of("day of week '7'", CRON.schedule("0 0 * * 7")),
                Arguments.of("a time zone has a field of its own", CRON.schedule("TZ=UTC 0 0 * * *")),
                Arguments.of("spec.timeZone: 'Mars/Olympus'", CRON.zone("Mars/Olympus")),
                Arguments.of("spec.timeZone: '+02:00'", CRON.zone("+02:00")),
                Arguments.of("spec.timeZone: ''", CRON.zone("")),
                Arguments.of("spec.startingDeadline: PT-1S", CRON.startingDeadline(Duration.ofSeconds(-1))),
                Arguments.of("spec.successfulJobsHistoryLimit: -1", CRON.historyLimits(-1, 1)),
                Arguments.of("spec.failedJobsHistoryLimit: -1", CRON.historyLimits(1, -1)),
                Arguments.of("spec.jobTemplate.spec.parallelism: -1", CRON.job(job -> job.parallelism(-1))),
                Arguments.of("spec.jobTemplate.metadata.labels: 'a b'", CRON.job(job -> job.label("a b", ""))),
                Arguments.of(
                        "spec.jobTemplate.spec.template.spec.restartPolicy: ALWAYS",
                        CRON.job(job -> job.restartPolicy(RestartPolicy.ALWAYS))),
                Arguments.of("metadata.name", new CronJob("x".repeat(53), CRON.labels(), CRON.spec())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedCron")
    void refusesACronJobThatKubernetesWould(String problem, CronJob cron) {
        assertThatThrownBy(() -> Store.inMemory().apply(cron))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContaining(problem);
    }

    @Test
    void aCronJobMayChangeInEverything() {
        Store store = Store.inMemory();
        store.apply(CRON).orThrow();
        assertThat(store.apply(CRON.schedule("@hourly")
                                .zone("Europe/Berlin")
                                .job(job -> job.completions(4).indexed().container(c -> c.env("A", "b"))))
                        .ok())
                .isTrue();
    }
}
