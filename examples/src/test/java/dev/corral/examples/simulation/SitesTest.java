package dev.corral.examples.simulation;

import static dev.corral.examples.simulation.Sites.WEBSITE;
import static dev.corral.examples.simulation.Sites.site;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.Signal;
import dev.corral.reconcile.testing.Fault;
import dev.corral.reconcile.testing.Faults;
import dev.corral.reconcile.testing.Script;
import dev.corral.reconcile.testing.Simulation;
import dev.corral.reconcile.workload.Pod;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SitesTest {
    private static final int SEEDS = Integer.getInteger("seeds", 100);

    @Test
    void aSiteHasAsManyServersAsItWants() {
        // README
        Simulation world =
                Simulation.of(WEBSITE, Sites::reconcile).apply(site("home", 3)).settle();
        assertThat(world.get(WEBSITE, "home").status().ready()).isEqualTo(3);
        // end
        assertThat(world.running()).hasSize(3);
    }

    @Test
    void aThousandSeedsTryToBreakIt() {
        // README
        Simulation.of(WEBSITE, Sites::reconcile)
                .apply(site("home", 3))
                .seeds(SEEDS)
                .faults(Faults.all())
                .always(w -> w.pods().filter(Pod::active).count() <= 4)
                .eventually(w -> w.get(WEBSITE, "home").status().ready() == 3)
                .run();
        // end
    }

    @Test
    void processesDoWhatScriptsSay() {
        // README
        Script slow = Script.server().startsAfter(Duration.ofSeconds(5)).killedBy(Signal.KILL, Duration.ofMinutes(1));
        Simulation world = Simulation.of(WEBSITE, Sites::reconcile)
                .processes((identity, container) -> identity.attempt() == 0 ? slow : Script.server())
                .apply(site("home", 1))
                .advance(Duration.ofSeconds(10));
        assertThat(world.get(WEBSITE, "home").status().ready()).isEqualTo(1);
        world.advance(Duration.ofMinutes(1));
        assertThat(world.pods()).singleElement().matches(pod -> pod.status().restarts() == 1);
        // end
    }

    @Test
    void someFaultsInAGrownWorldOnAStoreWithoutTransactions() {
        // README
        Simulation.of(WEBSITE, Sites::reconcile)
                .withoutTransactions()
                .apply(site("home", 3))
                .settle() // up to here all is well
                .apply(site("home", 5)) // and from here on this goes wrong:
                .seeds(SEEDS)
                .faults(Faults.of(Fault.crashAfterWrite(), Fault.conflict().probability(0.2)))
                .exhaustive()
                .eventually(
                        "five are ready", w -> w.get(WEBSITE, "home").status().ready() == 5)
                .run();
        // end
    }
}
