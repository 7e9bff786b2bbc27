package dev.corral.reconcile.testing.wrong;

import static dev.corral.reconcile.testing.wrong.Things.GROUP;
import static dev.corral.reconcile.testing.wrong.Things.LAMP;
import static dev.corral.reconcile.testing.wrong.Things.group;
import static dev.corral.reconcile.testing.wrong.Things.lamp;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.testing.Fault;
import dev.corral.reconcile.testing.Faults;
import dev.corral.reconcile.testing.Simulation;
import dev.corral.reconcile.testing.Trials;
import dev.corral.reconcile.testing.wrong.Things.GroupSpec;
import dev.corral.reconcile.testing.wrong.Things.GroupStatus;
import dev.corral.reconcile.testing.wrong.Things.LampSpec;
import dev.corral.reconcile.testing.wrong.Things.LampStatus;
import java.time.Duration;
import java.util.List;

/** Removes burnt-out lamps by their names: what it saw may be gone, and another lamp may have its name. */
final class DeletesByName {
    private static final int BURNT_OUT = -1;

    private DeletesByName() {}

    static Specimen specimen() {
        return new Specimen(
                "deletes by name after a re-creation",
                seeds -> trials(seeds, true),
                seeds -> trials(seeds, false),
                Faults.of(Fault.cacheLag(LAMP, Duration.ofSeconds(30)).probability(0.2)),
                200,
                "O1",
                "lag(Lamp");
    }

    private static Trials trials(int seeds, boolean byName) {
        return Simulation.of((manager, store, clock) -> manager.controller(
                        GROUP,
                        group -> sweep(store, group, byName),
                        options -> options.watches(LAMP, lamp -> List.of(Key.of("group")))))
                .apply(group(0))
                .apply(lamp("desk", BURNT_OUT))
                .advance(Duration.ofSeconds(1))
                .act("replaces the lamp", DeletesByName::replace)
                .apply(group(0, "look again"))
                .advance(Duration.ofSeconds(1))
                .apply(group(0, "and again"))
                .seeds(seeds)
                .eventually("there is a lamp", world -> Things.lamps(world).size() == 1);
    }

    private static void replace(Store store) {
        store.snapshot().get(LAMP, Key.of("desk")).ifPresent(store::delete);
        store.create(lamp("desk", 1)).orThrow();
    }

    private static Plan<GroupStatus> sweep(Store store, Context<GroupSpec, GroupStatus> group, boolean byName) {
        for (Resource<LampSpec, LampStatus> seen :
                group.list(LAMP, lamp -> lamp.spec().brightness() == BURNT_OUT)) {
            if (byName) {
                store.snapshot().get(LAMP, seen.key()).ifPresent(store::delete);
            } else {
                store.delete(seen); // refused if it is another one, or another version of it
            }
        }
        return Plan.<GroupStatus>unchanged()
                .status(new GroupStatus(0, group.spec().note()));
    }
}
