package dev.corral.examples.quickstart;

import static dev.corral.reconcile.workload.Deployment.COMPLETE;

import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.plane.Endpoint;
import dev.corral.reconcile.plane.Endpoints;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import java.io.IOException;
import java.time.Duration;

/** Another version takes over while a client keeps asking. */
final class Rollout {
    private static final Duration LONG = Duration.ofMinutes(2);

    private final ControlPlane plane;
    private final Http http;

    Rollout(ControlPlane plane, Http http) {
        this.plane = plane;
        this.http = http;
    }

    /** Replaces what runs by a version of it. */
    String to(Deployment next, String version) throws IOException, InterruptedException {
        Endpoints endpoints = plane.endpoints(next);
        Client.Seen seen;
        int fewest;
        try (Fewest available = Fewest.of(plane.watch(Pod.KIND), next);
                Client client = Client.start(endpoints, http)) {
            client.awaitAnswers(10);
            plane.apply(next);
            Claim.check(
                    plane.await(next, COMPLETE, LONG).isPresent(), "not within " + LONG + ":\n" + Pods.table(plane));
            client.awaitAnswers(10);
            seen = client.stop();
            fewest = available.stop();
        }
        Claim.check(seen.failures().isEmpty(), seen.failures().size() + " requests failed: " + seen.failures());
        Claim.check(fewest >= Web.REPLICAS, "only " + fewest + " were available for a time");
        for (Endpoint endpoint : endpoints.list()) {
            String told = http.get(endpoint.address(), "/version");
            Claim.check(told.equals(version), endpoint.pod() + " still says version " + told);
        }
        return seen + "; never fewer than " + fewest + " available\n" + Pods.table(plane);
    }
}
