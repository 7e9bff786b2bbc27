package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What of the life of a pod is refused, and with which words. */
class PodRulesTest {
    private static final Probe EXEC = Probe.exec("true");

    private static PodSpec pod() {
        return PodSpec.empty().container("web", c -> c.command("serve").port("http"));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                wrong("containers[0].livenessProbe.successThreshold", web(c -> c.liveness(EXEC.successThreshold(2)))),
                wrong("containers[0].startupProbe.successThreshold", web(c -> c.startup(EXEC.successThreshold(2)))),
                wrong("containers[0].livenessProbe.command", web(c -> c.liveness(Probe.exec()))),
                wrong("containers[0].livenessProbe.command", web(c -> c.liveness(Probe.exec("")))),
                wrong("containers[0].livenessProbe.command[1]", web(c -> c.liveness(Probe.exec("a", "b\0")))),
                wrong("containers[0].startupProbe.port", web(c -> c.startup(Probe.tcp("admin")))),
                wrong("containers[0].livenessProbe.path", web(c -> c.liveness(Probe.http("http", "x")))),
                wrong("containers[0].livenessProbe.function", web(c -> c.liveness(Probe.function("")))),
                wrong(
                        "containers[0].readinessProbe.terminationGracePeriod",
                        web(c -> c.readiness(EXEC.terminationGracePeriod(Duration.ofSeconds(1))))),
                wrong(
                        "containers[0].livenessProbe.terminationGracePeriod",
                        web(c -> c.liveness(EXEC.terminationGracePeriod(Duration.ZERO)))),
                wrong("containers[0].livenessProbe.period", web(c -> c.liveness(EXEC.period(Duration.ZERO)))),
                wrong("containers[0].lifecycle.postStart.command", web(c -> c.postStart(Lifecycle.exec()))),
                wrong("containers[0].lifecycle.preStop.port", web(c -> c.preStop(Lifecycle.http("x", "/")))),
                wrong("containers[0].lifecycle.preStop.path", web(c -> c.preStop(Lifecycle.http("http", "")))),
                wrong(
                        "containers[0].lifecycle.preStop.sleep",
                        web(c -> c.preStop(Lifecycle.sleep(Duration.ofSeconds(31))))),
                wrong("containers[0].lifecycle.preStop.sleep", web(c -> c.preStop(Lifecycle.sleep(Duration.ZERO)))),
                wrong("containers[0].terminationMessagePath", web(c -> c.terminationMessagePath(Path.of("/log")))),
                wrong("initContainers[0].command", pod().initContainer("init", c -> c)),
                wrong("initContainers[0].readinessProbe", init(c -> c.readiness(EXEC))),
                wrong("initContainers[0].livenessProbe", init(c -> c.liveness(EXEC))),
                wrong("initContainers[0].startupProbe", init(c -> c.startup(EXEC))),
                wrong("initContainers[0].lifecycle", init(c -> c.preStop(Lifecycle.exec("true")))),
                wrong("containers[0].name", pod().initContainer("web", c -> c.command("prepare"))),
                wrong("containers[0].ports[0].name", init(c -> c.port("http"))),
                wrong("activeDeadline", pod().activeDeadline(Duration.ofMillis(999))),
                wrong("readinessGates[0]", pod().readinessGate("not a type")),
                wrong("extension.giveUp.restarts", pod().giveUpAfter(-1, Duration.ofSeconds(1))),
                wrong("extension.giveUp.restarts", pod().giveUpAfter(101, Duration.ofDays(1))),
                wrong("extension.giveUp.window", pod().giveUpAfter(3, Duration.ofSeconds(70))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refused(String field, PodSpec spec) {
        assertThat(problems(spec)).extracting(Problem::field).containsExactly("spec." + field);
    }

    static Stream<PodSpec> taken() {
        return Stream.of(
                init(c -> c.restartPolicy(RestartPolicy.ON_FAILURE)),
                pod().sidecar(
                                "log",
                                c -> c.command("log")
                                        .port("log")
                                        .startup(Probe.tcp("log"))
                                        .liveness(Probe.function("log.alive"))
                                        .readiness(EXEC)
                                        .postStart(Lifecycle.exec("begin"))
                                        .preStop(Lifecycle.http("log", "/flush"))),
                web(c -> c.liveness(EXEC.terminationGracePeriod(Duration.ofSeconds(1)))
                                .preStop(Lifecycle.sleep(Duration.ofSeconds(30)))
                                .mount("words", "/run/words")
                                .terminationMessagePath(Path.of("/run/words/last"))
                                .terminationMessagePolicy(TerminationMessagePolicy.FALLBACK_TO_LOGS_ON_ERROR))
                        .volume(Volume.emptyDir("words")),
                pod().activeDeadline(Duration.ofSeconds(1)).readinessGate("example.com/Balanced"),
                pod().giveUpAfter(3, Duration.ofMillis(70_001)).siblingRestarts(SiblingRestarts.ONE_FOR_ALL),
                pod().giveUpAfter(0, Duration.ofMillis(1)));
    }

    @ParameterizedTest
    @MethodSource
    void taken(PodSpec spec) {
        assertThat(problems(spec)).isEmpty();
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        PodSpec spec = web(c -> c.liveness(Probe.tcp("x").successThreshold(2)).preStop(Lifecycle.exec()))
                .initContainer("init", c -> c.startup(EXEC))
                .activeDeadline(Duration.ZERO);
        assertThat(problems(spec))
                .extracting(Problem::field)
                .containsExactly(
                        "spec.initContainers[0].command",
                        "spec.initContainers[0].startupProbe",
                        "spec.containers[0].livenessProbe.port",
                        "spec.containers[0].livenessProbe.successThreshold",
                        "spec.containers[0].lifecycle.preStop.command",
                        "spec.activeDeadline");
    }

    static Stream<Arguments> unchangeable() {
        return Stream.of(
                change("containers", spec -> spec.container("log", c -> c.command("log"))),
                change("initContainers", spec -> spec.initContainer("more", c -> c.command("x"))),
                change("initContainers", spec -> spec.sidecar("init", c -> c)),
                change("restartPolicy", spec -> spec.restartPolicy(RestartPolicy.NEVER)),
                change("terminationGracePeriod", spec -> spec.terminationGracePeriod(Duration.ofSeconds(31))),
                change("readinessGates", spec -> spec.readinessGate("b")),
                change("activeDeadline", spec -> spec.activeDeadline(Duration.ofSeconds(61))),
                change("extension", spec -> spec.siblingRestarts(SiblingRestarts.REST_FOR_ONE)),
                change("nodeName", spec -> spec.nodeName("other")),
                change("nodeSelector", spec -> spec.nodeSelector("disk", "ssd")),
                change(
                        "affinity",
                        spec -> spec.nodeAffinity(
                                NodeSelectorTerm.empty().and("disk", NodeSelectorTerm.Operator.EXISTS))),
                change("hostname", spec -> spec.hostname("other")),
                change("subdomain", spec -> spec.subdomain("other")),
                change("hostNetwork", spec -> spec.hostNetwork(false)),
                change("hostPID", spec -> spec.hostPID(true)),
                change("shareProcessNamespace", spec -> spec.shareProcessNamespace(true)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void unchangeable(String field, UnaryOperator<PodSpec> edit) {
        PodSpec before = init(c -> c)
                .activeDeadline(Duration.ofSeconds(60))
                .readinessGate("a")
                .nodeName("one")
                .toleration(Toleration.exists("a"));
        assertThat(changes(before, edit.apply(before))).containsExactly("spec." + field);
    }

    static Stream<Arguments> changeable() {
        return Stream.of(
                change("a definition", spec -> spec.container("web", c -> c.liveness(EXEC))),
                change("an init container's definition", spec -> spec.initContainer("init", c -> c.env("A", "b"))),
                change("a node for one without", spec -> spec.nodeName("one")),
                change("one toleration more", spec -> spec.toleration(Toleration.exists("b"))),
                change("a shorter deadline", spec -> spec.activeDeadline(Duration.ofSeconds(59))),
                change("nothing", spec -> spec.siblingRestarts(SiblingRestarts.ONE_FOR_ONE)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void changeable(String what, UnaryOperator<PodSpec> edit) {
        PodSpec before = init(c -> c).activeDeadline(Duration.ofSeconds(60)).toleration(Toleration.exists("a"));
        assertThat(changes(before, edit.apply(before))).as(what).isEmpty();
    }

    @Test
    void aDeadlineMayBeSetLaterButNotTakenBack() {
        PodSpec limited = pod().activeDeadline(Duration.ofSeconds(60));
        assertThat(changes(pod(), limited)).isEmpty();
        assertThat(changes(limited, pod())).containsExactly("spec.activeDeadline");
    }

    @Test
    void neitherItsNodeNorATolerationIsTakenBack() {
        assertThat(changes(pod().nodeName("one"), pod())).containsExactly("spec.nodeName");
        assertThat(changes(pod().toleration(Toleration.exists("a")), pod().toleration(Toleration.exists("b"))))
                .containsExactly("spec.tolerations");
    }

    @Test
    void podsThatAreReplicatedHaveNoDeadline() {
        PodTemplate template = new PodTemplate(Map.of(), pod().activeDeadline(Duration.ofSeconds(60)));
        Problems replicated = Problems.in("spec.template");
        template.validate(replicated);
        assertThat(replicated.list()).extracting(Problem::field).containsExactly("spec.template.spec.activeDeadline");
        Problems job = Problems.in("spec.template");
        new PodTemplate(Map.of(), template.spec().restartPolicy(RestartPolicy.NEVER))
                .validate(job, RestartPolicy.NEVER, RestartPolicy.ON_FAILURE);
        assertThat(job.list()).isEmpty();
    }

    private static Arguments wrong(String field, PodSpec spec) {
        return Arguments.of(field, spec);
    }

    private static Arguments change(String what, UnaryOperator<PodSpec> edit) {
        return Arguments.of(what, edit);
    }

    private static PodSpec web(UnaryOperator<Container> edit) {
        return pod().container("web", edit);
    }

    private static PodSpec init(UnaryOperator<Container> edit) {
        return pod().initContainer("init", c -> edit.apply(c.command("prepare")));
    }

    private static List<Problem> problems(PodSpec spec) {
        Problems problems = Problems.in("spec");
        spec.validate(problems);
        return problems.list();
    }

    private static List<String> changes(PodSpec before, PodSpec after) {
        Problems problems = Problems.in("spec");
        after.validateChange(problems, before);
        return problems.list().stream().map(Problem::field).toList();
    }
}
