package dev.corral.cgroups;

import dev.corral.ByteSize;
import java.util.List;
import java.util.Optional;

/**
 * Traffic of a group and all below it with block devices, since the group was made.
 *
 * <p>Source: {@code io.stat} of version 2; the {@code _recursive} files of version 1's {@code blkio}, for each device those of
 * BFQ, else of CFQ, else of throttling. Version 1 sees only what it can charge to the group, which most buffered writes are not.
 */
public sealed interface IoStat {
    /** One for each device with traffic, in the kernel's order; empty as well where nothing was counted. */
    List<DeviceIo> devices();

    /** Whether the kernel counted; if not, what was read and written is not known. */
    default boolean isAccounted() {
        return this instanceof Accounted;
    }

    /**
     * The kernel counted.
     *
     * @param malformed how many lines or words had another shape, such as those of a device that vanished; left out
     */
    record Accounted(List<DeviceIo> devices, int malformed) implements IoStat {
        public Accounted {
            devices = List.copyOf(devices);
        }
    }

    /**
     * The kernel did not count: without BFQ or CFQ version 1 begins with the first throttling rule for a device.
     *
     * @param why for a person
     */
    record NotAccounted(String why) implements IoStat {
        @Override
        public List<DeviceIo> devices() {
            return List.of();
        }
    }

    /**
     * Traffic with one device.
     *
     * @param major its major number
     * @param minor its minor number
     * @param read how much was read
     * @param written how much was written
     * @param reads how many requests to read
     * @param writes how many requests to write
     * @param discarded how much was discarded; empty where the kernel does not count it
     * @param discards how many requests to discard; empty where the kernel does not count them
     * @param details all that version 2 says of the device, such as {@code cost.usage}; nothing on version 1
     */
    record DeviceIo(
            int major,
            int minor,
            ByteSize read,
            ByteSize written,
            long reads,
            long writes,
            Optional<ByteSize> discarded,
            Optional<Long> discards,
            Keyed details) {
        /** As {@code 253:0}. */
        public String device() {
            return major + ":" + minor;
        }
    }
}
