package dev.corral;

import java.time.Duration;

/**
 * Why a child ended the way it did. An open interface: each confinement may add causes of its own, such as the out-of-memory
 * kill of a control group. Implementations are immutable values.
 */
public interface Cause {
    /** The cause as part of a sentence, such as {@code out of memory (limit 256 MiB)}. */
    String describe();

    /**
     * SIGKILL from {@link Child#close()}, {@link Child#destroyForcibly()} or {@link Child#signal} killed it, or its group was
     * killed through the handle it was started with.
     */
    record Killed() implements Cause {
        @Override
        public String describe() {
            return "killed by its owner";
        }
    }

    /**
     * It ran longer than {@link Command#timeLimit} allows, and was asked to end or killed for it.
     *
     * @param limit more than nothing
     */
    record TimedOut(Duration limit) implements Cause {
        @Override
        public String describe() {
            return "out of time (limit " + Texts.time(limit) + ")";
        }
    }

    /**
     * It ended before the program was executed: what ended is Corral's set-up. Told by {@link Exit#recorded}; whoever sees the
     * launch is told by an exception.
     *
     * @param step the step at which it ended, such as {@code ready}; the first of the payload's if it was killed
     * @param errno the kernel's error code; 0 if it was killed, or the JVM was gone
     * @param errnoName the code's name, such as {@code EPIPE}; empty for 0
     */
    record NeverExecuted(String step, int errno, String errnoName) implements Cause {
        @Override
        public String describe() {
            return "its program was never executed: the set-up ended at " + step
                    + (errnoName.isEmpty() ? "" : ": " + errnoName);
        }
    }

    /** Other code of this JVM reaped the child, and nobody reported how it ended: the exit's status is not known. */
    record Unknown() implements Cause {
        @Override
        public String describe() {
            return "status taken by other code of this JVM";
        }
    }
}
