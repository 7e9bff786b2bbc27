package dev.corral.reconcile.testing.wrong;

import static dev.corral.reconcile.testing.wrong.Things.GROUP;
import static dev.corral.reconcile.testing.wrong.Things.LAMP;
import static dev.corral.reconcile.testing.wrong.Things.group;
import static dev.corral.reconcile.testing.wrong.Things.lamp;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.testing.Fault;
import dev.corral.reconcile.testing.Faults;
import dev.corral.reconcile.testing.Simulation;
import dev.corral.reconcile.testing.Trials;
import dev.corral.reconcile.testing.wrong.Things.GroupSpec;
import dev.corral.reconcile.testing.wrong.Things.GroupStatus;
import java.util.HashSet;
import java.util.Set;

/** Remembers in a field for whom it has done its work: the commit may have failed, and who starts again remembers nothing. */
final class StateInAField {
    private final Set<String> done = new HashSet<>();

    private StateInAField() {}

    static Specimen specimen() {
        return new Specimen(
                "state in a field",
                seeds -> trials(
                        seeds,
                        (manager, store, clock) ->
                                manager.controller(GROUP, new StateInAField()::wrong, options -> options.owns(LAMP))),
                seeds -> trials(
                        seeds,
                        (manager, store, clock) ->
                                manager.controller(GROUP, StateInAField::right, options -> options.owns(LAMP))),
                Faults.of(Fault.writeFailsBefore()),
                100,
                "O1",
                "fails@");
    }

    private static Trials trials(int seeds, Simulation.Setup setup) {
        return Simulation.of(setup)
                .apply(group(1))
                .seeds(seeds)
                .eventually("there is a lamp", world -> Things.lamps(world).size() == 1);
    }

    private Plan<GroupStatus> wrong(Context<GroupSpec, GroupStatus> group) {
        return done.add(group.metadata().uid())
                ? right(group)
                : Plan.<GroupStatus>unchanged().withoutPruning(LAMP).status(group.status());
    }

    private static Plan<GroupStatus> right(Context<GroupSpec, GroupStatus> group) {
        return Plan.children(lamp(group.name(), 1)).status(new GroupStatus(1, ""));
    }
}
