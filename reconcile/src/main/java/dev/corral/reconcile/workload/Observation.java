package dev.corral.reconcile.workload;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the agent knows of a container's newest run. */
public sealed interface Observation {
    /**
     * Its start is under way.
     *
     * @param definition what is being started
     */
    record Starting(Container definition) implements Observation {}

    /**
     * It runs.
     *
     * @param definition what was started
     * @param since when its start was complete
     * @param ports the numbers of its ports
     * @param dropped what the host can't enforce
     * @param ready what its readiness probe says; true without one
     * @param signalled when it was asked to end; empty before
     */
    record Live(
            Container definition,
            Instant since,
            Map<String, Integer> ports,
            List<String> dropped,
            boolean ready,
            Optional<Instant> signalled)
            implements Observation {
        public Live ready(boolean now) {
            return new Live(definition, since, ports, dropped, now, signalled);
        }

        /** The same, now defined so. */
        public Live definition(Container other) {
            return new Live(other, since, ports, dropped, ready, signalled);
        }

        public Live signalled(Instant at) {
            return new Live(definition, since, ports, dropped, ready, Optional.of(at));
        }
    }

    /** It is being killed, or what it left behind is. */
    record Closing() implements Observation {}

    /**
     * It has ended, and nothing of it is left.
     *
     * @param definition what ran
     */
    record Gone(Container definition, ContainerState.Terminated end) implements Observation {}
}
