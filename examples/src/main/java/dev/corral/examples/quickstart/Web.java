package dev.corral.examples.quickstart;

import static dev.corral.reconcile.workload.RollingUpdate.maxSurge;
import static dev.corral.reconcile.workload.RollingUpdate.maxUnavailable;

import dev.corral.examples.quickstart.payload.Server;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Probe;
import java.time.Duration;

/** The web servers that the quickstart declares. */
final class Web {
    static final int REPLICAS = 3;
    static final String MEMORY = "256Mi";
    static final String CPU = "500m";
    /** So that the three, and the one more of a rollout, find room on a machine with one CPU. */
    private static final String NEEDED = "250m";

    private static final Duration OFTEN = Duration.ofMillis(100);
    /** On a busy machine a server with half a CPU is no worse for an answer that takes its time. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Web() {}

    /** Three servers that say this version, replaced one at a time and never fewer than three. */
    static Deployment version(Payload payload, String version) {
        return Deployment.named("web")
                .replicas(REPLICAS)
                .container(c -> c.command(payload.java(Server.class, "-Xmx64m"))
                        .env("VERSION", version)
                        .port("http")
                        .memory(MEMORY)
                        .cpu(CPU)
                        .request("cpu", NEEDED)
                        .readiness(
                                Probe.http("http", "/healthz").timeout(PATIENCE).period(OFTEN)))
                .rollingUpdate(maxSurge(1), maxUnavailable(0));
    }
}
