package dev.corral.cgroups;

import dev.corral.ByteSize;
import dev.corral.Cause;
import java.nio.file.Path;
import java.util.Optional;

/** A limit of a group as the cause of a child's end. */
public sealed interface LimitCause extends Cause {
    /**
     * The kernel killed it because a group had no memory left.
     *
     * <p>Told from counters read before the start and after the end: SIGKILL and one more OOM kill in the child's group.
     *
     * @param limit the limit that was reached; empty when no visible group reached one, so that it was a group above those
     *     or the whole machine
     * @param peak the most memory charged to the child's group; empty before Linux 5.19 on version 2
     * @param owner the group whose limit was reached: the child's or one above it; empty together with {@code limit}
     */
    record OutOfMemory(Optional<ByteSize> limit, Optional<ByteSize> peak, Optional<Path> owner) implements LimitCause {
        @Override
        public String describe() {
            return limit.map(size -> "out of memory (limit " + size + ")")
                    .orElse("out of memory (of the machine, or of a group above those visible here)");
        }
    }
}
