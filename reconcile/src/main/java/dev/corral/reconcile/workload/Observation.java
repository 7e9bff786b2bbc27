package dev.corral.reconcile.workload;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the agent knows of a container's run right now. */
public sealed interface Observation {
    /** It was never started. */
    record Absent() implements Observation {}

    /** Its start is under way. */
    record Starting() implements Observation {}

    /**
     * It runs.
     *
     * @param since when its start was complete
     * @param ports the numbers of its ports
     * @param dropped what the host can't enforce
     * @param ready what its readiness probe says; true without one
     * @param signalled when it was asked to end; empty before
     */
    record Live(
            Instant since, Map<String, Integer> ports, List<String> dropped, boolean ready, Optional<Instant> signalled)
            implements Observation {
        public Live ready(boolean now) {
            return new Live(since, ports, dropped, now, signalled);
        }

        public Live signalled(Instant at) {
            return new Live(since, ports, dropped, ready, Optional.of(at));
        }
    }

    /** It is being killed. */
    record Closing() implements Observation {}

    /** It has ended, and nothing of it is left. */
    record Gone(ContainerState.Terminated end) implements Observation {}
}
