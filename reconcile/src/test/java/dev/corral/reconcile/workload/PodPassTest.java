package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.Signal;
import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Deletion;
import dev.corral.reconcile.workload.ContainerState.Terminated;
import dev.corral.reconcile.workload.PodAction.Kill;
import dev.corral.reconcile.workload.PodAction.Start;
import dev.corral.reconcile.workload.PodAction.Terminate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodPassTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final PodSpec WEB =
            PodSpec.empty().container("web", c -> c.command("serve").port("http"));

    private Instant now = START;
    private PodSpec spec = WEB;
    private PodStatus status = PodStatus.unseen();
    private Optional<Deletion> deletion = Optional.empty();
    private boolean leased;
    private final Map<String, Observation> runs = new HashMap<>();

    @Test
    void startsEveryContainerAtOnce() {
        spec = spec.container("log", c -> c.command("log"));
        assertThat(pass().actions()).containsExactly(new Start("web", 0), new Start("log", 0));
        assertThat(status.phase()).isEqualTo(PodPhase.PENDING);
        assertThat(state("web").reason()).isEqualTo(ContainerState.CONTAINER_CREATING);
    }

    @Test
    void waitsForAStartThatIsUnderWay() {
        pass();
        runs.put("web", new Observation.Starting(container("web")));
        assertThat(pass().actions()).isEmpty();
    }

    @Test
    void aRunningPodIsReadyOnceAllItsContainersAre() {
        spec = spec.container("log", c -> c.command("log"));
        live("web", true);
        live("log", false);
        pass();
        assertThat(status.ready()).isFalse();
        assertThat(status.phase()).isEqualTo(PodPhase.RUNNING);
        assertThat(status.container("web").orElseThrow().ports()).containsEntry("http", 4711);
        now = now.plusSeconds(3);
        live("log", true);
        pass();
        assertThat(status.readySince()).contains(START.plusSeconds(3));
        now = now.plusSeconds(3);
        pass();
        assertThat(status.readySince()).contains(START.plusSeconds(3));
    }

    @Test
    void theFirstRestartIsImmediateAndLaterOnesWaitLonger() {
        List<Long> waits = new ArrayList<>();
        for (int end = 0; end < 8; end++) {
            now = now.plusMillis(10);
            Instant ended = now;
            gone("web", 1);
            PodPass pass = pass();
            while (pass.actions().isEmpty()) {
                assertThat(state("web").reason()).isEqualTo(ContainerState.CRASH_LOOP_BACK_OFF);
                assertThat(status.phase()).isEqualTo(PodPhase.RUNNING);
                now = pass.wakeAt().orElseThrow();
                pass = pass();
            }
            assertThat(pass.actions()).containsExactly(new Start("web", end + 1));
            waits.add(Duration.between(ended, now).toSeconds());
        }
        assertThat(waits).containsExactly(0L, 10L, 20L, 40L, 80L, 160L, 300L, 300L);
        assertThat(status.restarts()).isEqualTo(8);
    }

    @Test
    void aLongRunForgetsTheBackOff() {
        gone("web", 1);
        pass();
        gone("web", 1);
        assertThat(pass().actions()).isEmpty();
        now = now.plusSeconds(10);
        pass();
        now = now.plusSeconds(601);
        gone("web", 1);
        assertThat(pass().actions()).hasSize(1);
        gone("web", 1);
        assertThat(pass().wakeAt()).contains(now.plusSeconds(10));
    }

    @Test
    void aChangedDefinitionTakesThePodOutOfRotationBeforeThatContainerIsAskedToEnd() {
        gone("web", 1);
        pass();
        live("web", true);
        pass();
        spec = spec.container(c -> c.env("VERSION", "2"));
        PodPass unready = pass();
        assertThat(unready.actions()).isEmpty();
        assertThat(unready.wakeAt()).contains(now);
        assertThat(status.ready()).isFalse();
        assertThat(pass().actions()).containsExactly(new Terminate("web", EndCause.CHANGED));
        signal("web");
        assertThat(pass().actions()).isEmpty();
        assertThat(status.ready()).isFalse();
        gone("web", 143, container(WEB));
        assertThat(pass().actions()).containsExactly(new Start("web", 2));
        assertThat(status.container("web").orElseThrow().backOff()).isEmpty();
    }

    @Test
    void aContainerThatIsReplacedKeepsItsLeasesForAQuarterOfTheGraceAndIsKilledAtItsEnd() {
        live("web", true);
        pass();
        now = now.plusSeconds(5);
        spec = spec.container(c -> c.env("VERSION", "2")).terminationGracePeriod(Duration.ofSeconds(20));
        leased = true;
        pass();
        PodPass waiting = pass();
        assertThat(waiting.actions()).isEmpty();
        assertThat(waiting.wakeAt()).contains(START.plusSeconds(10));
        now = START.plusSeconds(10);
        assertThat(pass().actions()).containsExactly(new Terminate("web", EndCause.CHANGED));
        signal("web");
        PodPass signalled = pass();
        assertThat(signalled.actions()).isEmpty();
        assertThat(signalled.wakeAt()).contains(START.plusSeconds(30));
        now = START.plusSeconds(30);
        assertThat(pass().actions()).containsExactly(new Kill("web", EndCause.CHANGED));
    }

    @Test
    void aContainerThatWasAskedToEndIsNotReadyAgainWhenItsChangeIsTakenBack() {
        live("web", true);
        pass();
        spec = spec.container(c -> c.env("VERSION", "2"));
        pass();
        pass();
        signal("web");
        spec = WEB;
        assertThat(pass().actions()).isEmpty();
        assertThat(status.ready()).isFalse();
    }

    @Test
    void withoutGraceAChangedContainerIsKilledOnceItIsOutOfRotation() {
        spec = spec.terminationGracePeriod(Duration.ZERO);
        live("web", true);
        pass();
        spec = spec.container(c -> c.env("VERSION", "2"));
        assertThat(pass().actions()).isEmpty();
        leased = true;
        assertThat(pass().actions()).containsExactly(new Kill("web", EndCause.CHANGED));
    }

    @ParameterizedTest
    @CsvSource({"3, FAILED, PodFailed", "0, SUCCEEDED, PodCompleted"})
    void neverLeavesWhatHasEnded(int code, PodPhase phase, String unready) {
        spec = spec.restartPolicy(RestartPolicy.NEVER);
        gone("web", code);
        assertThat(pass().actions()).isEmpty();
        assertThat(status.phase()).isEqualTo(phase);
        assertThat(state("web")).isEqualTo(ended(code));
        assertThat(status.conditions().all())
                .filteredOn(condition -> !condition.holds())
                .hasSize(2)
                .allMatch(condition -> condition.reason().equals(unready));
    }

    @Test
    void onFailureLeavesOnlyWhatHasSucceeded() {
        spec = spec.restartPolicy(RestartPolicy.ON_FAILURE);
        gone("web", 1);
        assertThat(pass().actions()).hasSize(1);
        gone("web", 0);
        assertThat(pass().actions()).isEmpty();
        assertThat(status.phase()).isEqualTo(PodPhase.SUCCEEDED);
        gone("web", 1);
        assertThat(pass().actions()).as("a terminal phase never changes").isEmpty();
    }

    @Test
    void limitsThatWereDroppedAreACondition() {
        runs.put(
                "web",
                new Observation.Live(
                        container("web"),
                        now,
                        Map.of(),
                        List.of("memory 256 MiB: not delegated"),
                        Health.unasked(container("web")),
                        HookState.DONE,
                        Optional.empty()));
        pass();
        assertThat(status.conditions().get(PodStatus.LIMITS_ENFORCED))
                .get()
                .returns(Condition.Status.FALSE, Condition::status)
                .returns("memory 256 MiB: not delegated", Condition::message);
    }

    @Test
    void aPodThatGoesWaitsForItsLeasesForAQuarterOfTheGrace() {
        live("web", true);
        pass();
        delete(Duration.ofSeconds(20));
        leased = true;
        PodPass waiting = pass();
        assertThat(waiting.actions()).isEmpty();
        assertThat(waiting.wakeAt()).contains(START.plusSeconds(5));
        now = START.plusSeconds(5);
        assertThat(pass().actions()).containsExactly(new Terminate("web", EndCause.POD));
    }

    @Test
    void withoutLeasesTheSignalIsSentAtOnceAndTheKillAtTheEndOfTheGrace() {
        live("web", true);
        pass();
        delete(Duration.ofSeconds(20));
        assertThat(pass().actions()).containsExactly(new Terminate("web", EndCause.POD));
        signal("web");
        PodPass waiting = pass();
        assertThat(waiting.actions()).isEmpty();
        assertThat(waiting.finished()).isFalse();
        assertThat(waiting.wakeAt()).contains(START.plusSeconds(20));
        now = START.plusSeconds(20);
        assertThat(pass().actions()).containsExactly(new Kill("web", EndCause.POD));
        runs.put("web", new Observation.Closing());
        assertThat(pass().finished()).isFalse();
        gone("web", 137);
        assertThat(pass().finished()).isTrue();
        assertThat(state("web")).isEqualTo(ended(137));
    }

    @Test
    void betweenTheSignalAndTheKillAreTwoSecondsAtLeast() {
        live("web", true);
        delete(Duration.ofSeconds(4));
        leased = true;
        pass();
        now = START.plusSeconds(3);
        leased = false;
        pass();
        signal("web");
        assertThat(pass().wakeAt()).contains(START.plusSeconds(5));
    }

    @Test
    void aGraceOfZeroKillsAtOnce() {
        live("web", true);
        delete(Duration.ZERO);
        leased = true;
        assertThat(pass().actions()).containsExactly(new Kill("web", EndCause.POD));
    }

    @Test
    void nothingIsStartedInAPodThatGoes() {
        delete(Duration.ofSeconds(20));
        PodPass pass = pass();
        assertThat(pass.actions()).isEmpty();
        assertThat(pass.finished()).isTrue();
        gone("web", 1);
        assertThat(pass().actions()).isEmpty();
    }

    private PodPass pass() {
        PodPass pass = PodPass.of(new PodPass.View(spec, status, 1, deletion, Map.copyOf(runs), false, leased, now));
        status = pass.status();
        return pass;
    }

    private void delete(Duration grace) {
        deletion = Optional.of(new Deletion(now, grace));
    }

    private void live(String name, boolean ready) {
        Container container = container(name);
        Health health = Health.unasked(ready ? container : container.readiness(Probe.exec("true")));
        runs.put(
                name,
                new Observation.Live(
                        container, now, Map.of("http", 4711), List.of(), health, HookState.DONE, Optional.empty()));
    }

    private void signal(String name) {
        EndCause cause = deletion.isPresent() ? EndCause.POD : EndCause.CHANGED;
        runs.computeIfPresent(
                name,
                (key, run) -> ((Observation.Live) run)
                        .stopping(new Observation.Stopping(cause, now, HookState.DONE, Optional.of(now))));
    }

    private void gone(String name, int code) {
        gone(name, code, container(name));
    }

    private void gone(String name, int code, Container definition) {
        runs.put(name, new Observation.Gone(definition, ended(code), Optional.empty()));
    }

    private Terminated ended(int code) {
        Optional<Signal> signal = code > 128 ? Optional.of(new Signal(code - 128)) : Optional.empty();
        String reason = code == 0 ? ContainerState.COMPLETED : ContainerState.ERROR;
        return new Terminated(code, signal, reason, "", now, now);
    }

    private Container container(String name) {
        return spec.containers().stream()
                .filter(container -> container.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Container container(PodSpec spec) {
        return spec.containers().get(0);
    }

    private ContainerState state(String name) {
        return status.container(name).orElseThrow().state();
    }
}
