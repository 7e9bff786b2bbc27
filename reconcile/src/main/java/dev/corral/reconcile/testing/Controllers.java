package dev.corral.reconcile.testing;

import dev.corral.reconcile.ControllerManager;
import java.util.SplittableRandom;

/** The controllers of one process. */
record Controllers(FaultyStore store, ControllerManager manager, Runnable unsubscribe) {
    static Controllers start(SimulatedWorld world, Life life, long epoch) {
        FaultyStore store = new FaultyStore(world, life, Site.CONTROLLER_WRITE);
        ControllerManager manager = ControllerManager.rehearsing(
                        store, life.clock(), life, new SplittableRandom(world.draw()), new Reign(epoch))
                .stepwise();
        world.setting().register(manager, store, life.clock());
        manager.start();
        return new Controllers(store, manager, world.store().onChange(store::changed));
    }

    boolean ended() {
        return store.life().ended();
    }

    /** As a crash ends them: nothing of them is heard any more. */
    void end() {
        store.life().end();
        unsubscribe.run();
    }
}
