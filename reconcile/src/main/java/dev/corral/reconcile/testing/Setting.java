package dev.corral.reconcile.testing;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.ControllerManager;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.Scheduler;
import dev.corral.reconcile.workload.Workloads;
import java.util.ArrayList;
import java.util.List;

/**
 * What a world is made of before anything happens in it.
 *
 * @param setups add controllers to each manager that is started
 * @param casting what processes do
 * @param transactions whether the store commits several writes at once
 */
record Setting(List<Simulation.Setup> setups, Script.Casting casting, boolean transactions) {
    Setting {
        setups = List.copyOf(setups);
    }

    static Setting standard() {
        return new Setting(List.of(), (identity, container) -> Script.server(), true);
    }

    Setting with(Simulation.Setup setup) {
        List<Simulation.Setup> allSetups = new ArrayList<>(setups);
        allSetups.add(setup);
        return new Setting(allSetups, casting, transactions);
    }

    Setting casting(Script.Casting other) {
        return new Setting(setups, other, transactions);
    }

    Setting withoutTransactions() {
        return new Setting(setups, casting, false);
    }

    void register(ControllerManager manager, Store store, Clock clock) {
        manager.knows(Pod.KIND);
        setups.forEach(setup -> setup.into(manager, store, clock));
        Workloads.register(manager, store, clock, Scheduler.firstFit());
    }
}
