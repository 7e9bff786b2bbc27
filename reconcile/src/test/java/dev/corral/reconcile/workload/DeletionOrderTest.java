package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Conditions;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Metadata;
import dev.corral.reconcile.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeletionOrderTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void pendingGoesBeforeRunningAndUnreadyBeforeReady() {
        assertThat(order(List.of(
                        ready("c", HOUR),
                        pod("b", PodPhase.RUNNING, HOUR, Optional.empty(), 0),
                        pod("a", PodPhase.PENDING, HOUR, Optional.empty(), 0))))
                .containsExactly("a", "b", "c");
    }

    @Test
    void ofReadyPodsTheShorterReadyGoesFirst() {
        assertThat(order(List.of(ready("a", HOUR), ready("b", SECOND)))).containsExactly("b", "a");
    }

    @Test
    void agesOfTheSameMagnitudeAreSpreadByUid() {
        assertThat(order(List.of(
                        ready("b", HOUR.plus(HOUR)),
                        ready("a", HOUR.multipliedBy(2).plus(SECOND)),
                        ready("c", HOUR.plus(SECOND)))))
                .containsExactly("a", "b", "c");
    }

    @Test
    void ofUnreadyPodsTheOneWithMoreRestartsGoesFirstThenTheYounger() {
        assertThat(order(List.of(
                        pod("a", PodPhase.RUNNING, HOUR, Optional.empty(), 0),
                        pod("b", PodPhase.RUNNING, HOUR, Optional.empty(), 3),
                        pod("c", PodPhase.RUNNING, SECOND, Optional.empty(), 0))))
                .containsExactly("b", "c", "a");
    }

    /**
     * Pods as node, phase (p, u or r), ready for so many seconds or not at all, cost, restarts, age in seconds. The first goes
     * first, and does so by the criterion of that number: all before it are equal.
     */
    @ParameterizedTest(name = "{0}: {1} before {2}")
    @CsvSource(textBlock = """
            1 bound,      - p - 9 0 1000,   n p - 0 9 1,      -
            1 bound,      - r 5 9 0 1000,   n p - 0 9 1,      -
            2 phase,      n p - 9 0 1000,   n r - 0 9 1,      -
            3 ready,      n r - 9 0 1000,   n r 9 0 9 1000,   -
            4 cost,       n r 9 -1 0 1000,  n r 9 0 9 1000,   -
            4 cost,       n r 9 0 0 1000,   n r 1 1 9 10,     -
            4 cost,       n r 9 -2147483648 0 1000, n r 9 2147483647 0 1000, -
            4 no number,  n r 1 07 0 1000,  n r 9000 1 0 10000, -
            4 no number,  n r 1 +7 0 1000,  n r 9000 1 0 10000, -
            4 too large,  n r 1 2147483648 0 1000, n r 9000 1 0 10000, -
            5 together,   m r 9000 0 0 10000, n r 1 0 9 1000, m
            6 ready for,  n r 1 0 0 100000, n r 10 0 9 100,   -
            7 as 9 s and 1 s are alike, n r 9 0 9 1000, n r 1 0 0 1000, -
            7 restarts,   n r - 0 2 100000, n r - 0 1 100,    -
            8 age,        n r - 0 0 99,     n r - 0 0 100,    -
            """)
    void theFirstDifferenceDecides(String criterion, String first, String second, String crowded) {
        // By its uid alone the second one would go first.
        Resource<PodSpec, PodStatus> one = described("z", first);
        Resource<PodSpec, PodStatus> other = described("a", second);
        DeletionOrder order =
                DeletionOrder.of(new Availability(Duration.ZERO, NOW), List.of(one, other), Map.of(crowded, 5, "n", 2));
        assertThat(order.compare(one, other)).as(criterion).isNegative();
        assertThat(order.compare(other, one)).as(criterion).isPositive();
    }

    /** By anything else the other one would go first. */
    @Test
    void whatIsNotAvailableYetGoesBeforeWhatIsCheaper() {
        Resource<PodSpec, PodStatus> young = described("z", "n r 4 9 0 100000");
        Resource<PodSpec, PodStatus> available = described("a", "n r 5 -9 9 1000");
        DeletionOrder order =
                DeletionOrder.of(new Availability(Duration.ofSeconds(5), NOW), List.of(young, available), Map.of());
        assertThat(order.compare(young, available)).isNegative();
        assertThat(DeletionOrder.of(new Availability(Duration.ZERO, NOW), List.of(young, available), Map.of())
                        .compare(young, available))
                .isPositive();
    }

    /** Those of sidecars and init containers count where those of the containers are the same. */
    @Test
    void ofEquallyRestartedOnesThatWithMoreRestartsOfSidecarsGoesFirst() {
        Resource<PodSpec, PodStatus> one = described("z", "n r - 0 1 100000");
        PodStatus status = one.status();
        ContainerStatus sidecar = status.containers().get(0);
        Resource<PodSpec, PodStatus> restless = one.status(new PodStatus(
                status.phase(),
                "",
                "",
                status.conditions(),
                List.of(sidecar),
                status.containers(),
                status.startTime(),
                List.of(),
                status.qosClass()));
        Resource<PodSpec, PodStatus> other = described("a", "n r - 0 1 100");
        DeletionOrder order =
                DeletionOrder.of(new Availability(Duration.ZERO, NOW), List.of(restless, other), Map.of());
        assertThat(order.compare(restless, other)).isNegative();
        assertThat(order.compare(one, other)).isPositive();
    }

    private static Resource<PodSpec, PodStatus> described(String uid, String text) {
        String[] parts = text.split(" ", -1);
        PodPhase phase = parts[1].equals("p") ? PodPhase.PENDING : PodPhase.RUNNING;
        Optional<Duration> ready =
                parts[2].equals("-") ? Optional.empty() : Optional.of(Duration.ofSeconds(Long.parseLong(parts[2])));
        Duration age = Duration.ofSeconds(Long.parseLong(parts[5]));
        Resource<PodSpec, PodStatus> pod = pod(uid, phase, age, ready, Integer.parseInt(parts[4]));
        PodSpec spec = parts[0].equals("-") ? pod.spec() : pod.spec().nodeName(parts[0]);
        return new Resource<>(
                Pod.KIND, pod.metadata().annotations(Map.of(DeletionOrder.COST, parts[3])), spec, pod.status());
    }

    @Test
    void magnitudeIsTheNumberOfDigits() {
        assertThat(DeletionOrder.magnitude(NOW, NOW)).isZero();
        assertThat(DeletionOrder.magnitude(NOW.plusSeconds(5), NOW)).isZero();
        assertThat(DeletionOrder.magnitude(NOW.minusNanos(1), NOW)).isEqualTo(1);
        assertThat(DeletionOrder.magnitude(NOW.minusNanos(999), NOW)).isEqualTo(3);
        assertThat(DeletionOrder.magnitude(NOW.minusNanos(1000), NOW)).isEqualTo(4);
    }

    private static List<String> order(List<Resource<PodSpec, PodStatus>> pods) {
        DeletionOrder order = DeletionOrder.of(new Availability(Duration.ZERO, NOW), pods, Map.of());
        return pods.stream().sorted(order).map(Resource::name).toList();
    }

    private static Resource<PodSpec, PodStatus> ready(String name, Duration since) {
        return pod(name, PodPhase.RUNNING, HOUR.multipliedBy(100), Optional.of(since), 0);
    }

    private static Resource<PodSpec, PodStatus> pod(
            String name, PodPhase phase, Duration age, Optional<Duration> ready, int restarts) {
        Conditions conditions = ready.map(since -> Conditions.none()
                        .with(new Condition(PodStatus.READY, Condition.Status.TRUE, "", "", 1, NOW.minus(since))))
                .orElse(Conditions.none());
        ContainerStatus created = ContainerStatus.created("main");
        ContainerStatus container = new ContainerStatus(
                "main",
                created.state(),
                Optional.empty(),
                restarts,
                true,
                ready.isPresent(),
                Map.of(),
                Optional.empty());
        Metadata metadata = Metadata.created(Key.of(name), name, 1, NOW.minus(age));
        return new Resource<>(
                Pod.KIND,
                metadata,
                PodSpec.empty(),
                new PodStatus(
                        phase,
                        "",
                        "",
                        conditions,
                        List.of(),
                        List.of(container),
                        Optional.empty(),
                        List.of(),
                        Optional.empty()));
    }
}
