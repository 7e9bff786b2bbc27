package dev.corral.reconcile.testing.wrong;

import static dev.corral.reconcile.testing.wrong.Things.GROUP;
import static dev.corral.reconcile.testing.wrong.Things.LAMP;
import static dev.corral.reconcile.testing.wrong.Things.group;
import static dev.corral.reconcile.testing.wrong.Things.lamp;

import dev.corral.reconcile.Commit;
import dev.corral.reconcile.Context;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.testing.Fault;
import dev.corral.reconcile.testing.Faults;
import dev.corral.reconcile.testing.Simulation;
import dev.corral.reconcile.testing.Trials;
import dev.corral.reconcile.testing.wrong.Things.GroupSpec;
import dev.corral.reconcile.testing.wrong.Things.GroupStatus;

/** Creates a lamp, then notes its name in the status: who crashes in between has forgotten it. */
final class CrashBetweenWrites {
    private CrashBetweenWrites() {}

    static Specimen specimen() {
        return new Specimen(
                "a crash between two writes",
                seeds -> trials(
                        seeds,
                        (manager, store, clock) ->
                                manager.controller(GROUP, group -> wrong(store, group), options -> options.owns(LAMP))),
                seeds -> trials(
                        seeds,
                        (manager, store, clock) ->
                                manager.controller(GROUP, CrashBetweenWrites::right, options -> options.owns(LAMP))),
                Faults.of(Fault.crashAfterWrite()),
                100,
                "O2",
                "crash@");
    }

    private static Trials trials(int seeds, Simulation.Setup setup) {
        return Simulation.of(setup).apply(group(1)).seeds(seeds);
    }

    private static Plan<GroupStatus> wrong(Store store, Context<GroupSpec, GroupStatus> group) {
        Plan<GroupStatus> plan =
                Plan.<GroupStatus>unchanged().withoutPruning(LAMP).status(group.status());
        if (!group.status().note().isEmpty()) {
            return plan;
        }
        String name = group.name() + "-" + group.snapshot().version();
        store.commit(Commit.by("lamp of " + group.name()).apply(group.resource(), lamp(name, 1)));
        return plan.status(new GroupStatus(1, name));
    }

    private static Plan<GroupStatus> right(Context<GroupSpec, GroupStatus> group) {
        return Plan.children(lamp(group.name(), 1)).status(new GroupStatus(1, group.name()));
    }
}
