package dev.corral.reconcile.testing.wrong;

import static dev.corral.reconcile.testing.wrong.Things.GROUP;
import static dev.corral.reconcile.testing.wrong.Things.group;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Reconciler;
import dev.corral.reconcile.testing.Faults;
import dev.corral.reconcile.testing.Simulation;
import dev.corral.reconcile.testing.Trials;
import dev.corral.reconcile.testing.wrong.Things.GroupSpec;
import dev.corral.reconcile.testing.wrong.Things.GroupStatus;
import java.time.Duration;
import java.time.Instant;

/** Asks the system what time it is, in place of the pass: whether a group is old then depends on when the test runs. */
final class WallClock {
    private static final Duration OLD = Duration.ofMinutes(5);

    private WallClock() {}

    static Specimen specimen() {
        return new Specimen(
                "the wall clock",
                seeds -> trials(seeds, group -> aged(group, Instant.now())),
                seeds -> trials(seeds, group -> aged(group, group.now())),
                Faults.none(),
                0,
                "O",
                "");
    }

    private static Trials trials(int seeds, Reconciler<GroupSpec, GroupStatus> reconciler) {
        return Simulation.of(GROUP, reconciler)
                .apply(group(0))
                .seeds(seeds)
                .always(
                        "it is not old before its time",
                        world -> world.list(GROUP).stream()
                                .allMatch(group -> group.status().note().isEmpty()
                                        || !world.now()
                                                .isBefore(group.metadata()
                                                        .created()
                                                        .plus(OLD))))
                .eventually(
                        "it is old in the end",
                        world -> world.get(GROUP, "group").status().note().equals("old"));
    }

    private static Plan<GroupStatus> aged(Context<GroupSpec, GroupStatus> group, Instant now) {
        Instant old = group.metadata().created().plus(OLD);
        Plan<GroupStatus> plan =
                Plan.<GroupStatus>unchanged().status(new GroupStatus(0, now.isBefore(old) ? "" : "old"));
        return now.isBefore(old) ? plan.wakeAt(old) : plan;
    }
}
