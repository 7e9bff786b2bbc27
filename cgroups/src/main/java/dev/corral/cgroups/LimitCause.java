package dev.corral.cgroups;

import dev.corral.ByteSize;
import dev.corral.Cause;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * A limit of a group as the cause of a child's end. All are told from the kernel's counters, read before the start and after the
 * end. Where several children share a group, the counters are those of all of them.
 */
public sealed interface LimitCause extends Cause {
    /**
     * The kernel killed it because a group had no memory left: SIGKILL that did not come from its owner, and one more OOM kill
     * in the child's group; or, where that has no memory controller, in the group that the child's memory is charged to instead: the
     * nearest one above in version 2, that of this JVM in version 1.
     *
     * @param limit the limit that was reached; empty when no visible group reached one, so that it was a group above those
     *     or the whole machine
     * @param peak the most memory charged to that group; empty before Linux 5.19 on version 2
     * @param owner the group whose limit was reached: that one or one above it; empty together with {@code limit}
     */
    record OutOfMemory(Optional<ByteSize> limit, Optional<ByteSize> peak, Optional<Path> owner) implements LimitCause {
        @Override
        public String describe() {
            return "out of memory (" + whose(limit) + ")";
        }
    }

    /**
     * A process in its group, or in one below, which it had started, was killed for want of memory; it ended in another way itself, as a shell
     * does with code 137.
     *
     * @param limit the limit that was reached, as with {@link OutOfMemory}
     * @param peak the most memory charged to the group, as with {@link OutOfMemory}
     * @param owner the group whose limit was reached: the child's, or one above or below it
     */
    record DescendantOutOfMemory(Optional<ByteSize> limit, Optional<ByteSize> peak, Optional<Path> owner)
            implements LimitCause {
        @Override
        public String describe() {
            return "a process it had started was killed, out of memory (" + whose(limit) + ")";
        }
    }

    /**
     * It failed after it had been refused a process or thread; or, where its group has no pids controller, after somebody had been in
     * the group whose limit it inherits. Whether it failed for that reason is not known.
     *
     * @param limit how many processes and threads there may be, those of Corral's own not counted; empty when no visible group
     *     has as many as it may have
     * @param owner the group whose limit it is: the child's or one above it; empty together with {@code limit}
     */
    record PidsLimit(Optional<Long> limit, Optional<Path> owner) implements LimitCause {
        @Override
        public String describe() {
            return "out of processes ("
                    + limit.map(count -> "limit " + count).orElse("of a group above those visible here") + ")";
        }
    }

    /**
     * Its CPU limit slowed it down, before it failed or ran out of time. Named only where the quota was used up in a tenth of
     * the periods or more and a tenth of a second was lost.
     *
     * @param time how long its threads waited for the next period, all CPUs added up; 100 ms or more
     * @param share in which part of its periods the quota was used up, 0.1 to 1
     */
    record CpuThrottled(Duration time, double share) implements LimitCause {
        @Override
        public String describe() {
            return String.format(
                    Locale.ROOT,
                    "CPU throttled for %.1f s in %.0f %% of its periods",
                    time.toMillis() / 1000.0,
                    100 * share);
        }
    }

    /**
     * {@code memory.high} of version 2 slowed it down, before it failed or ran out of time: above that level the kernel kills
     * nobody, but lets whoever wants memory wait. Named only where all its processes stood still for a tenth of the time or more
     * and 100 ms at least. Source: {@code memory.events}, {@code memory.pressure}.
     *
     * @param level the level that was exceeded
     * @param time how long all processes of the child's group with something to do waited for memory
     * @param owner the group whose level it is: the child's or one above it
     */
    record MemoryThrottled(ByteSize level, Duration time, Path owner) implements LimitCause {
        @Override
        public String describe() {
            return String.format(
                    Locale.ROOT, "waited %.1f s for memory above memory.high (%s)", time.toMillis() / 1000.0, level);
        }
    }

    private static String whose(Optional<ByteSize> limit) {
        return limit.map(size -> "limit " + size).orElse("of the machine, or of a group above those visible here");
    }
}
