package dev.corral.examples.simulation;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.workload.Deployment;

// README
/** Keeps so many web servers for each site. */
final class Sites {
    record WebSiteSpec(String directory, int copies) {}

    record WebSiteStatus(int ready) {}

    static final Kind<WebSiteSpec, WebSiteStatus> WEBSITE = Kind.of("WebSite", WebSiteSpec.class, WebSiteStatus.class);

    private Sites() {}

    static Declared<WebSiteSpec, WebSiteStatus> site(String name, int copies) {
        return Declared.of(WEBSITE, name, new WebSiteSpec("/usr/share/" + name, copies));
    }

    static Plan<WebSiteStatus> reconcile(Context<WebSiteSpec, WebSiteStatus> site) { // pure: snapshot in, plan out
        String directory = site.spec().directory();
        Deployment server = Deployment.named(site.name())
                .replicas(site.spec().copies())
                .container(c -> c.command("python3", "-m", "http.server", "-d", directory, "$(PORT)")
                        .port("http"));
        int ready = site.child(server).map(d -> d.status().readyReplicas()).orElse(0);
        return Plan.children(server).status(new WebSiteStatus(ready)); // what is no longer listed is removed
    }
}
// end
