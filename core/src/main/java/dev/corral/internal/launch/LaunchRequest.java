package dev.corral.internal.launch;

import java.util.List;

/**
 * A plan with the standard streams of the payload, and what the JVM does while the launcher waits for it; descriptors stay
 * the caller's.
 *
 * @param stdio the three standard streams of the payload
 */
public record LaunchRequest(LaunchPlan plan, List<Integer> stdio, Waits waits) {
    /** A launch that never waits for the JVM. */
    public LaunchRequest(LaunchPlan plan, List<Integer> stdio) {
        this(plan, stdio, Waits.NONE);
    }

    /** What the JVM does about the cloned process, which is given by its pid; an exception ends the launch. */
    public interface Waits {
        Waits NONE = new Waits() {};

        /** Writes the id maps. */
        default void mapIds(int pid) {
            throw new IllegalStateException("the launcher waits for id maps that nobody has");
        }

        /** Begins to answer what its seccomp filter asks; the listener's descriptor belongs to whoever is called. */
        default void listen(int listener) {
            throw new IllegalStateException("a filter asks, and nobody answers");
        }

        /** Connects its network namespace. */
        default void connect(int pid) {
            throw new IllegalStateException("the launcher waits for a network that nobody has");
        }
    }
}
