package dev.corral.reconcile.plane;

import dev.corral.reconcile.node.Rotation;
import java.net.InetSocketAddress;

/**
 * The use of one ready endpoint until it is closed. A pod that shall go gets no SIGTERM while it is leased, for a quarter of
 * its grace period at most; so a lease is held for one request, not for long.
 */
public final class Lease implements AutoCloseable {
    private final Endpoint endpoint;
    private final Rotation.Lease lease;

    Lease(Endpoint endpoint, Rotation.Lease lease) {
        this.endpoint = endpoint;
        this.lease = lease;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** The address of the endpoint's first port. An IllegalStateException if it names none. */
    public InetSocketAddress address() {
        return endpoint.address();
    }

    /** Gives the endpoint back; twice is the same as once. */
    @Override
    public void close() {
        lease.close();
    }
}
