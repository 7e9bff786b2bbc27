package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of a plane with threads of its own, on the system's time. */
class CloseTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Deployment MANY = Deployment.named("many").replicas(20).container(c -> c.command("serve"));

    @Test
    @Timeout(120)
    void aCloseThatIsInterruptedLeavesNoContainerAndNoThread() throws Exception {
        for (int round = 0; round < 60; round++) {
            int begun = round % 20;
            ThreadedRuntime runtime = new ThreadedRuntime();
            ControlPlane plane = ControlPlane.local().runtime(runtime).start();
            plane.apply(MANY);
            plane.await(Deployment.KIND, "many", any -> plane.list(Pod.KIND).size() > begun, LONG)
                    .orElseThrow();
            Thread.currentThread().interrupt();
            plane.close();

            assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
            assertThat(runtime.live).as("round %s", round).isEmpty();
            assertThat(workers()).as("round %s", round).isEmpty();
        }
    }

    private static List<Thread> workers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("corral-plane"))
                .toList();
    }
}
