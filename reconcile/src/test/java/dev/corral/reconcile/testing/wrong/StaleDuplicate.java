package dev.corral.reconcile.testing.wrong;

import static dev.corral.reconcile.testing.wrong.Things.GROUP;
import static dev.corral.reconcile.testing.wrong.Things.LAMP;
import static dev.corral.reconcile.testing.wrong.Things.group;
import static dev.corral.reconcile.testing.wrong.Things.lamp;

import dev.corral.reconcile.Commit;
import dev.corral.reconcile.Context;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.testing.Fault;
import dev.corral.reconcile.testing.Faults;
import dev.corral.reconcile.testing.Simulation;
import dev.corral.reconcile.testing.Trials;
import dev.corral.reconcile.testing.wrong.Things.GroupSpec;
import dev.corral.reconcile.testing.wrong.Things.GroupStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Lists children, and creates as many as it misses under names that say nothing of their place: a stale list makes too many. */
final class StaleDuplicate {
    private StaleDuplicate() {}

    static Specimen specimen() {
        return new Specimen(
                "a stale read creates a duplicate",
                seeds -> trials(
                        seeds,
                        (manager, store, clock) ->
                                manager.controller(GROUP, group -> wrong(store, group), options -> options.owns(LAMP))),
                seeds -> trials(
                        seeds,
                        (manager, store, clock) ->
                                manager.controller(GROUP, StaleDuplicate::right, options -> options.owns(LAMP))),
                Faults.of(Fault.cacheLag().probability(0.2)),
                100,
                "O5",
                "lag(Lamp");
    }

    private static Trials trials(int seeds, Simulation.Setup setup) {
        return Simulation.of(setup)
                .apply(group(3))
                .settle()
                .act(
                        "takes a lamp away",
                        store -> store.delete(store.snapshot().list(LAMP).get(0)))
                .advance(Duration.ofMillis(50))
                .apply(group(3, "look again"))
                .seeds(seeds)
                .always("never more than 3 lamps", world -> Things.lamps(world).size() <= 3);
    }

    private static Plan<GroupStatus> wrong(Store store, Context<GroupSpec, GroupStatus> group) {
        int there = group.children(LAMP).size();
        Commit missing = Commit.by("lamps of " + group.name());
        for (int i = there; i < group.spec().size(); i++) {
            String name = group.name() + "-" + group.snapshot().version() + "-" + i;
            missing = missing.apply(group.resource(), lamp(name, 1));
        }
        store.commit(missing);
        return Plan.<GroupStatus>unchanged().withoutPruning(LAMP).status(group.status());
    }

    private static Plan<GroupStatus> right(Context<GroupSpec, GroupStatus> group) {
        List<Declared<?, ?>> lamps = new ArrayList<>();
        for (int i = 0; i < group.spec().size(); i++) {
            lamps.add(lamp(group.name() + "-" + i, 1));
        }
        return Plan.children(lamps).status(group.status());
    }
}
