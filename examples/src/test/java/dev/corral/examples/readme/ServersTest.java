package dev.corral.examples.readme;

import static dev.corral.reconcile.workload.Deployment.AVAILABLE;
import static dev.corral.reconcile.workload.Deployment.COMPLETE;
import static dev.corral.reconcile.workload.RollingUpdate.maxSurge;
import static dev.corral.reconcile.workload.RollingUpdate.maxUnavailable;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.examples.testing.Needs;
import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.Probe;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ServersTest {
    @Test
    void threeServersAreReplacedOneAtATime() throws InterruptedException, IOException {
        Needs.controlGroups();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        try (ShopJar jar = ShopJar.made()) {
            String shop = jar.path().toString();
            // README
            try (ControlPlane plane = ControlPlane.local().start()) {
                Deployment web = Deployment.named("web")
                        .replicas(3)
                        .container(c -> c.command(java, "-jar", shop)
                                .port("http")
                                .memory("256Mi")
                                .cpu("500m")
                                .request("cpu", "250m") // else as much as the limit
                                .readiness(Probe.http("http", "/healthz")))
                        .rollingUpdate(maxSurge(1), maxUnavailable(0));
                plane.apply(web);
                plane.require(web, AVAILABLE, ofMinutes(1));
                plane.apply(web.container(c -> c.env("VERSION", "2"))); // one new, one old, never fewer than three
                assertThat(plane.await(web, COMPLETE, ofMinutes(2))).isPresent(); // hidden
                assertThat(plane.list(Pod.KIND).stream().filter(Pod::active)) // hidden
                        .hasSize(3) // hidden
                        .allMatch(pod -> pod.spec().containers().get(0).env().size() == 1); // hidden
            }
            // end
        }
    }
}
