package dev.corral.reconcile.workload;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the agent knows of a container's newest run. */
public sealed interface Observation {
    /** Whether something of it is still there. */
    default boolean alive() {
        return !(this instanceof Gone);
    }

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
     * @param health what its probes say
     * @param postStart how far what is done after its start has come
     * @param stopping how far its end has come; empty before
     */
    record Live(
            Container definition,
            Instant since,
            Map<String, Integer> ports,
            List<String> dropped,
            Health health,
            HookState postStart,
            Optional<Stopping> stopping)
            implements Observation {
        /** The same, now defined so. */
        public Live definition(Container other) {
            return new Live(other, since, ports, dropped, health, postStart, stopping);
        }

        public Live health(Health now) {
            return new Live(definition, since, ports, dropped, now, postStart, stopping);
        }

        public Live postStart(HookState now) {
            return new Live(definition, since, ports, dropped, health, now, stopping);
        }

        public Live stopping(Stopping now) {
            return new Live(definition, since, ports, dropped, health, postStart, Optional.of(now));
        }

        /** Whether it has started, and what is done after that is done too. */
        public boolean started() {
            return postStart == HookState.DONE && health.started();
        }

        /** Whether it can take traffic. */
        public boolean ready() {
            return started() && health.ready();
        }

        /** Why it has to be ended although its pod stays and its definition has not changed. */
        Optional<EndCause> broken() {
            if (postStart == HookState.FAILED) {
                return Optional.of(EndCause.POST_START);
            }
            if (health.verdict(ProbeKind.STARTUP) == Health.Verdict.FAILURE) {
                return Optional.of(EndCause.STARTUP);
            }
            return health.verdict(ProbeKind.LIVENESS) == Health.Verdict.FAILURE
                    ? Optional.of(EndCause.LIVENESS)
                    : Optional.empty();
        }
    }

    /**
     * The end of a container, while it comes.
     *
     * @param since when it began, with the hook or the signal
     * @param preStop how far what is done before its end has come
     * @param signalled when it was asked to end; empty before
     */
    record Stopping(EndCause cause, Instant since, HookState preStop, Optional<Instant> signalled) {
        /** It is asked to end. */
        public Stopping signalled(Instant at) {
            return new Stopping(cause, since, preStop, signalled.or(() -> Optional.of(at)));
        }

        /** The hook has ended. */
        public Stopping preStop(HookState now) {
            return new Stopping(cause, since, now, signalled);
        }
    }

    /** It is being killed, or what it left behind is. */
    record Closing() implements Observation {}

    /**
     * It has ended, and nothing of it is left.
     *
     * @param definition what ran
     * @param cause why it was ended; empty if it ended by itself
     */
    record Gone(Container definition, ContainerState.Terminated end, Optional<EndCause> cause) implements Observation {}
}
