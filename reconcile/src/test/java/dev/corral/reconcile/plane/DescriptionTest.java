package dev.corral.reconcile.plane;

import static dev.corral.reconcile.workload.RollingUpdate.maxSurge;
import static dev.corral.reconcile.workload.RollingUpdate.maxUnavailable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Conditions;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.workload.ConfigMap;
import dev.corral.reconcile.workload.CronJob;
import dev.corral.reconcile.workload.DaemonSet;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Job;
import dev.corral.reconcile.workload.Node;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.Probe;
import dev.corral.reconcile.workload.ReplicaSet;
import dev.corral.reconcile.workload.Secret;
import dev.corral.reconcile.workload.StatefulSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What people are shown, compared with the texts in {@code describe/}. */
class DescriptionTest {
    private static final Deployment WEB = Deployment.named("web")
            .replicas(3)
            .container(c -> c.command("serve", "-p", "$(PORT)")
                    .env("VERSION", "1")
                    .port("http")
                    .memory("64Mi")
                    .readiness(Probe.http("http", "/healthz")))
            .rollingUpdate(maxSurge(1), maxUnavailable(0));

    private final Cluster cluster = new Cluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aDeploymentInTheMiddleOfARollout() {
        cluster.apply(WEB).advance(Duration.ofSeconds(90));
        cluster.deaf.add(20003);
        cluster.apply(WEB.container(c -> c.env("VERSION", "2"))).advance(Duration.ofSeconds(15));
        check("rollout", page(WEB));
        check("deployments", cluster.plane.describe(Deployment.KIND));
        check("replicasets", cluster.plane.describe(ReplicaSet.KIND));
        check("pods", cluster.plane.describe(Pod.KIND));
        check("progress", cluster.plane.progress(WEB).orElseThrow() + "\n");
    }

    @Test
    void aPodThatFitsNowhere() {
        Pod large = Pod.named("large").container(c -> c.command("serve").request("cpu", "100k"));
        cluster.apply(large).advance(Duration.ofMinutes(5));
        // How many CPUs there are is the machine's.
        check("large", page(large).replaceAll("of [0-9]+ requested", "of 2 requested"));
    }

    @Test
    void aPodThatFailsAgainAndAgain() {
        Pod crash = Pod.named("crash").container(c -> c.command("fail"));
        cluster.apply(crash);
        cluster.runtime.of("crash").exit(3);
        cluster.settle();
        cluster.runtime.of("crash").exit(3);
        cluster.advance(Duration.ofSeconds(2));
        check("crash", page(crash));
    }

    @Test
    void everythingInOneText() {
        cluster.apply(StatefulSet.named("db").replicas(2).container(c -> c.command("store")));
        cluster.apply(DaemonSet.named("log").container(c -> c.command("collect")));
        cluster.apply(Job.named("items").indexed().completions(3).container(c -> c.command("work")));
        cluster.apply(CronJob.named("nightly").schedule("0 3 * * *").job(job -> job.container(c -> c.command("tidy"))));
        cluster.runtime.of("items-0-0").exit(0);
        cluster.advance(Duration.ofMinutes(3));
        check("everything", cluster.plane.describe());
        assertThat(cluster.plane.describe(Node.KIND)).startsWith("NAME    STATUS   AGE\nlocal   Ready    3m\n");
        assertThat(cluster.plane.describe(ReplicaSet.KIND)).isEqualTo("no ReplicaSet is stored\n");
        assertThat(cluster.plane.describe(Pod.KIND, "nobody")).isEmpty();
    }

    @Test
    void inSeveralNamespacesATableSaysWhichNameIsMeant() {
        Deployment web = Deployment.named("web").container(c -> c.command("serve"));
        cluster.apply(web);
        assertThat(cluster.plane.describe()).contains("Deployment\nNAME   READY ");
        cluster.plane.store().apply("other", web.replicas(2)).orThrow();
        cluster.settle();
        assertThat(cluster.plane.describe())
                .containsPattern(
                        "Deployment\nNAMESPACE   NAME   READY .*\ndefault     web    1/1 .*\nother       web    2/2 ")
                .contains("Node\nNAME    STATUS ");
        assertThat(cluster.plane.describe(Deployment.KIND)).startsWith("NAME   READY ");
    }

    @Test
    void whatANodeHasStandsOnItsPage() {
        assertThat(cluster.settle().plane.describe(Node.KIND, "local").orElseThrow())
                .containsPattern(
                        "Status:\n  capacity:\n    cpu: [0-9]+\n    memory: [0-9]+[KMG]i\n(    .*\n)*  allocatable:\n")
                .contains("Conditions:\n  TYPE    STATUS ");
    }

    @Test
    void theStatusOfAKindOfOnesOwnStandsOnItsPageAndAnEmptyOneInNoTable() {
        Kind<Lamp, Light> kind = Kind.of("Lamp", Lamp.class, Light.class);
        try (Cluster other = new Cluster(plane -> plane.controller(
                kind,
                lamp -> Plan.<Light>children().status(new Light(lamp.spec().watts() * 2, Conditions.none()))))) {
            other.apply(Declared.of(kind, "desk", new Lamp(5))).apply(ConfigMap.named("settings"));
            assertThat(other.plane.describe(kind, "desk").orElseThrow()).contains("\nStatus:\n  lumen: 10\n");
            assertThat(other.plane.describe(kind)).contains("desk   lumen: 10   ");
            assertThat(other.plane.describe(ConfigMap.KIND)).contains("settings   <none>   ");
        }
    }

    record Lamp(int watts) {}

    record Light(int lumen, Conditions conditions) {}

    @Test
    void nothingOfASecretIsShown() {
        Secret secret = Secret.named("key").data("password", "hunter2");
        cluster.plane.apply(secret);
        assertThat(page(secret) + cluster.plane.describe(Secret.KIND) + cluster.plane.describe())
                .contains("password")
                .doesNotContain("hunter2");
    }

    private String page(Declared<?, ?> declared) {
        return cluster.plane.describe(declared).orElseThrow();
    }

    private static void check(String name, String text) {
        assertThat(text).isEqualTo(golden(name));
    }

    private static String golden(String name) {
        try (InputStream in = DescriptionTest.class.getResourceAsStream("/describe/" + name + ".txt")) {
            return new String(Optional.ofNullable(in).orElseThrow().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("can't read " + name, e);
        }
    }
}
