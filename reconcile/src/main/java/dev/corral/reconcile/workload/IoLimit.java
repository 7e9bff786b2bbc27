package dev.corral.reconcile.workload;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The most that a container may read from and write to one block device in each second; what is empty is unlimited.
 *
 * @param device a whole disk by its numbers, such as {@code 8:0}
 * @param readBytes bytes that are read, 1 or more
 * @param writeBytes bytes that are written, 1 or more
 * @param readOps reads, 1 to 4294967294
 * @param writeOps writes, 1 to 4294967294
 */
public record IoLimit(
        String device,
        Optional<Quantity> readBytes,
        Optional<Quantity> writeBytes,
        Optional<Quantity> readOps,
        Optional<Quantity> writeOps) {
    private static final Pattern DEVICE = Pattern.compile("[0-9]{1,4}:[0-9]{1,7}");
    private static final Quantity ONE = Quantity.of(1);
    private static final Quantity MOST_BYTES = Quantity.of(Long.MAX_VALUE - 1);
    private static final Quantity MOST_OPS = Quantity.of(0xffff_fffeL);

    /** No limit for a device yet. */
    public static IoLimit of(String device) {
        return new IoLimit(device, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Bytes a second, as in {@code 10Mi}; what is no quantity is an IllegalArgumentException. */
    public IoLimit readBytes(String most) {
        return new IoLimit(device, Optional.of(Quantity.parse(most)), writeBytes, readOps, writeOps);
    }

    /** Bytes a second, as in {@code 10Mi}; what is no quantity is an IllegalArgumentException. */
    public IoLimit writeBytes(String most) {
        return new IoLimit(device, readBytes, Optional.of(Quantity.parse(most)), readOps, writeOps);
    }

    /** Reads a second, whatever their length. */
    public IoLimit readOps(long most) {
        return new IoLimit(device, readBytes, writeBytes, Optional.of(Quantity.of(most)), writeOps);
    }

    /** Writes a second, whatever their length. */
    public IoLimit writeOps(long most) {
        return new IoLimit(device, readBytes, writeBytes, readOps, Optional.of(Quantity.of(most)));
    }

    void validate(Problems problems) {
        problems.at("device")
                .require(DEVICE.matcher(device).matches(), device, "it must be the numbers of a disk, such as 8:0");
        problems.require(
                Stream.of(readBytes, writeBytes, readOps, writeOps).anyMatch(Optional::isPresent),
                device,
                "it limits nothing: give a rate");
        readBytes.ifPresent(rate -> range(rate, MOST_BYTES, problems.at("readBytes")));
        writeBytes.ifPresent(rate -> range(rate, MOST_BYTES, problems.at("writeBytes")));
        readOps.ifPresent(rate -> range(rate, MOST_OPS, problems.at("readOps")));
        writeOps.ifPresent(rate -> range(rate, MOST_OPS, problems.at("writeOps")));
    }

    private static void range(Quantity rate, Quantity most, Problems here) {
        here.require(rate.compareTo(ONE) >= 0 && rate.compareTo(most) <= 0, rate, "it must be between 1 and " + most);
    }
}
