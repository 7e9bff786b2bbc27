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

/** Notes in the status when it looked last, and looks again: nobody did anything, and yet there is always something to write. */
final class HotLoop {
    private HotLoop() {}

    static Specimen loop() {
        return new Specimen(
                "a hot loop",
                seeds -> trials(seeds, group -> noted(group).wakeAfter(Duration.ofMillis(100))),
                seeds -> trials(seeds, HotLoop::right),
                Faults.none(),
                0,
                "O7",
                "");
    }

    static Specimen timestamp() {
        return new Specimen(
                "a time in the status",
                seeds -> trials(seeds, HotLoop::noted),
                seeds -> trials(seeds, HotLoop::right),
                Faults.none(),
                0,
                "O3",
                "");
    }

    private static Trials trials(int seeds, Reconciler<GroupSpec, GroupStatus> reconciler) {
        return Simulation.of(GROUP, reconciler)
                .apply(group(0))
                .advance(Duration.ofSeconds(1))
                .apply(group(1))
                .advance(Duration.ofSeconds(1))
                .seeds(seeds);
    }

    private static Plan<GroupStatus> noted(Context<GroupSpec, GroupStatus> group) {
        return Plan.<GroupStatus>unchanged()
                .status(new GroupStatus(0, group.now().toString()));
    }

    private static Plan<GroupStatus> right(Context<GroupSpec, GroupStatus> group) {
        return Plan.<GroupStatus>unchanged()
                .status(new GroupStatus(group.spec().size(), ""))
                .wakeAfter(Duration.ofMinutes(10));
    }
}
