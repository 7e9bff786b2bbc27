package dev.corral.reconcile;

import java.time.Instant;
import java.util.Optional;

/**
 * The body of a loop that acts on the world outside the store, one key at a time: a node agent, for instance. Unlike a
 * {@link Reconciler} it may have effects, so it must be safe to repeat, and it is called for absent resources too.
 */
@FunctionalInterface
public interface KeyHandler {
    /**
     * Brings one key in line with the snapshot.
     *
     * @param snapshot the newest one
     * @return when to look again if nothing happens before, at once if that has passed; empty for not before something happens
     * @throws Exception for any reason; the key is tried again after a back-off
     */
    Optional<Instant> handle(Key key, Snapshot snapshot) throws Exception;
}
