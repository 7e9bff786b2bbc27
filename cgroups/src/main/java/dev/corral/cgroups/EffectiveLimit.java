package dev.corral.cgroups;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The tightest limit on a group: its own or that of a group above it.
 *
 * @param <V> what is limited: a {@link dev.corral.ByteSize}, a count
 * @param limit the lowest of all that can be seen
 * @param owner the lowest group that has it; empty if nothing is limited
 * @param bound whether there may be less
 */
public record EffectiveLimit<V>(Limit<V> limit, Optional<Path> owner, Bound bound) {
    /** How far the view reaches. */
    public enum Bound {
        /** All groups up to the root were looked at. */
        EXACT,
        /** The groups above a container or a cgroup namespace can't be seen, and may allow less. */
        AT_MOST
    }

    /** As {@code at most 256 MiB by /sys/fs/cgroup/a}. */
    @Override
    public String toString() {
        return (bound == Bound.AT_MOST ? "at most " : "")
                + limit
                + owner.map(path -> " by " + path).orElse("");
    }
}
