package dev.corral.examples.testing;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.cgroups.Availability;
import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.Controller;

/** What a test can't do without; it is skipped where that is missing. */
public final class Needs {
    private Needs() {}

    /** Limits of every kind, enforced. */
    public static void controlGroups() {
        assumeThat(hasControlGroups())
                .as("needs control groups that this user may write to: " + Cgroups.detect())
                .isTrue();
    }

    /** Limits of one kind, enforced. */
    public static void controlGroups(Controller controller) {
        Availability availability = Cgroups.detect().availability(controller);
        assumeThat(availability.ok())
                .as("needs control groups that this user may write to: " + availability.describe())
                .isTrue();
    }

    /** Whether limits of every kind can be enforced. */
    public static boolean hasControlGroups() {
        return Cgroups.detect().availability().values().stream().allMatch(Availability::ok);
    }
}
