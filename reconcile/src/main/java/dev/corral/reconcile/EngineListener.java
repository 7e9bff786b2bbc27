package dev.corral.reconcile;

/**
 * Is told what the engine does: the place for figures. Called on the thread that does it, so it must be quick; what it throws is
 * logged. The same is told to Flight Recorder, as events {@code dev.corral.Pass} and {@code dev.corral.Effect}.
 */
public interface EngineListener {
    /** A pass has ended. */
    default void passEnded(PassEnded pass) {}

    /** A key has become ready, or a worker has taken one: how many are ready in this loop now, and how many workers are busy. */
    default void queueChanged(String loop, int ready, int busy) {}

    /** Something was told about a resource. */
    default void told(Event event) {}
}
