package dev.corral.reconcile.testing;

import static dev.corral.reconcile.workload.RetentionPolicy.Retention.DELETE;
import static dev.corral.reconcile.workload.RetentionPolicy.Retention.RETAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.reconcile.InvalidSpec;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.workload.ControllerRevision;
import dev.corral.reconcile.workload.PersistentVolumeClaim;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.Probe;
import dev.corral.reconcile.workload.StatefulSet;
import dev.corral.reconcile.workload.StatefulSetStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatefulSetTest {
    private static final StatefulSet DB = StatefulSet.named("db")
            .replicas(3)
            .container(c -> c.command("store"))
            .storage("data");

    @Test
    void podsHaveNamesHostNamesAndDirectoriesOfTheirOwn() {
        Simulation world = Simulation.ofWorkloads()
                .apply(DB.startOrdinal(2).replicas(2).serviceName("dbs"))
                .settle();
        assertThat(world.names(Pod.KIND)).containsExactly("db-2", "db-3");
        assertThat(world.names(PersistentVolumeClaim.KIND)).containsExactly("data-db-2", "data-db-3");
        Resource<PodSpec, PodStatus> pod = world.get(Pod.KIND, "db-3");
        assertThat(pod.spec().hostname()).contains("db-3");
        assertThat(pod.spec().subdomain()).contains("dbs");
        assertThat(pod.metadata().labels())
                .containsEntry(StatefulSet.POD_NAME_LABEL, "db-3")
                .containsEntry(StatefulSet.POD_INDEX_LABEL, "3")
                .containsEntry(
                        ControllerRevision.LABEL,
                        world.names(ControllerRevision.KIND).get(0));
        assertThat(world.get(StatefulSet.KIND, "db")).matches(StatefulSet.COMPLETE);
    }

    @Test
    void anOrderedSetWaitsForEachPodAndAParallelOneForNone() {
        StatefulSet slow = DB.container(c -> c.port("http").readiness(Probe.http("http", "/")));
        Simulation ordered = Simulation.ofWorkloads()
                .processes((identity, container) -> Script.server().readyAfter(Duration.ofMinutes(5)))
                .apply(slow)
                .advance(Duration.ofMinutes(1));
        assertThat(ordered.names(Pod.KIND)).containsExactly("db-0");
        Simulation parallel = Simulation.ofWorkloads()
                .processes((identity, container) -> Script.server().readyAfter(Duration.ofMinutes(5)))
                .apply(slow.parallel())
                .advance(Duration.ofMinutes(1));
        assertThat(parallel.names(Pod.KIND)).containsExactly("db-0", "db-1", "db-2");
    }

    @Test
    void aPartitionKeepsTheOldTemplateBelowItAlsoForPodsThatComeBack() {
        Simulation world = Simulation.ofWorkloads()
                .apply(DB.startOrdinal(1).partition(2))
                .settle()
                .apply(DB.startOrdinal(1).partition(2).container(c -> c.env("VERSION", "2")))
                .settle();
        assertThat(versions(world)).containsExactly("", "", "2");
        world.delete(Pod.KIND, "db-1").settle();
        assertThat(versions(world)).containsExactly("", "", "2");
        StatefulSetStatus status = world.get(StatefulSet.KIND, "db").status();
        assertThat(status.currentRevision()).isNotEqualTo(status.updateRevision());
        assertThat(status.updatedReplicas()).isEqualTo(1);
        assertThat(status.currentReplicas()).isEqualTo(2);
    }

    @Test
    void onDeleteUpdatesOnlyWhatSomebodyDeletes() {
        Simulation world = Simulation.ofWorkloads()
                .apply(DB.onDelete())
                .settle()
                .apply(DB.onDelete().container(c -> c.env("VERSION", "2")))
                .settle();
        assertThat(versions(world)).containsExactly("", "", "");
        world.delete(Pod.KIND, "db-1").settle();
        assertThat(versions(world)).containsExactly("", "2", "");
    }

    @Test
    void anEqualOlderRevisionComesBackUnderANewNumber() {
        Simulation world = Simulation.ofWorkloads()
                .apply(DB)
                .settle()
                .apply(DB.container(c -> c.env("VERSION", "2")))
                .settle()
                .apply(DB)
                .settle();
        assertThat(world.list(ControllerRevision.KIND))
                .hasSize(2)
                .anyMatch(revision -> revision.spec().revision() == 3);
        assertThat(world.get(StatefulSet.KIND, "db")).matches(StatefulSet.COMPLETE);
    }

    @Test
    void aBrokenRevisionIsLeftOnlyByForce() {
        StatefulSet broken = DB.container(c -> c.port("http").readiness(Probe.http("http", "/")));
        StatefulSet mended = broken.container(c -> c.env("VERSION", "2"));
        Script.Casting casting = (identity, container) ->
                container.env().isEmpty() ? Script.server().readyAfter(Duration.ofDays(1)) : Script.server();
        Simulation stuck = Simulation.ofWorkloads().processes(casting).apply(broken);
        stuck.advance(Duration.ofMinutes(1)).apply(mended).advance(Duration.ofMinutes(5));
        assertThat(versions(stuck)).containsExactly("");
        Simulation forced = Simulation.ofWorkloads().processes(casting).apply(broken.forceProgress(true));
        forced.advance(Duration.ofMinutes(1)).apply(mended.forceProgress(true)).advance(Duration.ofMinutes(5));
        assertThat(versions(forced)).containsExactly("2", "2", "2");
    }

    @Test
    void theDirectoryOfAPodThatGoesStaysUntilThatIsGone() {
        StatefulSet shrinking = DB.retention(RETAIN, DELETE)
                .template(pod -> pod.spec(spec -> spec.terminationGracePeriod(Duration.ofSeconds(30))));
        Simulation world = Simulation.ofWorkloads()
                .processes((identity, container) -> Script.server().ignoresSigterm())
                .apply(shrinking)
                .advance(Duration.ofSeconds(10))
                .apply(shrinking.replicas(2))
                .advance(Duration.ofSeconds(20));
        assertThat(world.get(Pod.KIND, "db-2").metadata().terminating()).isTrue();
        assertThat(world.names(PersistentVolumeClaim.KIND)).hasSize(3);
        world.advance(Duration.ofSeconds(20));
        assertThat(world.names(Pod.KIND)).containsExactly("db-0", "db-1");
        assertThat(world.names(PersistentVolumeClaim.KIND)).containsExactly("data-db-0", "data-db-1");
    }

    @Test
    void directoriesStayUnlessThePolicySaysOtherwise() {
        Simulation kept = Simulation.ofWorkloads()
                .apply(DB)
                .settle()
                .apply(DB.replicas(1))
                .settle();
        assertThat(kept.names(PersistentVolumeClaim.KIND)).hasSize(3);
        kept.delete(StatefulSet.KIND, "db").settle();
        assertThat(kept.names(PersistentVolumeClaim.KIND)).hasSize(3);
        assertThat(kept.names(Pod.KIND)).isEmpty();

        StatefulSet passing = DB.retention(DELETE, RETAIN);
        Simulation gone = Simulation.ofWorkloads()
                .apply(passing)
                .settle()
                .apply(passing.replicas(1))
                .settle();
        assertThat(gone.names(PersistentVolumeClaim.KIND)).hasSize(3);
        gone.delete(StatefulSet.KIND, "db").settle();
        assertThat(gone.names(PersistentVolumeClaim.KIND)).isEmpty();

        StatefulSet shrinking = DB.retention(RETAIN, DELETE);
        Simulation shrunk = Simulation.ofWorkloads()
                .apply(shrinking)
                .settle()
                .apply(shrinking.replicas(1))
                .settle();
        assertThat(shrunk.names(PersistentVolumeClaim.KIND)).containsExactly("data-db-0");
        shrunk.delete(StatefulSet.KIND, "db").settle();
        assertThat(shrunk.names(PersistentVolumeClaim.KIND)).containsExactly("data-db-0");
    }

    @Test
    void allThatIsWrongIsToldAtOnceAndWhatIsFixedStays() {
        Simulation world = Simulation.ofWorkloads();
        assertThatThrownBy(() -> world.apply(DB.replicas(-1)
                        .startOrdinal(-2)
                        .partition(-3)
                        .storage("data")
                        .serviceName("No")))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContainingAll(
                        "spec.replicas: -1: it must be 0 or more",
                        "spec.startOrdinal: -2: it must be 0 or more",
                        "spec.serviceName: 'No' is not a DNS label",
                        "spec.updateStrategy.rollingUpdate.partition: -3: it must be 0 or more",
                        "spec.volumeClaimTemplates[1].name: 'data': this name is taken already");
        world.apply(DB);
        assertThatThrownBy(() -> world.apply(DB.parallel().storage("more").serviceName("dbs")))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContainingAll(
                        "spec.serviceName: 'dbs': it can't be changed",
                        "spec.podManagementPolicy: PARALLEL: it can't be changed",
                        "spec.volumeClaimTemplates: [data, more]: it can't be changed");
    }

    private static List<String> versions(World world) {
        return world.pods()
                .map(pod -> pod.spec().containers().get(0).env())
                .map(env -> env.isEmpty() ? "" : env.get(0).value())
                .toList();
    }
}
