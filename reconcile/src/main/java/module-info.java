import org.jspecify.annotations.NullMarked;

/** Desired state: store, controllers, workloads, node agent. */
@NullMarked
module dev.corral.reconcile {
    requires transitive dev.corral.core;
    requires dev.corral.cgroups;
    requires dev.corral.namespaces;
    requires jdk.jfr;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.corral.reconcile;
    exports dev.corral.reconcile.node;
    exports dev.corral.reconcile.plane;
    exports dev.corral.reconcile.testing;
    exports dev.corral.reconcile.workload;
}
