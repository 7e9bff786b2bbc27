package dev.corral.examples.simulation;

import static dev.corral.examples.simulation.Sites.WEBSITE;
import static dev.corral.examples.simulation.Sites.site;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.corral.Signal;
import dev.corral.examples.simulation.Sites.WebSiteSpec;
import dev.corral.examples.simulation.Sites.WebSiteStatus;
import dev.corral.reconcile.Context;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.testing.Fault;
import dev.corral.reconcile.testing.Faults;
import dev.corral.reconcile.testing.Script;
import dev.corral.reconcile.testing.Simulation;
import dev.corral.reconcile.testing.SimulationFailure;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
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

    // README
    /** What if each server that isn't ready got a spare one? By hand it looks right: in the end there are three. */
    static Plan<WebSiteStatus> withSpares(Context<WebSiteSpec, WebSiteStatus> site) {
        int copies = site.spec().copies();
        Deployment server = Deployment.named(site.name()).container(c -> c.command("serve"));
        int ready = site.child(server).map(d -> d.status().readyReplicas()).orElse(copies);
        return Plan.children(server.replicas(copies + Math.max(0, copies - ready)))
                .status(new WebSiteStatus(ready));
    }
    // end

    @Test
    void aSeedFindsTheSpareThatIsOneTooManyAndTheReadmeShowsWhatItSays() {
        Simulation byHand = Simulation.of(WEBSITE, SitesTest::withSpares)
                .apply(site("home", 3))
                .settle();
        assertThat(byHand.get(WEBSITE, "home").status().ready()).isEqualTo(3);
        SimulationFailure found = catchThrowableOfType(SimulationFailure.class, () -> {
            // README
            Simulation.of(WEBSITE, SitesTest::withSpares)
                    .apply(site("home", 3))
                    .settle() // up to here all is well
                    .apply(site("home", 4))
                    .seeds(100)
                    .faults(Faults.all())
                    .always("at most five", w -> w.pods().filter(Pod::active).count() <= 5)
                    .run();
            // end
        });
        String text = String.valueOf(found.getMessage());
        String told = text.lines().limit(3).collect(Collectors.joining("\n", "```\n", "\n```\n"));
        assertThat(Path.of("../README.md")).content().contains(told);
        assertThat(Path.of("../docs/simulation.md")).content().contains(told);
        assertThat(text.lines().skip(3).takeWhile(line -> !line.startsWith("the last ")))
                .as("the faults and whom they hit, which were long before the end")
                .anySatisfy(hit -> assertThat(hit).contains("  FAULT hits process home-"))
                .filteredOn(line -> !line.contains("  FAULT hits "))
                .zipSatisfy(found.faults(), (line, fault) -> assertThat(line).endsWith("  FAULT " + fault));
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
