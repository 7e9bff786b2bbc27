package dev.corral.reconcile.testing;

import dev.corral.reconcile.ControllerManager;
import dev.corral.reconcile.Leadership;
import dev.corral.reconcile.Loop;
import dev.corral.reconcile.node.LocalNode;
import dev.corral.reconcile.node.NodeAgent;
import dev.corral.reconcile.node.Seams;
import dev.corral.reconcile.workload.Pod;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** The node agent of one process. */
record Agent(FaultyStore store, ControllerManager manager, Runnable unsubscribe) {
    static Agent start(SimulatedWorld world, Life life, long seed) {
        FaultyStore store = new FaultyStore(world, life, Site.WRITE);
        ControllerManager manager = ControllerManager.rehearsing(
                        store, life.clock(), life, new SplittableRandom(seed), Leadership.always())
                .stepwise();
        CompletableFuture<Loop> loop = new CompletableFuture<>();
        Seams seams = new Seams(world.runtime(), world.runtime(), life.routineClock(), life);
        NodeAgent agent = new NodeAgent(LocalNode.NAME, store, seams, loop::join);
        loop.complete(manager.loop("node", Pod.KIND, agent, NodeAgent::options));
        agent.watch(loop.join());
        Runnable unsubscribe = world.store().onChange(store::changed);
        manager.start();
        return new Agent(store, manager, unsubscribe);
    }

    boolean ended() {
        return store.life().ended();
    }

    /** As a crash ends it: nothing of it is heard any more. */
    void end() {
        store.life().end();
        unsubscribe.run();
    }
}
