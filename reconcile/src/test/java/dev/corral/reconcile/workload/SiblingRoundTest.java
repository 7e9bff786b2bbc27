package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SiblingRoundTest {
    private static final PodSpec POD = PodSpec.empty()
            .initContainer("init", c -> c.command("init"))
            .sidecar("log", c -> c.command("log"))
            .container("a", c -> c.command("a"))
            .container("b", c -> c.command("b"))
            .container("c", c -> c.command("c"));

    @ParameterizedTest(name = "{0} after the end of {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "ONE_FOR_ONE  | b   | start 1 b",
                "REST_FOR_ONE | b   | term c, forget b, forget c, start 1 b, start 1 c",
                "REST_FOR_ONE | c   | forget c, start 1 c",
                "REST_FOR_ONE | log | term c, term b, term a, forget log, forget a, forget b, forget c, start 1 log,"
                        + " start 1 a, start 1 b, start 1 c",
                "ONE_FOR_ALL  | b   | term c, term a, term log, forget log, forget a, forget b, forget c, forget init,"
                        + " start 1 init"
            })
    void othersAreEndedInReverseAndBeginAnewInOrder(SiblingRestarts manner, String ended, String done) {
        Scene pod = running(POD.siblingRestarts(manner));
        assertThat(pod.exit(ended, 1).settle().done()).containsExactly(done.split(", +"));
    }

    @Test
    void theWholePodBeginsAnewWithItsInitContainers() {
        Scene pod = running(POD.siblingRestarts(SiblingRestarts.ONE_FOR_ALL));
        pod.exit("a", 0).settle();
        assertThat(pod.holds(PodStatus.INITIALIZED)).isFalse();
        pod.done();
        assertThat(pod.exit("init", 0).settle().done())
                .containsExactly("start 1 log", "start 1 a", "start 1 b", "start 1 c");
        assertThat(pod.holds(PodStatus.INITIALIZED)).isTrue();
    }

    @Test
    void eachIsEndedOnceTheOneAfterItHasEndedAndKilledAtTheEndOfItsGrace() {
        Scene pod = running(POD.siblingRestarts(SiblingRestarts.ONE_FOR_ALL));
        pod.deaf.addAll(List.of("b", "c"));
        assertThat(pod.exit("a", 1).settle().done()).containsExactly("term c");
        assertThat(pod.wait(Duration.ofSeconds(4)).exit("c", 0).settle().done()).containsExactly("term b");
        assertThat(pod.wake().done()).startsWith("kill b", "term log");
        assertThat(pod.now).isEqualTo(Scene.START.plusSeconds(34));
    }

    @Test
    void noneIsSignalledWhileThePodIsInUse() {
        Scene pod = running(POD.siblingRestarts(SiblingRestarts.REST_FOR_ONE));
        pod.leased = true;
        assertThat(pod.exit("b", 1).settle().done()).isEmpty();
        assertThat(pod.status.ready()).isFalse();
        pod.leased = false;
        assertThat(pod.settle().done()).startsWith("term c");
    }

    @Test
    void oneRestartOfAllIsOneStepOfBackOffOfTheOneThatHasEnded() {
        Scene pod = running(POD.siblingRestarts(SiblingRestarts.REST_FOR_ONE));
        pod.exit("b", 1).settle();
        pod.done();
        assertThat(pod.exit("b", 1).settle().done()).containsExactly("term c");
        assertThat(pod.state("b")).isEqualTo(ContainerState.CRASH_LOOP_BACK_OFF);
        assertThat(pod.state("c")).isEqualTo(ContainerState.CONTAINER_CREATING);
        assertThat(pod.wake().done()).containsExactly("forget b", "forget c", "start 2 b", "start 2 c");
        assertThat(pod.now).isEqualTo(Scene.START.plusSeconds(10));
        assertThat(pod.status.container("c").orElseThrow().backOff()).isEmpty();
    }

    @Test
    void aChangedDefinitionRestartsThatContainerAlone() {
        Scene pod = running(POD.siblingRestarts(SiblingRestarts.ONE_FOR_ALL));
        pod.spec = pod.spec.container("b", c -> c.env("VERSION", "2"));
        assertThat(pod.settle().done()).containsExactly("term b", "start 1 b");
    }

    @Test
    void whatHasEndedForGoodStaysOut() {
        Scene pod = running(POD.siblingRestarts(SiblingRestarts.ONE_FOR_ALL).restartPolicy(RestartPolicy.ON_FAILURE));
        pod.exit("a", 0).settle();
        assertThat(pod.done()).isEmpty();
        pod.exit("b", 1).settle().exit("init", 0).settle();
        assertThat(pod.done())
                .containsExactly(
                        "term c",
                        "term log",
                        "forget log",
                        "forget b",
                        "forget c",
                        "forget init",
                        "start 1 init",
                        "start 1 log",
                        "start 1 b",
                        "start 1 c");
        assertThat(pod.state("a")).isEqualTo(ContainerState.COMPLETED);
    }

    @ParameterizedTest
    @EnumSource(SiblingRestarts.class)
    void aPodGivesUpInsteadOfOneRestartMoreThanItMay(SiblingRestarts manner) {
        Scene pod = running(POD.siblingRestarts(manner).giveUpAfter(1, Duration.ofSeconds(11)));
        pod.exit("b", 1).settle();
        if (manner == SiblingRestarts.ONE_FOR_ALL) {
            pod.exit("init", 0).settle();
        }
        pod.done();
        pod.exit("b", 1).settle();
        assertThat(pod.status.reason()).isEqualTo(PodStatus.RESTART_LIMIT_EXCEEDED);
        assertThat(pod.status.message()).isEqualTo("more than 1 restarts within PT11S");
        assertThat(pod.status.phase()).isEqualTo(PodPhase.FAILED);
        assertThat(pod.done()).containsExactly("term a", "term c", "term log");
    }

    @Test
    void restartsOutsideTheWindowAreForgotten() {
        Scene pod = running(POD.giveUpAfter(1, Duration.ofSeconds(11)));
        pod.exit("b", 1).settle().wait(Duration.ofSeconds(12));
        pod.exit("c", 1).settle();
        assertThat(pod.status.phase()).isEqualTo(PodPhase.RUNNING);
        assertThat(pod.status.restarted()).containsExactly(Scene.START.plusSeconds(12));
        pod.wait(Duration.ofSeconds(10)).exit("a", 1).settle();
        assertThat(pod.status.phase()).as("those of all containers count").isEqualTo(PodPhase.FAILED);
    }

    @Test
    void withoutAnyRestartAllowedTheFirstEndIsTheLast() {
        Scene pod = running(POD.giveUpAfter(0, Duration.ofSeconds(1)));
        assertThat(pod.exit("a", 0).settle().status.phase()).isEqualTo(PodPhase.FAILED);
    }

    private static Scene running(PodSpec spec) {
        Scene pod = new Scene(spec).settle().exit("init", 0).settle();
        pod.done();
        return pod;
    }
}
