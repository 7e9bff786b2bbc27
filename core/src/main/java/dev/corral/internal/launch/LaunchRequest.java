package dev.corral.internal.launch;

import java.util.List;
import java.util.OptionalInt;

/**
 * A plan with the standard streams of the payload, and what the JVM does while the launcher waits for it; descriptors stay
 * the caller's.
 *
 * @param stdio the three standard streams of the payload
 * @param exitRecord a file that init writes the payload's end to, instead of watching the JVM's
 */
public record LaunchRequest(LaunchPlan plan, List<Integer> stdio, OptionalInt exitRecord, Waits waits) {
    /** A launch that never waits for the JVM. */
    public LaunchRequest(LaunchPlan plan, List<Integer> stdio) {
        this(plan, stdio, OptionalInt.empty(), Waits.NONE);
    }

    /** A launch whose payload's end is told to the JVM alone. */
    public LaunchRequest(LaunchPlan plan, List<Integer> stdio, Waits waits) {
        this(plan, stdio, OptionalInt.empty(), waits);
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
