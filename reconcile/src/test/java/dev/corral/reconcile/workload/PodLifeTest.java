package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** From the first init container to the last message. */
class PodLifeTest {
    private static final Probe PROBE = Probe.exec("true");
    private static final PodSpec PREPARED = PodSpec.empty()
            .initContainer("one", c -> c.command("one"))
            .sidecar("log", c -> c.command("log"))
            .initContainer("two", c -> c.command("two"))
            .container("web", c -> c.command("web"))
            .container("db", c -> c.command("db"));

    @Test
    void initContainersComeOneAfterTheOtherAndSidecarsRunOn() {
        Scene pod = new Scene(PREPARED).settle();
        assertThat(pod.done()).containsExactly("start one");
        assertThat(pod.state("web")).isEqualTo(ContainerState.POD_INITIALIZING);
        assertThat(pod.status.phase()).isEqualTo(PodPhase.PENDING);
        assertThat(pod.status
                        .conditions()
                        .get(PodStatus.INITIALIZED)
                        .orElseThrow()
                        .message())
                .isEqualTo("not done: one, log, two");
        assertThat(pod.exit("one", 0).settle().done()).containsExactly("start log", "start two");
        assertThat(pod.exit("two", 0).settle().done()).containsExactly("start web", "start db");
        assertThat(pod.holds(PodStatus.INITIALIZED)).isTrue();
        assertThat(pod.status.phase()).isEqualTo(PodPhase.RUNNING);
        assertThat(pod.status.ready()).isTrue();
        assertThat(pod.state("one")).isEqualTo(ContainerState.COMPLETED);
    }

    @Test
    void theNextOneWaitsUntilASidecarHasPassedItsStartupProbe() {
        Scene pod = new Scene(PodSpec.empty()
                        .sidecar("log", c -> c.command("log").startup(PROBE).postStart(Lifecycle.exec("ready")))
                        .container("web", c -> c.command("web")))
                .settle();
        assertThat(pod.done()).containsExactly("start log");
        assertThat(pod.postStart("log", HookState.DONE).settle().done()).isEmpty();
        assertThat(pod.answers("log", ProbeKind.STARTUP, true, 1).settle().done())
                .containsExactly("start web");
    }

    @Test
    void anInitContainerThatFailsIsRetriedAloneUnderBackOff() {
        Scene pod = new Scene(PREPARED).settle().exit("one", 0).settle();
        pod.done();
        assertThat(pod.exit("two", 1).settle().done()).containsExactly("start 1 two");
        assertThat(pod.exit("two", 1).settle().done()).isEmpty();
        assertThat(pod.state("two")).isEqualTo(ContainerState.CRASH_LOOP_BACK_OFF);
        assertThat(pod.status.phase()).isEqualTo(PodPhase.PENDING);
        assertThat(pod.wake().done()).containsExactly("start 2 two");
        assertThat(pod.now).isEqualTo(Scene.START.plusSeconds(10));
    }

    @Test
    void underNeverAFailedInitContainerFailsThePodOnceItsSidecarsHaveEnded() {
        Scene pod = new Scene(PREPARED.restartPolicy(RestartPolicy.NEVER))
                .settle()
                .exit("one", 0)
                .settle();
        pod.deaf.add("log");
        pod.done();
        assertThat(pod.exit("two", 3).settle().done()).containsExactly("term log");
        assertThat(pod.status.phase()).isEqualTo(PodPhase.PENDING);
        pod.exit("log", 0).settle();
        assertThat(pod.status.phase()).isEqualTo(PodPhase.FAILED);
        assertThat(pod.done()).isEmpty();
    }

    @Test
    void anInitContainersOwnPolicyComesFirst() {
        PodSpec spec = PREPARED.initContainer("one", c -> c.restartPolicy(RestartPolicy.NEVER));
        Scene pod = new Scene(spec).settle().exit("one", 1).settle();
        assertThat(pod.status.phase()).isEqualTo(PodPhase.FAILED);
    }

    @Test
    void aChangedDefinitionOfAnInitContainerThatIsDoneChangesNothing() {
        Scene pod = new Scene(PREPARED).settle().exit("one", 0).settle();
        pod.done();
        pod.spec = pod.spec.initContainer("one", c -> c.env("A", "b"));
        assertThat(pod.settle().done()).isEmpty();
    }

