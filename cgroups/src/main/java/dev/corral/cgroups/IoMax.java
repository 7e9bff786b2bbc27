package dev.corral.cgroups;

import dev.corral.ByteSize;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * What a group may read from and write to one block device in each second. What is empty stays as it is.
 *
 * <p>Source: {@code io.max} of cgroup-v2.rst, {@code blkio.throttle.*} of blkio-controller.rst. Version 1 counts only what is
 * charged to the group: buffered writes mostly are not.
 *
 * @param device a whole disk, no partition
 * @param readBytes bytes read in a second, 1 or more
 * @param writeBytes bytes written in a second, 1 or more
 * @param readOps reads in a second, 1 to 4294967294
 * @param writeOps writes in a second, 1 to 4294967294
 */
public record IoMax(
        DeviceNumber device,
        Optional<Limit<ByteSize>> readBytes,
        Optional<Limit<ByteSize>> writeBytes,
        Optional<Limit<Long>> readOps,
        Optional<Limit<Long>> writeOps) {
    /** One more is "no limit" to the kernel, and beyond that version 1 cuts the number to 32 bits in silence. */
    private static final long MAX_OPS = 0xffff_fffeL;

    /** Refuses 0, and what is beyond the kernel's range, with an IllegalArgumentException. */
    public IoMax {
        readBytes.ifPresent(IoMax::checkBytes);
        writeBytes.ifPresent(IoMax::checkBytes);
        readOps.ifPresent(IoMax::checkOps);
        writeOps.ifPresent(IoMax::checkOps);
    }

    /** Nothing is said about the device yet. */
    public static IoMax of(DeviceNumber device) {
        return new IoMax(device, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** No limit for the device. */
    public static IoMax unlimited(DeviceNumber device) {
        return of(device)
                .readBytes(Limit.max())
                .writeBytes(Limit.max())
                .readOps(Limit.max())
                .writeOps(Limit.max());
    }

    /** With so many bytes read in a second, at most. */
    public IoMax readBytes(ByteSize inASecond) {
        return readBytes(Limit.of(inASecond));
    }

    /** The same, or without such a limit. */
    public IoMax readBytes(Limit<ByteSize> inASecond) {
        return new IoMax(device, Optional.of(inASecond), writeBytes, readOps, writeOps);
    }

    /** With so many bytes written in a second, at most. */
    public IoMax writeBytes(ByteSize inASecond) {
        return writeBytes(Limit.of(inASecond));
    }

    /** The same, or without such a limit. */
    public IoMax writeBytes(Limit<ByteSize> inASecond) {
        return new IoMax(device, readBytes, Optional.of(inASecond), readOps, writeOps);
    }

    /** With so many reads in a second, at most. */
    public IoMax readOps(long inASecond) {
        return readOps(Limit.of(inASecond));
    }

    /** The same, or without such a limit. */
    public IoMax readOps(Limit<Long> inASecond) {
        return new IoMax(device, readBytes, writeBytes, Optional.of(inASecond), writeOps);
    }

    /** With so many writes in a second, at most. */
    public IoMax writeOps(long inASecond) {
        return writeOps(Limit.of(inASecond));
    }

    /** The same, or without such a limit. */
    public IoMax writeOps(Limit<Long> inASecond) {
        return new IoMax(device, readBytes, writeBytes, readOps, Optional.of(inASecond));
    }

    /** Reads a line of {@code io.max}; what it does not name is empty. Empty if the line is none. */
    static Optional<IoMax> parse(String line) {
        String[] words = line.strip().split("[ \t]+", -1);
        try {
            IoMax max = of(DeviceNumber.parse(words[0]));
            Map<String, String> values = new HashMap<>();
            for (String word : words) {
                int equals = word.indexOf('=');
                if (equals > 0) {
                    values.put(word.substring(0, equals), word.substring(equals + 1));
                }
            }
            return Optional.of(new IoMax(
                    max.device,
                    Optional.ofNullable(values.get("rbps")).map(IoMax::size),
                    Optional.ofNullable(values.get("wbps")).map(IoMax::size),
                    Optional.ofNullable(values.get("riops")).flatMap(KernelNumber::count),
                    Optional.ofNullable(values.get("wiops")).flatMap(KernelNumber::count)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What of the other is asked for here; what is not in the other has no limit there. */
    IoMax of(Optional<IoMax> other) {
        IoMax now = other.orElseGet(() -> unlimited(device));
        return new IoMax(
                device,
                readBytes.map(asked -> now.readBytes.orElseGet(Limit::max)),
                writeBytes.map(asked -> now.writeBytes.orElseGet(Limit::max)),
                readOps.map(asked -> now.readOps.orElseGet(Limit::max)),
                writeOps.map(asked -> now.writeOps.orElseGet(Limit::max)));
    }

    /** As {@code io.max} has it: {@code 8:0 rbps=1048576 wiops=max}. */
    @Override
    public String toString() {
        StringJoiner line = new StringJoiner(" ").add(device.toString());
        readBytes.ifPresent(limit -> line.add("rbps=" + text(limit)));
        writeBytes.ifPresent(limit -> line.add("wbps=" + text(limit)));
        readOps.ifPresent(limit -> line.add("riops=" + limit));
        writeOps.ifPresent(limit -> line.add("wiops=" + limit));
        return line.toString();
    }

    static String text(Limit<ByteSize> limit) {
        return limit.value().map(size -> Long.toString(size.bytes())).orElse("max");
    }

    private static Limit<ByteSize> size(String text) {
        return KernelNumber.size(text, 0).orElseThrow(() -> new IllegalArgumentException(text));
    }

    private static void checkBytes(Limit<ByteSize> limit) {
        limit.value().filter(size -> size.bytes() == 0).ifPresent(size -> {
            throw new IllegalArgumentException("rate of 0 bytes: it must be 1 or more; Limit.max() removes the limit");
        });
    }

    private static void checkOps(Limit<Long> limit) {
        limit.value().filter(count -> count < 1 || count > MAX_OPS).ifPresent(count -> {
            throw new IllegalArgumentException("rate of " + count + " operations: it must be between 1 and " + MAX_OPS
                    + "; Limit.max() removes the limit");
        });
    }
}
