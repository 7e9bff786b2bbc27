package dev.corral.examples.workloads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long it takes is measured by the benchmarks; that it gets there is seen here. */
@Timeout(180)
class TwoHundredPodsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void areUpAndRolledAndDown() throws Exception {
        Deployment many = Deployment.named("many").replicas(200).container(c -> c.command("sleep", "1000"));
        try (ControlPlane plane = ControlPlane.local().start()) {
            plane.apply(many);
            assertThat(plane.await(many, Deployment.COMPLETE, PATIENCE)).isPresent();
            Deployment changed = many.container(c -> c.env("VERSION", "2"));
            plane.apply(changed);
            assertThat(plane.await(changed, Deployment.COMPLETE, PATIENCE)).isPresent();
            assertThat(plane.list(Pod.KIND))
                    .filteredOn(Pod::active)
                    .hasSize(200)
                    .allMatch(pod -> pod.spec()
                            .containers()
                            .equals(changed.spec().template().spec().containers()));
            plane.apply(changed.replicas(0));
            await().atMost(PATIENCE).until(() -> plane.list(Pod.KIND).isEmpty());
        }
    }
}
