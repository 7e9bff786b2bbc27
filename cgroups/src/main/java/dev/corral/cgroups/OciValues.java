package dev.corral.cgroups;

import dev.corral.ByteSize;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Values as OCI configurations and version 1 spell them, where 0 means "not set" and -1 "unlimited", as values of version 2.
 *
 * <p>Source: config-linux.md of the OCI runtime specification, and what runc makes of it. CPU shares: {@link ShareConversion}.
 */
public final class OciValues {
    private static final int MIN_BLKIO = 10;
    private static final int MAX_BLKIO = 1000;
    private static final long USER_HZ = 100;

    private OciValues() {}

    /**
     * {@code pids.limit}: below 0 is unlimited, and 0 is 1, because no program runs without any.
     *
     * @param limit -1, or a count
     */
    public static Limit<Long> pids(long limit) {
        return limit < 0 ? Limit.max() : Limit.of(Math.max(1, limit));
    }

    /**
     * {@code blockIO.weight}, 10 to 1000, on the scale of {@code io.weight}, 1 to 10000. {@code io.bfq.weight} takes it as it is.
     *
     * @return empty for 0
     */
    public static OptionalInt ioWeight(int blkioWeight) {
        if (blkioWeight == 0) {
            return OptionalInt.empty();
        }
        if (blkioWeight < MIN_BLKIO || blkioWeight > MAX_BLKIO) {
            throw new IllegalArgumentException("blkio weight of " + blkioWeight + ": it must be between 10 and 1000");
        }
        return OptionalInt.of(1 + (blkioWeight - MIN_BLKIO) * 9999 / 990);
    }

    /**
     * {@code memory.swap.max} for a bound on memory and swap together. The meaning still differs: afterwards swap alone is
     * bounded, so that a process can't use more of it than that even while memory is free.
     *
     * @param memory the memory limit in bytes, -1 for unlimited, 0 for not set
     * @param total memory and swap in bytes, -1 for unlimited, 0 for not set
     * @return empty if nothing is to be written; 0 bytes, which must be written, mean no swap
     */
    public static Optional<Limit<ByteSize>> swapMax(long memory, long total) {
        if (total == -1 || (total == 0 && memory == -1)) {
            return Optional.of(Limit.max());
        }
        if (total == 0) {
            return Optional.empty();
        }
        if (total < 0 || memory < -1) {
            throw new IllegalArgumentException("limits of " + memory + " and " + total + " bytes: only -1 is negative");
        }
        if (memory == -1) {
            return Optional.of(Limit.of(ByteSize.bytes(total)));
        }
        if (memory == 0) {
            throw new IllegalArgumentException("memory and swap together can't be limited without a memory limit");
        }
        if (total < memory) {
            throw new IllegalArgumentException("memory and swap together, " + total
                    + " bytes, must be at least the memory limit of " + memory + " bytes");
        }
        return Optional.of(Limit.of(ByteSize.bytes(total - memory)));
    }

    /** Ticks of {@code cpuacct.stat}: a hundred each second. */
    public static Duration ticks(long count) {
        return Duration.ofNanos(Math.multiplyExact(count, 1_000_000_000L / USER_HZ));
    }
}