    @Test
    void aSidecarIsRestartedUnderAnyPolicyAndItsEndsDoNotCount() {
        Scene pod = running(PREPARED.restartPolicy(RestartPolicy.NEVER));
        assertThat(pod.exit("log", 1).settle().done()).containsExactly("start 1 log");
        pod.exit("web", 0).settle();
        assertThat(pod.status.phase()).isEqualTo(PodPhase.RUNNING);
        assertThat(pod.exit("db", 0).settle().done()).containsExactly("term log");
        assertThat(pod.status.phase()).isEqualTo(PodPhase.SUCCEEDED);
    }

    @Test
    void aPodIsNotOverBeforeItsSidecars() {
        Scene pod = running(PREPARED.restartPolicy(RestartPolicy.NEVER));
        pod.deaf.add("log");
        pod.exit("web", 0).exit("db", 1).settle();
        assertThat(pod.status.phase()).isEqualTo(PodPhase.RUNNING);
        assertThat(pod.wake().done()).containsExactly("term log", "kill log");
        assertThat(pod.now).isEqualTo(Scene.START.plusSeconds(30));
        assertThat(pod.status.phase()).isEqualTo(PodPhase.FAILED);
    }

    @ParameterizedTest(name = "{0}, own {1}, exit code {2}: restarted {3}")
    @CsvSource({
        "ALWAYS, , 0, true", "ALWAYS, , 1, true", "ON_FAILURE, , 0, false", "ON_FAILURE, , 1, true",
        "NEVER, , 0, false", "NEVER, , 1, false", "ALWAYS, NEVER, 1, false", "NEVER, ALWAYS, 0, true",
        "NEVER, ON_FAILURE, 1, true", "NEVER, ON_FAILURE, 0, false"
    })
    void theRestartTable(RestartPolicy policy, RestartPolicy own, int code, boolean restarted) {
        PodSpec spec = web(policy).container("web", c -> own == null ? c : c.restartPolicy(own));
        Scene pod = new Scene(spec.container("other", c -> c.command("other"))).settle();
        pod.done();
        assertThat(pod.exit("web", code).settle().done().contains("start 1 web"))
                .isEqualTo(restarted);
    }

