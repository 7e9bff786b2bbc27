package dev.corral.examples.architecture.crooked;

import dev.corral.examples.architecture.crooked.cgroups.KnowsItsSibling;
import dev.corral.examples.architecture.crooked.internal.launch.KnowsWhatIsAbove;

/** A house that breaks every rule once or more: what core does wrong. */
public final class CrookedHouse {
    private CrookedHouse() {}

    static KnowsItsSibling coreKnowsCgroups() {
        return new KnowsItsSibling();
    }

    public static KnowsWhatIsAbove showsAnInternalType() {
        return new KnowsWhatIsAbove();
    }

    static void endsTheJvm() {
        System.exit(1);
    }

    static void sleeps() throws InterruptedException {
        Thread.sleep(1);
    }
}
