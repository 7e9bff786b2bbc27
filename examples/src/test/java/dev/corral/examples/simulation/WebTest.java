package dev.corral.examples.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.testing.Faults;
import dev.corral.reconcile.testing.Simulation;
import dev.corral.reconcile.workload.Pod;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WebTest {
    // README
    static final class Web {
        record Spec(int replicas, List<String> command) {}

        record Status(int ready) {}

        static final Kind<Spec, Status> KIND = Kind.of("Web", Spec.class, Status.class);

        static Plan<Status> reconcile(Context<Spec, Status> web) { // pure: snapshot in, plan out
            List<Pod> wanted = IntStream.range(0, web.spec().replicas())
                    .mapToObj(i -> Pod.named(web.name() + "-" + i)
                            .container(c -> c.command(web.spec().command())))
                    .toList();
            long ready = web.children(Pod.KIND).stream().filter(Pod::ready).count();
            return Plan.children(wanted).status(new Status((int) ready)); // a child no longer listed is removed
        }
    }
    // end

    private static final int SEEDS = Integer.getInteger("seeds", 100);

    private static final Declared<Web.Spec, Web.Status> SHOP =
            Declared.of(Web.KIND, "shop", new Web.Spec(3, List.of("sleep", "60")));

    @Test
    void replacesAPodThatVanishes() {
        // README
        Simulation world = Simulation.of(Web.KIND, Web::reconcile).apply(SHOP).settle();
        world.delete(Pod.KIND, "shop-1").settle();
        assertThat(world.names(Pod.KIND)).containsExactly("shop-0", "shop-1", "shop-2");
        assertThat(world.dryRun(SHOP)).isEmpty();
        // end
    }

    @Test
    void keepsItsPromisesWhateverGoesWrong() {
        Simulation.of(Web.KIND, Web::reconcile)
                .apply(SHOP)
                .seeds(SEEDS)
                .faults(Faults.all())
                .exhaustive()
                .always(world -> world.pods().filter(Pod::active).count() <= 3)
                .eventually(world -> world.get(Web.KIND, "shop").status().ready() == 3)
                .run();
    }
}
