package dev.corral.cgroups;

import java.util.Optional;

/**
 * A limit as the kernel holds it: a value, or none at all.
 *
 * @param <V> what is limited: a {@link dev.corral.ByteSize}, a count
 */
public sealed interface Limit<V> {
    /** The value; empty when unlimited. */
    Optional<V> value();

    static <V> Limit<V> of(V value) {
        return new Of<>(value);
    }

    static <V> Limit<V> max() {
        return new Max<>();
    }

    default boolean isMax() {
        return value().isEmpty();
    }

    /** At most this much. */
    record Of<V>(V limit) implements Limit<V> {
        @Override
        public Optional<V> value() {
            return Optional.of(limit);
        }

        @Override
        public String toString() {
            return String.valueOf(limit);
        }
    }

    /** No limit in this group; a group above may still have one. */
    record Max<V>() implements Limit<V> {
        @Override
        public Optional<V> value() {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return "max";
        }
    }
}
