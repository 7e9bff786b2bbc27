package dev.corral.reconcile;

import java.time.Instant;
import java.util.Optional;

/** How a pass ended. Java 17 has no pattern {@code switch}: the methods answer for all. */
public sealed interface Outcome {
    /** One word for logs and figures. */
    String name();

    /** When the key is looked at again if nothing happens before; empty where only the safety net comes back. */
    default Optional<Instant> again() {
        return Optional.empty();
    }

    /** Why there was no plan, or no good one; empty if all is well. */
    default Optional<Throwable> error() {
        return Optional.empty();
    }

    /** The plan is carried out. */
    record Done() implements Outcome {
        @Override
        public String name() {
            return "done";
        }
    }

    /** The plan is carried out and asks for another pass. */
    record WakeAt(Instant time) implements Outcome {
        @Override
        public String name() {
            return "wake";
        }

        @Override
        public Optional<Instant> again() {
            return Optional.of(time);
        }
    }

    /** There was no plan: the pass is repeated under back-off. */
    record Retry(Throwable cause) implements Outcome {
        @Override
        public String name() {
            return cause instanceof PassTimedOut ? "timeout" : "retry";
        }

        @Override
        public Optional<Throwable> error() {
            return Optional.of(cause);
        }
    }

    /** Repeating wouldn't help: nothing is done until the resource changes or the safety net passes. */
    record Failed(String reason, String message, Optional<Throwable> error) implements Outcome {
        @Override
        public String name() {
            return "failed";
        }
    }
}
