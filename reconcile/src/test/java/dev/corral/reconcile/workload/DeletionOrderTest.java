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
