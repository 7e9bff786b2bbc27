package dev.corral.reconcile.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.DaemonSet;
import dev.corral.reconcile.workload.EnvVar;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.Probe;
import dev.corral.reconcile.workload.StatefulSet;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways in which sets may be updated, with everything that can go wrong. */
@Tag("worlds")
class StrategyTrialsTest {
    private static final int FEW = 5;
    private static final StatefulSet DB = StatefulSet.named("db").replicas(4).container(c -> c.command("store"));
    private static final DaemonSet AGENT = DaemonSet.named("agent").container(c -> c.command("watch"));

    @ParameterizedTest(name = "transactions {0}")
    @ValueSource(booleans = {true, false})
    void aParallelStatefulSetNeverRunsAnOrdinalTwice(boolean transactions) {
        StatefulSet db = DB.parallel();
        SlowWorlds.world(transactions)
                .apply(db)
                .apply(db.replicas(1))
                .apply(db.replicas(5).container(c -> c.env("VERSION", "2")))
                .seeds(Seeds.ofStatefulSets(FEW))
                .faults(Faults.all())
                .always("no ordinal runs twice", SlowWorlds::noneTwice)
                .eventually(each -> StatefulSet.COMPLETE.test(each.get(StatefulSet.KIND, "db")))
                .run();
    }

    @ParameterizedTest(name = "transactions {0}")
    @ValueSource(booleans = {true, false})
    void belowThePartitionEverythingStaysOld(boolean transactions) {
        StatefulSet db = DB.partition(2);
        updated(transactions, db, db.container(c -> c.env("VERSION", "2")))
                .seeds(Seeds.ofStatefulSets(FEW))
                .faults(Faults.all())
                .always("db-0 and db-1 are old", each -> fresh(each).allMatch(name -> name.compareTo("db-2") >= 0))
                .eventually("the others are new", each -> versions(each).equals(List.of("", "", "2", "2")))
                .run();
    }

    @Test
    void atMostSoManyPodsAreMissingDuringAnUpdate() {
        StatefulSet db = DB.maxUnavailable(2);
        Seeds.exhaustiveIfAsked(updated(true, db, db.container(c -> c.env("VERSION", "2")))
                        .seeds(Seeds.orAsAsked(FEW))
                        .faults(Faults.ofControllers())
                        .always("no ordinal runs twice", SlowWorlds::noneTwice)
                        .always("at most two pods are missing", each -> SlowWorlds.ready(each) >= 2)
                        .eventually(each -> StatefulSet.COMPLETE.test(each.get(StatefulSet.KIND, "db"))))
                .run();
    }

    @ParameterizedTest(name = "transactions {0}")
    @ValueSource(booleans = {true, false})
    void byForceASetGetsOutOfARevisionThatNeverIsReady(boolean transactions) {
        StatefulSet db = DB.forceProgress(true).container(c -> c.port("http").readiness(Probe.http("http", "/")));
        Simulation world = Simulation.ofWorkloads()
                .processes((identity, container) -> version(List.of(container)).equals("broken")
                        ? Script.server().readyAfter(Duration.ofDays(100))
                        : SlowWorlds.slowly(identity, container));
        (transactions ? world : world.withoutTransactions())
                .apply(db)
                .settle()
                .apply(db.container(c -> c.env("VERSION", "broken")))
                .advance(Duration.ofMinutes(1))
                .apply(db.container(c -> c.env("VERSION", "mended")))
                .seeds(Seeds.ofStatefulSets(FEW))
                .faults(Faults.all())
                .always("no ordinal runs twice", SlowWorlds::noneTwice)
                .eventually(each -> StatefulSet.COMPLETE.test(each.get(StatefulSet.KIND, "db")))
                .run();
    }

    @ParameterizedTest(name = "transactions {0}")
    @ValueSource(booleans = {true, false})
    void onDeleteNothingIsUpdatedThatNobodyDeletes(boolean transactions) {
        StatefulSet db = DB.onDelete();
        updated(transactions, db, db.container(c -> c.env("VERSION", "2")))
                .settle()
                .delete(Pod.KIND, "db-1")
                .seeds(Seeds.orAsAsked(FEW))
                .faults(Faults.ofControllers())
                .always("db-0, db-2 and db-3 are old", each -> fresh(each).allMatch("db-1"::equals))
                .eventually("db-1 is new", each -> versions(each).equals(List.of("", "2", "", "")))
                .run();
    }

    @ParameterizedTest(name = "transactions {0}")
    @ValueSource(booleans = {true, false})
    void aDaemonSetThatIsUpdatedOnDeleteWaits(boolean transactions) {
        DaemonSet agent = AGENT.onDelete();
        updated(transactions, agent, agent.container(c -> c.env("VERSION", "2")))
                .seeds(Seeds.orAsAsked(FEW))
                .faults(Faults.ofControllers())
                .always("one old pod", each -> versions(each).equals(List.of("")))
                .eventually("and it is ready", each -> SlowWorlds.ready(each) == 1)
                .run();
    }

    @Test
    void aVersionIsReadFromItsContainer() {
        assertThat(version(List.of(Container.named("main").env("VERSION", "7"))))
                .isEqualTo("7");
        assertThat(version(List.of(Container.named("main")))).isEmpty();
    }

    /** A world in which a set stands and is then declared anew, which is no detour to the same end: the old pods count. */
    private static Simulation updated(boolean transactions, Declared<?, ?> before, Declared<?, ?> after) {
        return SlowWorlds.world(transactions)
                .apply(before)
                .settle()
                .act("update", store -> store.apply(after).orThrow());
    }

    /** The names of the pods of version 2. */
    private static Stream<String> fresh(World world) {
        return world.pods()
                .filter(pod -> version(pod.spec().containers()).equals("2"))
                .map(Resource::name);
    }

    private static String version(List<Container> containers) {
        return containers.get(0).env().stream()
                .filter(variable -> variable.name().equals("VERSION"))
                .findFirst()
                .map(EnvVar::value)
                .orElse("");
    }

    /** Of the pods, in the order of their names. */
    private static List<String> versions(World world) {
        TreeMap<String, String> versions = new TreeMap<>();
        world.pods().forEach(pod -> versions.put(pod.name(), version(pod.spec().containers())));
        return List.copyOf(versions.values());
    }
}
