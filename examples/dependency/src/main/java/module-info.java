/** All that a program has to say to use Corral as modules. */
module dependency {
    requires dev.corral.cgroups;
    requires dev.corral.namespaces;
    requires dev.corral.reconcile;

    // Specs and statuses are records, which the store reads.
    opens dependency to
            dev.corral.reconcile;
}
