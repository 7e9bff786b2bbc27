package dev.corral;

/** What to do about a part of a confinement that this host can't enforce. */
public enum Requirement {
    /** The launch fails. The default everywhere. */
    ENFORCE,
    /** The launch goes on, and {@link Applied} lists what was dropped and why. */
    BEST_EFFORT
}
