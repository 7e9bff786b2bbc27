package dev.corral.examples.quickstart;

import static dev.corral.reconcile.workload.Deployment.AVAILABLE;

import dev.corral.ByteSize;
import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.plane.Endpoint;
import dev.corral.reconcile.plane.Endpoints;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Three web servers: brought up, looked at from inside and outside, and one of them killed. */
final class Replicas {
    private static final List<String> PRIVATE = List.of("user", "mnt", "pid", "uts", "ipc", "cgroup");
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String HALF_A_CPU = "50000 100000";

    private final ControlPlane plane;
    private final Deployment web;
    private final Endpoints endpoints;
    private final Http http;
    private final Enforced enforced;

    Replicas(ControlPlane plane, Deployment web, Http http, Enforced enforced) {
        this.plane = plane;
        this.web = web;
        this.endpoints = plane.endpoints(web);
        this.http = http;
        this.enforced = enforced;
    }

    String bringUp() throws InterruptedException {
        plane.apply(web);
        Claim.check(plane.await(web, AVAILABLE, LONG).isPresent(), "not within " + LONG + ":\n" + Pods.table(plane));
        Claim.check(endpoints.list().size() == Web.REPLICAS, "the endpoints are " + endpoints.list());
        return Pods.table(plane);
    }

    /** The kernel says that each has namespaces of its own, all but the network. */
    String proveIsolation() throws IOException, InterruptedException {
        Table table = Table.of("NAME", "PID HERE", "PID INSIDE", "HOST NAME", "PID NAMESPACE", "NETWORK");
        Set<String> seen = new HashSet<>();
        for (String name : PRIVATE) {
            seen.add(Outside.self().namespace(name).orElseThrow());
        }
        for (Endpoint endpoint : endpoints.list()) {
            Inside inside = inside(endpoint);
            for (String name : PRIVATE) {
                Claim.check(
                        seen.add(inside.namespace(name)),
                        endpoint.pod() + " shares " + inside.namespace(name) + " with another one or with this JVM");
            }
            String network = inside.namespace("net");
            Claim.check(
                    Outside.self().namespace("net").equals(Optional.of(network)),
                    endpoint.pod() + " is in another network than this JVM");
            Claim.check(
                    inside.hostname().equals(endpoint.pod()), endpoint.pod() + " sees host name " + inside.hostname());
            table = table.row(
                    endpoint.pod(),
                    Long.toString(Outside.of(inside).pid()),
                    Long.toString(inside.pid()),
                    inside.hostname(),
                    inside.namespace("pid"),
                    network);
        }
        return table + "this JVM is in " + Outside.self().namespace("pid").orElse("?") + "; "
                + String.join(", ", PRIVATE) + " differ everywhere, the network is shared";
    }

    /** The kernel says that each has its limits. */
    String proveLimits() throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        for (Endpoint endpoint : endpoints.list()) {
            GroupFiles files = GroupFiles.of(Outside.of(inside(endpoint)));
            List<String> limits = new ArrayList<>();
            if (enforced.memory().ok()) {
                ByteSize memory = ByteSize.parse(files.memory().orElse("0"));
                Claim.check(memory.equals(ByteSize.parse(Web.MEMORY)), endpoint.pod() + " may use " + memory);
                limits.add("memory " + memory);
            }
            if (enforced.cpu().ok()) {
                String cpu = files.cpu().orElse("nothing");
                Claim.check(cpu.equals(HALF_A_CPU), endpoint.pod() + " has a CPU quota of " + cpu);
                limits.add("CPU time 50 ms in each 100 ms");
            }
            lines.add(endpoint.pod() + ": " + String.join(", ", limits));
        }
        return String.join("\n", lines);
    }

    /** Kills the program of one pod, as no one should, and waits until there are three again. */
    String killOne() throws IOException, InterruptedException {
        Endpoint victim = endpoints.list().get(0);
        Outside process = Outside.of(inside(victim));
        long begin = System.nanoTime();
        ProcessHandle.of(process.pid()).orElseThrow().destroyForcibly();
        Claim.check(
                plane.await(Pod.KIND, victim.pod(), pod -> pod.status().restarts() > 0 && Pod.ready(pod), LONG)
                                .isPresent()
                        && plane.await(web, AVAILABLE, LONG).isPresent(),
                "not within " + LONG + ":\n" + Pods.table(plane));
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        Claim.check(endpoints.list().size() == Web.REPLICAS, "the endpoints are " + endpoints.list());
        return "pid " + process.pid() + " of " + victim.pod() + " got SIGKILL; three are available again after "
                + took.toMillis() + " ms\n" + Pods.table(plane);
    }

    private Inside inside(Endpoint endpoint) throws IOException, InterruptedException {
        return Inside.parse(http.get(endpoint.address(), "/whoami"));
    }
}
