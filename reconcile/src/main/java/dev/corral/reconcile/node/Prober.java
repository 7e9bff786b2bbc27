package dev.corral.reconcile.node;

import dev.corral.reconcile.workload.Probe;

/** Asks a container whether it is ready: the seam between probes and the network. Used by many threads at once. */
@FunctionalInterface
public interface Prober {
    /**
     * Asks once and waits for the answer, for the probe's timeout at most. False if it does not connect, answers wrongly or not
     * in time.
     *
     * @param port on loopback
     */
    boolean ask(Probe probe, int port);
}
