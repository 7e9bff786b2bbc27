package dev.corral.reconcile.testing.wrong;

import static dev.corral.reconcile.testing.wrong.Things.GROUP;
import static dev.corral.reconcile.testing.wrong.Things.LAMP;
import static dev.corral.reconcile.testing.wrong.Things.group;
import static dev.corral.reconcile.testing.wrong.Things.lamp;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.StoreEvent;
import dev.corral.reconcile.Watch;
import dev.corral.reconcile.testing.Faults;
import dev.corral.reconcile.testing.Simulation;
import dev.corral.reconcile.testing.Trials;
import dev.corral.reconcile.testing.wrong.Things.GroupSpec;
import dev.corral.reconcile.testing.wrong.Things.GroupStatus;
import dev.corral.reconcile.testing.wrong.Things.LampSpec;
import dev.corral.reconcile.testing.wrong.Things.LampStatus;
import java.util.List;

/** Counts lamps by what it is told of them, one up and one down: what is told twice counts twice, what it misses never. */
final class MissedEdge {
    private MissedEdge() {}

    static Specimen specimen() {
        return new Specimen(
                "a missed edge",
                seeds -> trials(seeds, (manager, store, clock) -> {
                    Watch<LampSpec, LampStatus> watch = store.watch(LAMP);
                    manager.controller(
                            GROUP,
                            group -> wrong(watch, group),
                            options -> options.watches(LAMP, lamp -> List.of(Key.of("group"))));
                }),
                seeds -> trials(
                        seeds,
                        (manager, store, clock) -> manager.controller(
                                GROUP,
                                MissedEdge::right,
                                options -> options.watches(LAMP, lamp -> List.of(Key.of("group"))))),
                Faults.none(),
                0,
                "O3",
                "");
    }

    private static Trials trials(int seeds, Simulation.Setup setup) {
        return Simulation.of(setup)
                .apply(group(0))
                .apply(lamp("desk", 1))
                .apply(lamp("hall", 1))
                .delete(LAMP, "desk")
                .seeds(seeds)
                .eventually(
                        "the group has counted the lamp",
                        world -> world.get(GROUP, "group").status().lamps() == 1);
    }

    private static Plan<GroupStatus> wrong(Watch<LampSpec, LampStatus> watch, Context<GroupSpec, GroupStatus> group) {
        int lamps = group.status().lamps();
        for (StoreEvent<LampSpec, LampStatus> event : watch.poll()) {
            lamps += event instanceof StoreEvent.Added ? 1 : event instanceof StoreEvent.Deleted ? -1 : 0;
        }
        return Plan.<GroupStatus>unchanged().status(new GroupStatus(lamps, ""));
    }

    private static Plan<GroupStatus> right(Context<GroupSpec, GroupStatus> group) {
        int lamps = group.list(LAMP, lamp -> true).size();
        return Plan.<GroupStatus>unchanged().status(new GroupStatus(lamps, ""));
    }
}