    @ParameterizedTest
    @EnumSource(RestartPolicy.class)
    void anEndThatNobodySawIsFollowedByAStartUnderAnyPolicy(RestartPolicy policy) {
        Scene pod = new Scene(web(policy)).settle();
        pod.done();
        pod.runs.put(
                "web",
                new Observation.Gone(
                        pod.spec.containers().get(0),
                        ContainerState.Terminated.unseen(pod.now, pod.now),
                        Optional.empty()));
        assertThat(pod.settle().done()).containsExactly("start 1 web");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "ALWAYS, LIVENESS, true",
        "ON_FAILURE, LIVENESS, true",
        "NEVER, LIVENESS, false",
        "ALWAYS, STARTUP, true",
        "ON_FAILURE, STARTUP, true",
        "NEVER, STARTUP, false"
    })
    void aFailedProbeHasItEndedAndStartedAgainUnlessThePolicyIsNever(
            RestartPolicy policy, ProbeKind kind, boolean again) {
        PodSpec spec =
                web(policy).container("web", c -> kind == ProbeKind.STARTUP ? c.startup(PROBE) : c.liveness(PROBE));
        Scene pod = new Scene(spec).settle();
        pod.deaf.add("web");
        pod.done();
        assertThat(pod.answers("web", kind, false, 2).settle().done()).isEmpty();
        assertThat(pod.answers("web", kind, false, 1).settle().done()).containsExactly("term web");
        assertThat(pod.status.ready()).isFalse();
        assertThat(pod.exit("web", 0).settle().done().contains("start 1 web")).isEqualTo(again);
    }

    @Test
    void aProbesOwnGraceBoundsTheEndItCauses() {
        Probe strict = PROBE.terminationGracePeriod(Duration.ofSeconds(5));
        Scene pod = new Scene(web(RestartPolicy.ALWAYS).container("web", c -> c.liveness(strict))).settle();
        pod.deaf.add("web");
        pod.answers("web", ProbeKind.LIVENESS, false, 3).settle();
        pod.done();
        assertThat(pod.wake().done()).containsExactly("kill web", "start 1 web");
        assertThat(pod.now).isEqualTo(Scene.START.plusSeconds(5));
    }

    @Test
    void aHookThatFailsAfterTheStartHasTheContainerEnded() {
        Scene pod = new Scene(web(RestartPolicy.ALWAYS).container("web", c -> c.postStart(Lifecycle.exec("warm"))))
                .settle();
        assertThat(pod.status.container("web").orElseThrow().started()).isFalse();
        assertThat(pod.status.ready()).isFalse();
        pod.done();
        assertThat(pod.postStart("web", HookState.FAILED).settle().done()).containsExactly("term web", "start 1 web");
        assertThat(pod.postStart("web", HookState.DONE).settle().status.ready()).isTrue();
    }

    @Test
    void readinessGatesHaveToBeOpenToo() {
        Scene pod = running(web(RestartPolicy.ALWAYS).readinessGate("example.com/Balanced"));
        assertThat(pod.holds(PodStatus.CONTAINERS_READY)).isTrue();
        assertThat(pod.status.ready()).isFalse();
        assertThat(pod.status.conditions().get(PodStatus.READY).orElseThrow().reason())
                .isEqualTo("ReadinessGatesNotReady");
        assertThat(pod.condition("example.com/Balanced", true).settle().status.ready())
                .isTrue();
        assertThat(pod.condition("example.com/Balanced", false).settle().status.ready())
                .isFalse();
    }

    @Test
    void aSidecarThatIsNotReadyKeepsThePodOutOfRotation() {
        Scene pod = running(PREPARED.sidecar("log", c -> c.readiness(PROBE)));
        assertThat(pod.status.ready()).isFalse();
        assertThat(pod.answers("log", ProbeKind.READINESS, true, 1)
                        .settle()
                        .status
                        .ready())
                .isTrue();
    }

    @Test
    void afterItsDeadlineThePodLeavesTheRotationAndFails() {
        Scene pod = running(web(RestartPolicy.ALWAYS).activeDeadline(Duration.ofSeconds(60)));
        pod.deaf.add("web");
        pod.leased = true;
        assertThat(pod.status.ready()).isTrue();
        assertThat(pod.wake().done()).isEmpty();
        assertThat(pod.now).isEqualTo(Scene.START.plusSeconds(60));
        assertThat(pod.status.ready()).isFalse();
        assertThat(pod.status.reason()).isEqualTo(PodStatus.DEADLINE_EXCEEDED);
        pod.leased = false;
        assertThat(pod.settle().done()).containsExactly("term web");
        assertThat(pod.status.phase()).isEqualTo(PodPhase.RUNNING);
        assertThat(pod.wake().done()).containsExactly("kill web");
        assertThat(pod.status.phase()).isEqualTo(PodPhase.FAILED);
    }

    @Test
    void aPodThatGoesEndsItsSidecarsLastAndInReverse() {
        Scene pod = running(PodSpec.empty()
                .sidecar("net", c -> c.command("net"))
                .sidecar("log", c -> c.command("log"))
                .container("web", c -> c.command("web"))
                .container("db", c -> c.command("db")));
        pod.deaf.add("db");
        pod.delete(Duration.ofSeconds(20)).settle();
        assertThat(pod.done()).containsExactly("term web", "term db");
        pod.wait(Duration.ofSeconds(1)).exit("db", 0).settle();
        assertThat(pod.done()).containsExactly("term log", "term net");
        assertThat(pod.finished()).isTrue();
    }

    @Test
    void hooksBeginTogetherAndTheirTimeIsPartOfTheGrace() {
        Lifecycle.Hook hook = Lifecycle.exec("drain");
        Scene pod = running(PodSpec.empty()
                .sidecar("log", c -> c.command("log").preStop(hook))
                .container("web", c -> c.command("web").preStop(hook))
                .container("db", c -> c.command("db")));
        pod.deaf.addAll(Set.of("web", "log"));
        pod.delete(Duration.ofSeconds(20)).settle();
        assertThat(pod.done()).containsExactly("prepare log", "prepare web", "term db");
        assertThat(pod.wait(Duration.ofSeconds(2))
                        .preStop("web", HookState.FAILED)
                        .settle()
                        .done())
                .containsExactly("term web");
        assertThat(pod.preStop("log", HookState.DONE).settle().done()).isEmpty();
        assertThat(pod.wake().done()).containsExactly("term log", "kill web");
        assertThat(pod.now).isEqualTo(Scene.START.plusSeconds(20));
        assertThat(pod.wake().done()).containsExactly("kill log");
        assertThat(pod.now).isEqualTo(Scene.START.plusSeconds(22));
    }

    @Test
    void aHookThatUsesUpTheGraceLeavesTwoSecondsForTheSignal() {
        Scene pod = running(web(RestartPolicy.ALWAYS).container("web", c -> c.preStop(Lifecycle.exec("drain"))));
        pod.deaf.add("web");
        pod.delete(Duration.ofSeconds(20)).settle();
        assertThat(pod.done()).containsExactly("prepare web");
        assertThat(pod.wake().done()).containsExactly("term web");
        assertThat(pod.now).isEqualTo(Scene.START.plusSeconds(20));
        assertThat(pod.wake().done()).containsExactly("kill web");
        assertThat(pod.now).isEqualTo(Scene.START.plusSeconds(22));
    }

    @Test
    void theDeadlineOfAnEndOnlyComesForward() {
        Scene pod = running(web(RestartPolicy.ALWAYS));
        pod.deaf.add("web");
        pod.spec = pod.spec.container("web", c -> c.env("VERSION", "2"));
        pod.settle();
        assertThat(pod.done()).containsExactly("term web");
        pod.wait(Duration.ofSeconds(10)).delete(Duration.ofSeconds(60)).settle();
        assertThat(pod.wake().done()).containsExactly("kill web");
        assertThat(pod.now).isEqualTo(Scene.START.plusSeconds(30));
    }

    @Test
    void anAgentThatHasLostSightBeginsWithTheInitContainers() {
        Scene pod = running(PREPARED);
        pod.loseSight().settle();
        assertThat(pod.done()).containsExactly("start 1 one");
        assertThat(pod.status.phase()).as("its init containers are unfinished").isEqualTo(PodPhase.PENDING);
        assertThat(pod.status.container("web").orElseThrow().lastState())
                .map(ContainerState.Terminated::reason)
                .contains(ContainerState.UNKNOWN);
        pod.exit("one", 0).settle().exit("two", 0).settle();
        assertThat(pod.done()).containsExactly("start 1 log", "start 1 two", "start 1 web", "start 1 db");
        assertThat(pod.status.phase()).isEqualTo(PodPhase.RUNNING);
    }

    @Test
    void whatHasSucceededUnderOnFailureStaysOutWhenSightIsLost() {
        Scene pod = running(PREPARED.restartPolicy(RestartPolicy.ON_FAILURE));
        pod.exit("web", 0)
                .settle()
                .loseSight()
                .settle()
                .exit("one", 0)
                .settle()
                .exit("two", 0)
                .settle();
        assertThat(pod.done()).containsExactly("start 1 one", "start 1 log", "start 1 two", "start 1 db");
        assertThat(pod.state("web")).isEqualTo(ContainerState.COMPLETED);
    }

    @Test
    void aPodThatIsNeverRestartedHasFailedWhenSightIsLost() {
        Scene pod = running(PREPARED.restartPolicy(RestartPolicy.NEVER));
        pod.loseSight().settle();
        assertThat(pod.done()).isEmpty();
        assertThat(pod.status.phase()).isEqualTo(PodPhase.FAILED);
        assertThat(pod.state("web")).isEqualTo(ContainerState.UNKNOWN);
    }

    @ParameterizedTest
    @EnumSource(
            value = RestartPolicy.class,
            names = {"NEVER", "ON_FAILURE"})
    void aPodWhoseMainContainersHaveSucceededHasToWhenSightIsLostOfItsSidecars(RestartPolicy policy) {
        Scene pod = running(PREPARED.restartPolicy(policy));
        pod.deaf.add("log");
        pod.exit("web", 0).exit("db", 0).settle();
        assertThat(pod.done()).containsExactly("term log");
        pod.loseSight().settle();
        assertThat(pod.done()).isEmpty();
        assertThat(pod.status.phase()).isEqualTo(PodPhase.SUCCEEDED);
    }

    @Test
    void aPodOfWhichOneThatIsNeverRestartedHasFailedStaysSoWhenSightIsLostOfItsSidecars() {
        Scene pod = running(PREPARED.restartPolicy(RestartPolicy.ON_FAILURE)
                .container("db", c -> c.restartPolicy(RestartPolicy.NEVER)));
        pod.deaf.add("log");
        pod.exit("web", 0).exit("db", 1).settle().done();
        pod.loseSight().settle();
        assertThat(pod.done()).isEmpty();
        assertThat(pod.status.phase()).isEqualTo(PodPhase.FAILED);
    }

    @Test
    void withoutARunThereIsNothingToLose() {
        Scene pod = new Scene(web(RestartPolicy.NEVER)).loseSight().settle();
        assertThat(pod.done()).containsExactly("start web");
    }

    private static PodSpec web(RestartPolicy policy) {
        return PodSpec.empty().container("web", c -> c.command("web")).restartPolicy(policy);
    }

    /** With all init containers done, and nothing logged of that. */
    private static Scene running(PodSpec spec) {
        Scene pod = new Scene(spec).settle();
        for (Container init : spec.initContainers()) {
            if (!init.restartsAlways()) {
                pod.exit(init.name(), 0).settle();
            }
        }
        pod.done();
        return pod;
    }
}
