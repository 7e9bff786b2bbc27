package dev.corral.reconcile.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.workload.DaemonSet;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.StatefulSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GiveUpTest {
    private static final Deployment HOPELESS = Deployment.named("web")
            .replicas(2)
            .template(template ->
                    template.spec(pod -> pod.container(c -> c.command("crash")).giveUpAfter(0, Duration.ofSeconds(1))));

    @Test
    void theOneOfAnOrdinalIsReplacedAfterMoreAndMoreTime() {
        StatefulSet db = StatefulSet.named("db")
                .template(template -> template.spec(
                        pod -> pod.container(c -> c.command("crash")).giveUpAfter(0, Duration.ofSeconds(1))));
        Simulation world = crashing().apply(db);
        TreeSet<Instant> created = new TreeSet<>();
        for (int i = 0; i < 1000; i++) {
            world.advance(Duration.ofSeconds(1))
                    .pods()
                    .forEach(pod -> created.add(pod.metadata().created()));
            assertThat(world.names(Pod.KIND)).hasSizeLessThanOrEqualTo(1);
        }
        assertThat(created.stream()
                        .map(at -> Duration.between(created.first(), at).toSeconds()))
                .containsExactly(0L, 11L, 32L, 73L, 154L, 315L, 616L, 917L);
    }

    @Test
    void theOneOfANodeIsReplacedAfterMoreAndMoreTime() {
        DaemonSet agent = DaemonSet.named("agent")
                .template(template -> template.spec(
                        pod -> pod.container(c -> c.command("crash")).giveUpAfter(0, Duration.ofSeconds(1))));
        Simulation world = crashing().apply(agent);
        TreeSet<Instant> created = new TreeSet<>();
        for (int i = 0; i < 200; i++) {
            world.advance(Duration.ofMillis(500))
                    .pods()
                    .forEach(pod -> created.add(pod.metadata().created()));
        }
        assertThat(created.stream()
                        .map(at -> Duration.between(created.first(), at).toSeconds()))
                .containsExactly(0L, 1L, 2L, 4L, 8L, 16L, 32L, 64L);
    }

    private static Simulation crashing() {
        return Simulation.ofWorkloads()
                .processes((identity, container) -> Script.server().exits(1, Duration.ofSeconds(1)));
    }

    @Test
    void podsThatGaveUpAreReplacedAfterMoreAndMoreTime() {
        Simulation world = crashing().apply(HOPELESS);
        for (int i = 0; i < 1000; i++) {
            world.advance(Duration.ofSeconds(1));
        }
        List<Instant> created =
                world.pods().map(pod -> pod.metadata().created()).sorted().toList();
        List<Long> gaps = created.stream()
                .map(at -> Duration.between(created.get(0), at).toSeconds())
                .distinct()
                .toList();
        assertThat(gaps).containsExactly(0L, 11L, 32L, 73L, 154L, 315L, 616L, 917L);
        assertThat(created).hasSize(16);
        assertThat(world.pods().filter(Pod::active)).isEmpty();
        assertThat(world.list(Pod.KIND))
                .allMatch(pod -> pod.status().reason().equals(PodStatus.RESTART_LIMIT_EXCEEDED));
    }
}
