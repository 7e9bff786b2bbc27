package dev.corral.namespaces;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.internal.linux.LibC;

/** What a test needs of whoever runs it. */
final class Privilege {
    private Privilege() {}

    static boolean root() {
        return LibC.effectiveUser() == 0;
    }

    /** Skips the test for an ordinary user. */
    static void assumeRoot(String why) {
        assumeThat(root()).as("needs root: " + why).isTrue();
    }

    /** Skips the test for root. */
    static void assumeOrdinaryUser(String why) {
        assumeThat(root()).as("needs an ordinary user: " + why).isFalse();
    }
}
