package dev.corral.reconcile;

import java.time.Instant;
import java.util.Optional;

/**
 * Something to be done outside the store, once the plan that declares it is carried out: at least once, until its result is
 * stored under its owner and key. A plan goes on declaring it; one that no longer does drops it if it hasn't begun, or discards
 * its result.
 *
 * @param key its name among the effects of its owner; not blank
 */
public record Effect(String key, Body body) {
    public Effect {
        if (key.isBlank()) {
            throw new IllegalArgumentException("an effect needs a key");
        }
    }

    /**
     * An effect that is done by a call.
     *
     * @param body runs on the manager's executor, one at a time for each owner and key; safe to repeat
     */
    public static Effect call(String key, Body body) {
        return new Effect(key, body);
    }

    /** What is done. */
    @FunctionalInterface
    public interface Body {
        /**
         * Does it; repeating it must not harm.
         *
         * @return what the next passes shall know of it, as text; may be empty
         * @throws Exception for any reason: it is repeated after a back-off; after a {@link TerminalException} it is not
         */
        String run() throws Exception;
    }

    /** How far an effect is. */
    public sealed interface State {
        /** What it gave; empty unless it is done. */
        default Optional<String> value() {
            return Optional.empty();
        }

        /** Whether it will not be run again. */
        default boolean ended() {
            return true;
        }
    }

    /** It was not declared yet, or is still to be done. */
    public record Pending() implements State {
        @Override
        public boolean ended() {
            return false;
        }
    }

    /** It is done. */
    public record Done(String result, Instant at) implements State {
        @Override
        public Optional<String> value() {
            return Optional.of(result);
        }
    }

    /** It has failed for good. */
    public record Failed(String message, Instant at) implements State {}
}
