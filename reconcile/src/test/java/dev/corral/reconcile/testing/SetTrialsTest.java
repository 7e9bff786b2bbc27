package dev.corral.reconcile.testing;

import static dev.corral.reconcile.workload.RetentionPolicy.Retention.DELETE;
import static dev.corral.reconcile.workload.RetentionPolicy.Retention.RETAIN;

import dev.corral.reconcile.Resource;
import dev.corral.reconcile.workload.DaemonSet;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Node;
import dev.corral.reconcile.workload.PersistentVolumeClaim;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.StatefulSet;
import dev.corral.reconcile.workload.Taint;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** StatefulSets, DaemonSets and recreated Deployments, with everything that can go wrong. */
@Tag("worlds")
class SetTrialsTest {
    private static final int FEW = 15;

    private static final StatefulSet DB = StatefulSet.named("db")
            .replicas(3)
            .container(c -> c.command("store"))
            .storage("data");
    private static final DaemonSet AGENT = DaemonSet.named("agent").container(c -> c.command("watch"));

    @ParameterizedTest(name = "transactions {0}")
    @ValueSource(booleans = {true, false})
    void aStatefulSetStartsAndShrinksInOrder(boolean transactions) {
        StatefulSet db = StatefulSet.named("db").container(c -> c.command("store"));
        SlowWorlds.world(transactions)
                .apply(db.replicas(2))
                .apply(db.replicas(4))
                .apply(db.replicas(1))
                .apply(db.replicas(3))
                .seeds(Seeds.ofStatefulSets(FEW))
                .faults(Faults.all())
                .always("no ordinal runs twice", SlowWorlds::noneTwice)
                .always("no pod is there without those before it", SetTrialsTest::withoutGaps)
                .eventually(each -> StatefulSet.COMPLETE.test(each.get(StatefulSet.KIND, "db")))
                .run();
    }

    @ParameterizedTest(name = "transactions {0}")
    @ValueSource(booleans = {true, false})
    void anUpdateOfAStatefulSetTakesOnePodAtATime(boolean transactions) {
        Seeds.exhaustiveIfAsked(SlowWorlds.world(transactions)
                        .apply(DB)
                        .settle()
                        .apply(DB.container(c -> c.env("VERSION", "2")))
                        .seeds(Seeds.orAsAsked(FEW))
                        .faults(Faults.ofControllers())
                        .always("no ordinal runs twice", SlowWorlds::noneTwice)
                        .always("at most one pod is missing", world -> SlowWorlds.ready(world) >= 2)
                        .eventually(each -> StatefulSet.COMPLETE.test(each.get(StatefulSet.KIND, "db"))))
                .run();
    }

    @Test
    void directoriesFollowTheRetentionPolicy() {
        SlowWorlds.world(true)
                .apply(DB.retention(RETAIN, DELETE))
                .settle()
                .apply(DB.retention(RETAIN, DELETE).replicas(1))
                .seeds(Seeds.ofStatefulSets(FEW))
                .faults(Faults.all())
                .eventually(
                        "only the first directory is left",
                        each -> each.names(PersistentVolumeClaim.KIND).equals(List.of("data-db-0")))
                .run();
    }

    @ParameterizedTest(name = "transactions {0}")
    @ValueSource(booleans = {true, false})
    void aDaemonSetNeverHasTwoPodsOnANode(boolean transactions) {
        SlowWorlds.world(transactions)
                .apply(AGENT)
                .settle()
                .apply(AGENT.container(c -> c.env("VERSION", "2")))
                .apply(AGENT.container(c -> c.env("VERSION", "3")))
                .seeds(Seeds.ofDaemonSets(FEW))
                .faults(Faults.all())
                .always(
                        "at most one pod on each node",
                        each -> each.pods()
                                        .map(pod -> pod.spec().nodeName().orElse(""))
                                        .distinct()
                                        .count()
                                == each.pods().count())
                .eventually(
                        "the local pod is of the last template",
                        each -> each.pods()
                                .filter(pod -> pod.spec().nodeName().equals(Optional.of("local")))
                                .allMatch(pod -> Pod.ready(pod)
                                        && pod.spec()
                                                .containers()
                                                .get(0)
                                                .env()
                                                .get(0)
                                                .value()
                                                .equals("3")))
                .run();
    }

