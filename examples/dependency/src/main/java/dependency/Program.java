package dependency;

import dev.corral.ByteSize;
import dev.corral.Command;
import dev.corral.Result;
import dev.corral.cgroups.Limits;
import dev.corral.namespaces.Isolation;
import dev.corral.reconcile.Context;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.testing.Simulation;
import dev.corral.reconcile.workload.Deployment;
import java.time.Duration;

/** Uses a little of each artifact, and ends with an exception if something of it does not work here. */
public final class Program {
    record SiteSpec(int copies) {}

    record SiteStatus(int ready) {}

    private static final Kind<SiteSpec, SiteStatus> SITE = Kind.of("Site", SiteSpec.class, SiteStatus.class);

    private Program() {}

    public static void main(String[] args) throws Exception {
        limited();
        healed();
        simulated();
        Module corral = Command.class.getModule();
        System.out.println("all is well " + (corral.isNamed() ? "on the module path, in " + corral : "on the class path"));
    }

    private static void limited() throws Exception {
        Result result = Command.of("sh", "-c", "echo $$")
                .with(Isolation.full())
                .with(Limits.none().memory(ByteSize.mebibytes(64)).bestEffort())
                .run();
        require(result.exit().ok(), "an isolated child: " + result.exit());
    }

    private static void healed() throws Exception {
        Deployment sleepers = Deployment.named("sleepers").replicas(2).container(c -> c.command("sleep", "600"));
        try (ControlPlane plane = ControlPlane.local().bestEffortLimits().start()) {
            plane.apply(sleepers);
            require(
                    plane.await(sleepers, Deployment.AVAILABLE, Duration.ofSeconds(30)).isPresent(),
                    "two replicas: " + plane.events());
        }
    }

    private static Plan<SiteStatus> reconcile(Context<SiteSpec, SiteStatus> site) {
        Deployment server = Deployment.named(site.name())
                .replicas(site.spec().copies())
                .container(c -> c.command("server"));
        int ready = site.child(server).map(found -> found.status().readyReplicas()).orElse(0);
        return Plan.children(server).status(new SiteStatus(ready));
    }

    private static void simulated() {
        Simulation world = Simulation.of(SITE, Program::reconcile)
                .apply(Declared.of(SITE, "home", new SiteSpec(3)))
                .settle();
        int ready = world.get(SITE, "home").status().ready();
        require(ready == 3, "three copies: " + ready);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("does not work here: " + what);
        }
    }
}
