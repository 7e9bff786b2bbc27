package dev.corral.reconcile.testing;

/** Where a fault can strike. The occasions of each are counted from 1. */
enum Site {
    /** A commit of a controller; where the store has no transactions, each of its writes. */
    CONTROLLER_WRITE,
    /** A commit of a controller or of the node agent. */
    WRITE,
    /** An effect of a plan, carried out. */
    EFFECT,
    /** A watch that tells something. */
    DELIVERY,
    /** A process that is started. */
    START,
    /** Anything at all that happens. */
    STEP
}
