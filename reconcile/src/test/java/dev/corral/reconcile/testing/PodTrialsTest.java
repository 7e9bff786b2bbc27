package dev.corral.reconcile.testing;

import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.Lifecycle;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.Probe;
import dev.corral.reconcile.workload.SiblingRestarts;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pods with all that a life can have, and with everything that can go wrong. */
@Tag("worlds")
class PodTrialsTest {
    private static final int FEW = 60;
    private static final Probe PROBE = Probe.exec("well").period(Duration.ofSeconds(2));

    @ParameterizedTest
    @EnumSource(SiblingRestarts.class)
    void aPodKeepsItsOrderWhateverHappens(SiblingRestarts manner) {
        Simulation.ofWorkloads()
                .processes(PodTrialsTest::script)
                .apply(pod("web", manner))
                .settle()
                .apply(pod("web", manner).container("main", c -> c.env("VERSION", "2")))
                .advance(Duration.ofMinutes(2))
                .delete(Pod.KIND, "web")
                .apply(pod("second", manner))
                .seeds(Seeds.ofPods(FEW))
                .faults(Faults.all().with(Fault.agentCrash()))
                .always("no container runs twice", PodTrialsTest::runsOnce)
                .always("a main container runs only after the init containers", PodTrialsTest::inOrder)
                .always("nothing is asked to end while its pod is in rotation", PodTrialsTest::outOfRotation)
                .eventually(
                        "the pod is ready",
                        world -> world.find(Pod.KIND, "second")
                                .filter(Pod::ready)
                                .isPresent())
                .eventually(
                        "the first one is gone",
                        world -> world.find(Pod.KIND, "web").isEmpty())
                .run();
    }

    private static Pod pod(String name, SiblingRestarts manner) {
        return Pod.named(name)
                .spec(spec -> spec.siblingRestarts(manner)
                        .initContainer("init", c -> c.command("init"))
                        .sidecar("log", c -> c.command("log").startup(PROBE).readiness(PROBE))
                        .container(
                                "main",
                                c -> c.command("main")
                                        .startup(PROBE)
                                        .liveness(PROBE)
                                        .readiness(PROBE)
                                        .postStart(Lifecycle.exec("warm"))
                                        .preStop(Lifecycle.exec("drain")))
                        .container("other", c -> c.command("other")));
    }

    private static Script script(ContainerRuntime.Identity identity, Container container) {
        Script slow = Script.server()
                .startsAfter(Duration.ofMillis(300))
                .startedAfter(Duration.ofSeconds(1))
                .stopsAfter(Duration.ofMillis(500))
                .executes("warm", Duration.ofMillis(200), 0)
                .executes("drain", Duration.ofSeconds(1), 0);
        return container.name().equals("init") ? slow.exits(0, Duration.ofSeconds(1)) : slow;
    }

    private static boolean runsOnce(World world) {
        Set<List<String>> seen = new HashSet<>();
        return world.running().stream().allMatch(run -> seen.add(List.of(run.uid(), run.container())));
    }

    /** As long as an init container runs, no main one of its pod does; and none runs before each has succeeded. */
    private static boolean inOrder(World world) {
        Set<String> preparing = new HashSet<>();
        world.running().stream().filter(run -> run.container().equals("init")).forEach(run -> preparing.add(run.uid()));
        return world.running().stream()
                .filter(run -> run.container().equals("main") || run.container().equals("other"))
                .noneMatch(run -> preparing.contains(run.uid()) || !prepared(world, run));
    }

    private static boolean outOfRotation(World world) {
        return world.ending().stream()
                .allMatch(run -> world.pods()
                        .filter(pod -> pod.metadata().uid().equals(run.uid()))
                        .noneMatch(pod -> Pod.active(pod) && Pod.ready(pod)));
    }

    private static boolean prepared(World world, ContainerRuntime.Identity run) {
        return world.pods()
                .filter(pod -> pod.metadata().uid().equals(run.uid()))
                .allMatch(pod -> pod.status().conditions().holds(PodStatus.INITIALIZED));
    }
}
