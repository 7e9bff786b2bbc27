package dev.corral.examples.readme;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import org.junit.jupiter.api.Test;

/** The sample of the page on declaring. */
class DeclareTest {
    @Test
    @SuppressWarnings("try") // news come by themselves
    void whatIsKilledComesBack() throws InterruptedException {
        // README
        try (ControlPlane plane = ControlPlane.local().start()) {
            Deployment web = Deployment.named("web").replicas(3).container(c -> c.command("sleep", "600"));
            plane.follow(web, System.out::println); // what goes on, line by line
            plane.apply(web);
            plane.require(web, Deployment.AVAILABLE, ofMinutes(1));

            String one = plane.list(Pod.KIND).get(0).name();
            plane.exec(one, "main", "sh", "-c", "kill -KILL 2"); // its program, as it is numbered inside
            plane.require(Pod.KIND, one, pod -> pod.status().restarts() == 1 && Pod.ready(pod), ofMinutes(1));
            System.out.println(plane.describe(Pod.KIND)); // what kubectl get pods shows
            System.out.println(plane.describe(web).orElseThrow()); // what kubectl describe shows
            assertThat(plane.describe(Pod.KIND)).contains("web-"); // hidden
        } // everything is ended, and nothing is left
        // end
    }
}
