package dev.corral.reconcile.plane;

import java.util.List;

/**
 * The endpoints of a workload at one version of the store, each list ordered by name. Source: Kubernetes API,
 * {@code EndpointConditions}.
 *
 * @param version of the store
 * @param ready those that take new traffic: ready, and not about to go
 * @param serving those that can answer, whether or not they are about to go
 * @param terminating those that are about to go, whether or not they can still answer
 */
public record EndpointView(long version, List<Endpoint> ready, List<Endpoint> serving, List<Endpoint> terminating) {
    public EndpointView {
        ready = List.copyOf(ready);
        serving = List.copyOf(serving);
        terminating = List.copyOf(terminating);
    }

    /** Whether the other one, of whatever version, has the same endpoints. */
    public boolean sameAs(EndpointView other) {
        return ready.equals(other.ready) && serving.equals(other.serving) && terminating.equals(other.terminating);
    }
}
