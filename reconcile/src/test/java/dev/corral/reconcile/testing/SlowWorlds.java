package dev.corral.reconcile.testing;

import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.Pod;
import java.time.Duration;

/** Worlds whose processes take their time, so that much happens while they start and stop; and what trials ask of them. */
final class SlowWorlds {
    private SlowWorlds() {}

    /** @param transactions whether a plan is one commit, or one write after the other */
    static Simulation world(boolean transactions) {
        Simulation world = Simulation.ofWorkloads().processes(SlowWorlds::slowly);
        return transactions ? world : world.withoutTransactions();
    }

    static Script slowly(ContainerRuntime.Identity identity, Container container) {
        int spread = Math.floorMod((identity.pod() + identity.attempt()).hashCode(), 3);
        return Script.server()
                .startsAfter(Duration.ofMillis(500L * (1 + spread)))
                .stopsAfter(Duration.ofMillis(300L * spread));
    }

    static long ready(World world) {
        return world.pods().filter(Pod::active).filter(Pod::ready).count();
    }

    static boolean noneTwice(World world) {
        return world.running().stream()
                        .map(ContainerRuntime.Identity::pod)
                        .distinct()
                        .count()
                == world.running().size();
    }
}
