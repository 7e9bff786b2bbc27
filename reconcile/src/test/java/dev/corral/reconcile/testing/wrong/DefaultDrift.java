package dev.corral.reconcile.testing.wrong;

import static dev.corral.reconcile.testing.wrong.Things.GROUP;
import static dev.corral.reconcile.testing.wrong.Things.LAMP;
import static dev.corral.reconcile.testing.wrong.Things.group;
import static dev.corral.reconcile.testing.wrong.Things.lamp;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Reconciler;
import dev.corral.reconcile.testing.Faults;
import dev.corral.reconcile.testing.Simulation;
import dev.corral.reconcile.testing.Trials;
import dev.corral.reconcile.testing.wrong.Things.GroupSpec;
import dev.corral.reconcile.testing.wrong.Things.GroupStatus;
import dev.corral.reconcile.testing.wrong.Things.LampSpec;
import dev.corral.reconcile.testing.wrong.Things.LampStatus;
import java.time.Duration;

/** Replaces a lamp that isn't as it wants it, and compares what is stored with what it wrote before defaults were filled in. */
final class DefaultDrift {
    private DefaultDrift() {}

    static Specimen specimen() {
        return new Specimen(
                "default drift",
                seeds -> trials(seeds, DefaultDrift::wrong),
                seeds -> trials(seeds, DefaultDrift::right),
                Faults.none(),
                0,
                "O7",
                "");
    }

    private static Trials trials(int seeds, Reconciler<GroupSpec, GroupStatus> reconciler) {
        return Simulation.of(GROUP, reconciler, options -> options.owns(LAMP))
                .apply(group(1))
                .seeds(seeds);
    }

    private static Plan<GroupStatus> wrong(Context<GroupSpec, GroupStatus> group) {
        Declared<LampSpec, LampStatus> wanted = lamp(group.name(), 0);
        boolean differs = group.child(wanted)
                .filter(stored -> !stored.spec().equals(wanted.spec()))
                .isPresent();
        return differs
                ? Plan.children().wakeAfter(Duration.ZERO).status(group.status())
                : Plan.children(wanted).wakeAfter(Duration.ZERO).status(group.status());
    }

    private static Plan<GroupStatus> right(Context<GroupSpec, GroupStatus> group) {
        return Plan.children(lamp(group.name(), 0)).status(group.status());
    }
}
