package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Event;
import dev.corral.reconcile.InvalidSpec;
import dev.corral.reconcile.LabelSelector;
import dev.corral.reconcile.Problem;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.workload.CompletionMode;
import dev.corral.reconcile.workload.ConfigMap;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.CronJob;
import dev.corral.reconcile.workload.DaemonSet;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.EnvSource;
import dev.corral.reconcile.workload.Job;
import dev.corral.reconcile.workload.Node;
import dev.corral.reconcile.workload.NodeSelectorTerm;
import dev.corral.reconcile.workload.PersistentVolumeClaim;
import dev.corral.reconcile.workload.PersistentVolumeClaimSpec;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodTemplate;
import dev.corral.reconcile.workload.Probe;
import dev.corral.reconcile.workload.ProcessPlan;
import dev.corral.reconcile.workload.Quantity;
import dev.corral.reconcile.workload.ReplicaSet;
import dev.corral.reconcile.workload.ReplicaSetSpec;
import dev.corral.reconcile.workload.Secret;
import dev.corral.reconcile.workload.StatefulSet;
import dev.corral.reconcile.workload.Taint;
import dev.corral.reconcile.workload.Volume;
import dev.corral.reconcile.workload.VolumeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A thousand specs that are wrong in ways nobody thought of, or as many as {@code -Dseeds} says. Each is refused by name of the
 * field, or kept to as far as it goes with a condition that says what is wrong; and when it is deleted nothing is left.
 */
class HostileSpecsTest {
    private static final int SPECS = Integer.getInteger("seeds", 1000);
    /** More tasks, one after another without time passing, than anything sound takes. */
    private static final int STUCK = 20_000;

    private static final int MOST_STEPS = 100;
    /** The node is the plane's own, and what a set has stored outlives it. */
    private static final Set<String> KEPT = Set.of("Node", "PersistentVolumeClaim");

    private static final Set<String> FAILURES =
            Set.of("PassFailed", "PassTimedOut", "AttemptsExhausted", "ErrorStatusFailed");
    private static final List<Declared<?, ?>> SOUND = List.of(
            Pod.named("it").container(HostileSpecsTest::serve),
            new ReplicaSet(
                    "it",
                    Map.of(),
                    Map.of(),
                    new ReplicaSetSpec(
                            2,
                            Duration.ZERO,
                            LabelSelector.of("app", "it"),
                            new PodTemplate(Map.of("app", "it"), PodSpec.empty().container(HostileSpecsTest::serve)))),
            Deployment.named("it").replicas(2).container(HostileSpecsTest::serve),
            Deployment.named("it").recreate().container(HostileSpecsTest::serve),
            StatefulSet.named("it").replicas(2).container(HostileSpecsTest::serve),
            DaemonSet.named("it").container(HostileSpecsTest::serve),
            Job.named("it").completions(2).container(HostileSpecsTest::serve),
            Job.named("it")
                    .spec(spec -> spec.completions(2)
                            .completionMode(CompletionMode.INDEXED)
                            .backoffLimitPerIndex(1)
                            .activeDeadline(Duration.ofMinutes(1))
                            .ttlAfterFinished(Duration.ofMinutes(1)))
                    .container(HostileSpecsTest::serve),
            CronJob.named("it").schedule("* * * * *").job(job -> job.container(HostileSpecsTest::serve)),
            Node.named("it").taint("a", "b", Taint.Effect.NO_SCHEDULE),
            Pod.named("it")
                    .spec(spec -> spec.volume(Volume.configMap("conf", "it"))
                            .volume(Volume.secret("keys", "it"))
                            .volume(Volume.emptyDir("work", VolumeSource.Medium.MEMORY, "1Mi"))
                            .nodeAffinity(NodeSelectorTerm.empty()
                                    .and("disk", NodeSelectorTerm.Operator.NOT_IN, "hdd")
                                    .and("cores", NodeSelectorTerm.Operator.DOES_NOT_EXIST)))
                    .container(c -> serve(c).mount("conf", "/conf")
                            .mount("work", "/work")
                            .env("KEY", new EnvSource.SecretKey("it", "key", true))),
            ConfigMap.named("it").data("greeting.txt", "hello"),
            Secret.named("it").data("key", "hush"),
            new PersistentVolumeClaim(
                    "it", Map.of(), new PersistentVolumeClaimSpec(Optional.of(Quantity.parse("1Gi")))));

    @Test
    void areRefusedOrSayWhatIsWrongAndLeaveNothing() {
        int refused = 0;
        for (int seed = 0; seed < SPECS; seed++) {
            try {
                refused += tried(seed) ? 0 : 1;
            } catch (RuntimeException | AssertionError wrong) {
                throw new AssertionError("seed " + seed + ", a " + sound(seed).kind() + ": " + wrong, wrong);
            }
        }
        assertThat(refused).as("refused of " + SPECS).isBetween(SPECS / 4, SPECS * 9 / 10);
    }

