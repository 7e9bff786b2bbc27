package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.InvalidSpec;
import dev.corral.reconcile.LabelSelector;
import dev.corral.reconcile.testing.Simulation;
import dev.corral.reconcile.workload.NodeSelectorTerm.Operator;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What of each kind is refused, with the paths of all that is wrong, and what of it can't be changed. */
class AdmissionTest {
    private static final LabelSelector OTHER = LabelSelector.of("app", "other");
    private static final Deployment WEB = Deployment.named("web").container(c -> c.command("serve"));
    private static final ReplicaSet SET = ReplicaSet.named("web").container(c -> c.command("serve"));
    private static final StatefulSet DB = StatefulSet.named("db").container(c -> c.command("store"));
    private static final DaemonSet AGENT = DaemonSet.named("agent").container(c -> c.command("watch"));
    private static final Job IMPORT = Job.named("import").container(c -> c.command("import"));
    private static final CronJob TICK =
            CronJob.named("tick").schedule("@daily").job(job -> job.container(c -> c.command("tick")));

    static Stream<Arguments> changes() {
        return Stream.of(
                Arguments.of(WEB, WEB.spec(s -> s.selector(OTHER)).template(t -> t.label("app", "other")), "selector"),
                Arguments.of(
                        SET,
                        new ReplicaSet("web", SET.labels(), SET.spec().selector(OTHER))
                                .template(t -> t.label("app", "other")),
                        "selector"),
                Arguments.of(DB, DB.spec(s -> s.selector(OTHER)).template(t -> t.label("app", "other")), "selector"),
                Arguments.of(DB, DB.parallel(), "podManagementPolicy"),
                Arguments.of(DB, DB.serviceName("dbs"), "serviceName"),
                Arguments.of(DB, DB.storage("data"), "volumeClaimTemplates"),
                Arguments.of(
                        AGENT,
                        AGENT.spec(s -> new DaemonSetSpec(
                                OTHER,
                                s.template().label("app", "other"),
                                s.updateStrategy(),
                                s.minReady(),
                                s.revisionHistoryLimit())),
                        "selector"),
                Arguments.of(IMPORT, IMPORT.completions(5), "completions"),
                Arguments.of(IMPORT, IMPORT.indexed().completions(1), "completionMode"),
                Arguments.of(IMPORT, IMPORT.container(c -> c.env("A", "b")), "template"),
                Arguments.of(
                        IMPORT.indexed().completions(3),
                        IMPORT.indexed().completions(3).backoffLimitPerIndex(2),
                        "backoffLimitPerIndex"));
    }

    @ParameterizedTest(name = "{index}: {2}")
    @MethodSource("changes")
    void whatIsFixedStays(Declared<?, ?> before, Declared<?, ?> after, String field) {
        Simulation world = Simulation.ofWorkloads().apply(before);
        long version = world.snapshot().version();
        assertThatThrownBy(() -> world.apply(after))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContaining("spec." + field + ": ")
                .hasMessageContaining("it can't be changed");
        assertThat(world.snapshot().version()).isEqualTo(version);
    }

    private static final String REQUIRED =
            "template.spec.affinity.nodeAffinity" + ".requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";

    static Stream<Arguments> wrong() {
        Duration negative = Duration.ofSeconds(-1);
        return Stream.of(
                Arguments.of(
                        WEB.replicas(-1)
                                .minReady(negative)
                                .revisionHistoryLimit(-1)
                                .progressDeadline(negative)
                                .container("B!", c -> c),
                        "replicas minReady revisionHistoryLimit progressDeadline template.spec.containers[1].name"
                                + " template.spec.containers[1].command"),
                Arguments.of(
                        SET.replicas(-1).minReady(negative).template(t -> t.label("app", "x y")),
                        "replicas minReady selector template.labels[app]"),
                Arguments.of(
                        DB.replicas(-1)
                                .startOrdinal(-1)
                                .minReady(negative)
                                .maxUnavailable(0)
                                .revisionHistoryLimit(-1),
                        "replicas startOrdinal minReady updateStrategy.rollingUpdate.maxUnavailable"
                                + " revisionHistoryLimit"),
                Arguments.of(
                        AGENT.minReady(negative)
                                .nodeSelector("-", "x")
                                .spec(s -> s.revisionHistoryLimit(-1))
                                .template(t -> t.spec(p -> p.restartPolicy(RestartPolicy.NEVER))),
                        "minReady revisionHistoryLimit template.spec.nodeSelector template.spec.restartPolicy"),
                Arguments.of(
                        AGENT.template(t -> t.spec(p -> p.nodeAffinity(
                                NodeSelectorTerm.empty()
                                        .and("-", Operator.EXISTS)
                                        .and("disk", Operator.IN)
                                        .and("disk", Operator.EXISTS, "x")
                                        .and("cores", Operator.GT, "many"),
                                NodeSelectorTerm.empty().and("disk", Operator.NOT_IN, "x y")))),
                        Stream.of(
                                        "0].matchExpressions[0].key",
                                        "0].matchExpressions[1].values",
                                        "0].matchExpressions[2].values",
                                        "0].matchExpressions[3].values",
                                        "1].matchExpressions[0].values[0]")
                                .map(field -> REQUIRED + "[" + field)
                                .collect(Collectors.joining(" "))),
                Arguments.of(AGENT.template(t -> t.spec(PodSpec::nodeAffinity)), REQUIRED),
                Arguments.of(
                        IMPORT.parallelism(-1)
                                .completions(-1)
                                .backoffLimit(-1)
                                .activeDeadline(Duration.ZERO)
                                .ttlAfterFinished(negative)
                                .restartPolicy(RestartPolicy.ALWAYS),
                        "parallelism completions backoffLimit activeDeadline ttlAfterFinished"
                                + " template.spec.restartPolicy"),
                Arguments.of(
                        TICK.schedule("0 0 * * 7")
                                .zone("Nowhere/Land")
                                .startingDeadline(negative)
                                .historyLimits(-1, -1)
                                .jitter(negative)
                                .job(job -> job.parallelism(-1)),
                        "schedule timeZone startingDeadline successfulJobsHistoryLimit failedJobsHistoryLimit jitter"
                                + " jobTemplate.spec.parallelism"));
    }

    @ParameterizedTest(name = "{index}: {1}")
    @MethodSource("wrong")
    void allThatIsWrongIsToldAtOnce(Declared<?, ?> declared, String fields) {
        Simulation world = Simulation.ofWorkloads();
        assertThatThrownBy(() -> world.apply(declared))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContainingAll(Stream.of(fields.split(" ", -1))
                        .map(field -> "spec." + field + ": ")
                        .toArray(String[]::new));
        assertThat(world.find(declared.kind(), declared.name())).isEmpty();
    }

    static Stream<Declared<?, ?>> kinds() {
        return Stream.of(WEB, SET, DB, AGENT, IMPORT, TICK);
    }

    /** Equal specs have equal texts, which nothing but the values decides: no order of insertion, no hash code. */
    @ParameterizedTest(name = "{index}")
    @MethodSource("kinds")
    void aSpecHasOneText(Declared<?, ?> declared) {
        String text = CanonicalText.of(declared.spec());
        assertThat(text)
                .startsWith(declared.spec().getClass().getSimpleName() + "[")
                .doesNotContain("Optional")
                .doesNotContainPattern("@[0-9a-f]{4,}")
                .contains("Container[name=\"main\", command=[\"");
    }
}
