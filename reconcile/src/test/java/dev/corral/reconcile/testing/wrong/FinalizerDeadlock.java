package dev.corral.reconcile.testing.wrong;

import static dev.corral.reconcile.testing.wrong.Things.GROUP;
import static dev.corral.reconcile.testing.wrong.Things.LAMP;
import static dev.corral.reconcile.testing.wrong.Things.group;
import static dev.corral.reconcile.testing.wrong.Things.lamp;

import dev.corral.reconcile.Cleanup;
import dev.corral.reconcile.Context;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.testing.Fault;
import dev.corral.reconcile.testing.Faults;
import dev.corral.reconcile.testing.Simulation;
import dev.corral.reconcile.testing.Trials;
import dev.corral.reconcile.testing.wrong.Things.GroupSpec;
import dev.corral.reconcile.testing.wrong.Things.GroupStatus;

/** Needs a lamp to clean up after itself: if that is deleted first, it never goes. */
final class FinalizerDeadlock {
    private FinalizerDeadlock() {}

    static Specimen specimen() {
        return new Specimen(
                "a finalizer that waits for ever",
                seeds -> trials(seeds, FinalizerDeadlock::wrong),
                seeds -> trials(seeds, group -> Plan.unchanged()),
                Faults.of(Fault.crashAfterWrite()),
                20,
                "O",
                "");
    }

    private static Trials trials(int seeds, Cleanup<GroupSpec, GroupStatus> cleanup) {
        return Simulation.of(
                        GROUP,
                        group -> Plan.<GroupStatus>unchanged().status(new GroupStatus(0, "ready")),
                        options -> options.cleanup(cleanup).owns(LAMP))
                .apply(lamp("desk", 1))
                .apply(group(0))
                .settle()
                .delete(LAMP, "desk")
                .delete(GROUP, "group")
                .seeds(seeds)
                .eventually("it is gone", world -> world.names(GROUP).isEmpty());
    }

    private static Plan<GroupStatus> wrong(Context<GroupSpec, GroupStatus> group) {
        return group.get(LAMP, "desk")
                .map(lamp -> Plan.<GroupStatus>unchanged())
                .orElseThrow(() -> new IllegalStateException("there is no lamp to switch off"));
    }
}