    @ParameterizedTest(name = "transactions {0}, and back {1}")
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void aNodeThatIsTaintedLosesItsDaemonAndGetsItBack(boolean transactions, boolean back) {
        Node node = Node.named("local");
        Node tainted = node.taint("team", "red", Taint.Effect.NO_EXECUTE);
        Simulation world = SlowWorlds.world(transactions)
                .apply(AGENT)
                .settle()
                .act("taint", store -> store.apply(tainted).orThrow());
        (back ? world.act("untaint", store -> store.apply(node).orThrow()) : world)
                .seeds(Seeds.orAsAsked(FEW))
                .faults(Faults.all())
                .always(
                        "at most one that stays",
                        each -> each.pods().filter(Pod::active).count() <= 1)
                .eventually(
                        "one, or none",
                        each -> SlowWorlds.ready(each) == (back ? 1 : 0)
                                && each.pods().count() == (back ? 1 : 0))
                .run();
    }

    @Test
    void aSurgingDaemonSetAlwaysServes() {
        DaemonSet agent = AGENT.maxSurge(1);
        Seeds.exhaustiveIfAsked(SlowWorlds.world(true)
                        .apply(agent)
                        .settle()
                        .apply(agent.container(c -> c.env("VERSION", "2")))
                        .seeds(Seeds.orAsAsked(FEW))
                        .faults(Faults.ofControllers())
                        .always("one is ready", each -> SlowWorlds.ready(each) >= 1)
                        .always(
                                "at most two",
                                each -> each.pods().filter(Pod::active).count() <= 2)
                        .eventually(each -> DaemonSet.COMPLETE.test(each.get(DaemonSet.KIND, "agent"))))
                .run();
    }

    @ParameterizedTest(name = "transactions {0}")
    @ValueSource(booleans = {true, false})
    void aRecreatedDeploymentNeverRunsTwoVersions(boolean transactions) {
        Deployment web = Deployment.named("web").replicas(2).recreate().container(c -> c.command("serve"));
        SlowWorlds.world(transactions)
                .apply(web)
                .settle()
                .apply(web.container(c -> c.env("VERSION", "2")))
                .seeds(Seeds.ofDeployments(FEW))
                .faults(Faults.all())
                .always(
                        "one version",
                        each -> each.running().stream()
                                        .map(run ->
                                                run.pod().substring(0, run.pod().lastIndexOf('-')))
                                        .distinct()
                                        .count()
                                <= 1)
                .eventually(each -> Deployment.COMPLETE.test(each.get(Deployment.KIND, "web")))
                .run();
    }

    @Test
    void aDeploymentThatIsResizedInTheMiddleOfARolloutKeepsItsBounds() {
        Deployment web = Deployment.named("web").replicas(4).container(c -> c.command("serve"));
        SlowWorlds.world(true)
                .apply(web)
                .settle()
                .apply(web.container(c -> c.env("VERSION", "2")))
                .apply(web.replicas(8).container(c -> c.env("VERSION", "2")))
                .seeds(Seeds.orAsAsked(FEW))
                .faults(Faults.ofControllers())
                .always("at least three serve", each -> SlowWorlds.ready(each) >= 3)
                .always("at most ten", each -> each.pods().filter(Pod::active).count() <= 10)
                .eventually(each -> Deployment.COMPLETE.test(each.get(Deployment.KIND, "web")))
                .run();
    }

    /** Ordered sets are a row without gaps all the time that no update goes on. */
    private static boolean withoutGaps(World world) {
        List<String> names = world.pods().map(Resource::name).sorted().toList();
        for (int i = 0; i < names.size(); i++) {
            if (!names.get(i).equals("db-" + i)) {
                return false;
            }
        }
        return true;
    }
}
