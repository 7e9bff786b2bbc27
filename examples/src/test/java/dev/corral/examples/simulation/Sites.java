package dev.corral.examples.simulation;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.workload.Deployment;

/** A kind of one's own that keeps web servers: the README's sample. */
final class Sites {
    record WebSiteSpec(String directory, int copies) {}

    record WebSiteStatus(int ready) {}

    static final Kind<WebSiteSpec, WebSiteStatus> WEBSITE = Kind.of("WebSite", WebSiteSpec.class, WebSiteStatus.class);

    private Sites() {}

    static Declared<WebSiteSpec, WebSiteStatus> site(String name, int copies) {
        return Declared.of(WEBSITE, name, new WebSiteSpec("/srv/" + name, copies));
    }

    static Plan<WebSiteStatus> reconcile(Context<WebSiteSpec, WebSiteStatus> site) {
        String directory = site.spec().directory();
        Deployment server = Deployment.named(site.name())
                .replicas(site.spec().copies())
                .container(c -> c.command("python3", "-m", "http.server", "-d", directory, "$(PORT)")
                        .port("http"));
        int ready = site.child(server).map(d -> d.status().readyReplicas()).orElse(0);
        return Plan.children(server).status(new WebSiteStatus(ready));
    }
}