    /** False if it was refused. */
    private static boolean tried(int seed) {
        Hostile hostile = new Hostile(seed);
        Declared<?, ?> declared;
        try {
            declared = spoilt(sound(seed), hostile);
        } catch (Hostile.Refused byItsConstructor) {
            return false;
        }
        Cluster cluster = new Cluster();
        try {
            return applied(cluster, declared);
        } finally {
            cluster.invariant = () -> {};
            cluster.close();
        }
    }

    private static Declared<?, ?> sound(int seed) {
        return SOUND.get(seed % SOUND.size());
    }

    private static <S, T> Declared<S, T> spoilt(Declared<S, T> sound, Hostile hostile) {
        String name = hostile.oneIn(20) ? hostile.text() : sound.name();
        Map<String, String> labels = hostile.oneIn(20) ? Map.of(hostile.text(), hostile.text()) : sound.labels();
        return Declared.of(sound.kind(), name, labels, hostile.spoilt(sound.spec()));
    }

    private static boolean applied(Cluster cluster, Declared<?, ?> declared) {
        // What a container is started as is made of its spec too.
        cluster.runtime.startable = container ->
                !ProcessPlan.of(container, Map.of("http", 1)).command().isEmpty();
        bounded(cluster);
        long version = cluster.plane.store().snapshot().version();
        try {
            cluster.plane.apply(declared);
        } catch (InvalidSpec refusal) {
            assertThat(refusal.problems()).isNotEmpty().allSatisfy(HostileSpecsTest::hasPath);
            assertThat(cluster.plane.store().snapshot().version()).isEqualTo(version);
            return false;
        } catch (IllegalArgumentException refusal) {
            assertThat(refusal).hasMessageContaining("a key needs");
            assertThat(declared.name()).isBlank();
            return false;
        }
        run(cluster);
        everyFailureShows(cluster);
        assertThat(cluster.plane.describe()).isNotEmpty();
        assertThat(cluster.plane.describe(declared).isPresent())
                .isEqualTo(cluster.plane.get(declared).isPresent());
        cluster.plane.delete(declared);
        // Somebody's own processes may take their time, and graces may be long: whoever deletes again has none.
        run(cluster);
        cluster.plane.list(Pod.KIND).forEach(pod -> cluster.plane.store().delete(pod, Duration.ZERO));
        run(cluster);
        assertThat(cluster.runtime.live()).isEmpty();
        assertThat(cluster.plane.store().snapshot().all())
                .extracting(HostileSpecsTest::kind)
                .allMatch(KEPT::contains);
        return true;
    }

    private static String kind(Resource<?, ?> resource) {
        return resource.kind().name();
    }

    private static void bounded(Cluster cluster) {
        int[] tasks = {0};
        Instant[] at = {cluster.clock.now()};
        cluster.invariant = () -> {
            if (!cluster.clock.now().equals(at[0])) {
                at[0] = cluster.clock.now();
                tasks[0] = 0;
            }
            assertThat(++tasks[0])
                    .as("tasks at one instant: it goes in circles")
                    .isLessThan(STUCK);
        };
    }

    /** Lets the next things happen that are to happen, within the hour. */
    private static void run(Cluster cluster) {
        cluster.settle();
        Instant end = cluster.clock.now().plus(Duration.ofHours(1));
        for (int step = 0; step < MOST_STEPS; step++) {
            Optional<Instant> next = cluster.clock.next().filter(time -> time.isBefore(end));
            if (next.isEmpty()) {
                return;
            }
            Duration until = Duration.between(cluster.clock.now(), next.get());
            cluster.clock.advance(until.isNegative() ? Duration.ZERO : until);
            cluster.settle();
        }
    }

    private static void hasPath(Problem problem) {
        assertThat(problem.field()).matches("(?s)(spec|metadata).*");
        assertThat(problem.message()).isNotBlank();
    }

    /** A pass that threw is told by an event; whoever looks at the resource sees it there too. */
    private static void everyFailureShows(Cluster cluster) {
        for (Event event : cluster.plane.events()) {
            if (FAILURES.contains(event.reason())) {
                Optional<Resource<?, ?>> about = cluster.plane.store().snapshot().all().stream()
                        .filter(one ->
                                kind(one).equals(event.kind()) && one.key().equals(event.key()))
                        .findFirst();
                assertThat(about.filter(HostileSpecsTest::complains))
                        .as(event + " is only told: " + about)
                        .isPresent();
            }
        }
    }

    private static Container serve(Container container) {
        return container
                .command("serve", "$(PORT)")
                .env("A", "$(B)")
                .env("B", "$(A)")
                .port("http")
                .memory("64Mi")
                .request("cpu", "10m")
                .readiness(Probe.http("http", "/"));
    }

    private static boolean complains(Resource<?, ?> resource) {
        return resource.conditions().all().stream()
                .anyMatch(condition -> condition.status() == Condition.Status.FALSE
                        || (condition.type().endsWith("Failure") && condition.holds()));
    }
}
