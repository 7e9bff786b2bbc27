package dev.corral.examples.readme;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.workload.Deployment;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SitesTest {
    // README
    record WebSiteSpec(String directory, int copies) {}

    record WebSiteStatus(int ready) {}

    static final Kind<WebSiteSpec, WebSiteStatus> WEBSITE = Kind.of("WebSite", WebSiteSpec.class, WebSiteStatus.class);

    static Plan<WebSiteStatus> reconcile(Context<WebSiteSpec, WebSiteStatus> site) { // pure: snapshot in, plan out
        String directory = site.spec().directory();
        Deployment server = Deployment.named(site.name())
                .replicas(site.spec().copies())
                .container(c -> c.command("python3", "-m", "http.server", "-d", directory, "$(PORT)")
                        .port("http"));
        int ready = site.child(server).map(d -> d.status().readyReplicas()).orElse(0);
        return Plan.children(server).status(new WebSiteStatus(ready)); // what is no longer listed is removed
    }
    // end

    private static Declared<WebSiteSpec, WebSiteStatus> site(String name, int copies) {
        return Declared.of(WEBSITE, name, new WebSiteSpec("/usr", copies));
    }

    @Test
    void aKindOfOnesOwnIsKeptAsDeclared() throws InterruptedException {
        assumeThat(Path.of("/usr/bin/python3")).as("needs python3 in /usr/bin").isExecutable();
        // README
        try (ControlPlane plane =
                ControlPlane.local().controller(WEBSITE, SitesTest::reconcile).start()) {
            plane.apply(site("home", 3));
            assertThat(plane.await(WEBSITE, "home", home -> home.status().ready() == 3, ofMinutes(1))) // hidden
                    .isPresent(); // hidden
            plane.apply(site("home", 1)); // hidden
            assertThat(plane.await(WEBSITE, "home", home -> home.status().ready() == 1, ofMinutes(1))) // hidden
                    .isPresent(); // hidden
        }
        // end
    }
}
