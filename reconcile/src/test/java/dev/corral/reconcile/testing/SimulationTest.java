package dev.corral.reconcile.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.workload.Pod;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("worlds")
class SimulationTest {
    private static final int SEEDS = Seeds.orAsAsked(200);

    @Test
    void replacesAPodThatVanishes() {
        Simulation world =
                Simulation.of(Web.KIND, Web::reconcile).apply(Web.SHOP).settle();
        assertThat(world.get(Web.KIND, "shop").status().ready()).isEqualTo(3);
        world.delete(Pod.KIND, "shop-1").settle();
        assertThat(world.names(Pod.KIND)).containsExactly("shop-0", "shop-1", "shop-2");
        assertThat(world.dryRun(Web.SHOP)).isEmpty();
    }

    @Test
    void keepsItsPromisesUnderAllFaults() {
        Trials.Tally tally = Simulation.of(Web.KIND, Web::reconcile)
                .apply(Web.SHOP)
                .seeds(SEEDS)
                .faults(Faults.all())
                .exhaustive()
                .always(world -> world.pods().filter(Pod::active).count() <= 3)
                .eventually(world -> world.get(Web.KIND, "shop").status().ready() == 3)
                .run();
        assertThat(tally.runs()).as("those of the exhaustive mode come on top").isGreaterThan(SEEDS + 1);
        assertThat(tally.faults()).isGreaterThan(SEEDS / 2);
    }
}
