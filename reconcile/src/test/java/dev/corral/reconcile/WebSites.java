package dev.corral.reconcile;

import java.util.Map;

/** A kind of a user's own, over a kind that comes with withers: the shape of the samples. */
final class WebSites {
    record WebSiteSpec(String directory, int copies) {}

    record WebSiteStatus(int ready) {}

    static final Kind<WebSiteSpec, WebSiteStatus> WEBSITE = Kind.of("WebSite", WebSiteSpec.class, WebSiteStatus.class);

    record ServerSpec(int replicas, String directory) {}

    record ServerStatus(int readyReplicas) {}

    /** A declared value with withers, as the workload kinds are. */
    record Server(String name, ServerSpec spec) implements Declared<ServerSpec, ServerStatus> {
        static final Kind<ServerSpec, ServerStatus> KIND = Kind.of("Server", ServerSpec.class, ServerStatus.class);

        static Server named(String name) {
            return new Server(name, new ServerSpec(1, ""));
        }

        Server replicas(int replicas) {
            return new Server(name, new ServerSpec(replicas, spec.directory()));
        }

        Server directory(String directory) {
            return new Server(name, new ServerSpec(spec.replicas(), directory));
        }

        @Override
        public Kind<ServerSpec, ServerStatus> kind() {
            return KIND;
        }

        @Override
        public Map<String, String> labels() {
            return Map.of("app", name);
        }
    }

    private WebSites() {}

    static Declared<WebSiteSpec, WebSiteStatus> site(String name, int copies) {
        return Declared.of(WEBSITE, name, new WebSiteSpec("/srv/" + name, copies));
    }

    static Plan<WebSiteStatus> reconcile(Context<WebSiteSpec, WebSiteStatus> site) {
        Server server = Server.named(site.name())
                .replicas(site.spec().copies())
                .directory(site.spec().directory());
        int ready = site.child(server).map(d -> d.status().readyReplicas()).orElse(0);
        return Plan.children(server).status(new WebSiteStatus(ready));
    }
}
