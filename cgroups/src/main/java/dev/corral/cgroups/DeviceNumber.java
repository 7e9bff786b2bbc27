package dev.corral.cgroups;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A device as the kernel names it in control files: {@code 8:0}.
 *
 * @param major 0 to 4095
 * @param minor 0 to 1048575
 */
public record DeviceNumber(int major, int minor) implements Comparable<DeviceNumber> {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,4}):([0-9]{1,7})");
    private static final int MAX_MAJOR = (1 << 12) - 1;
    private static final int MAX_MINOR = (1 << 20) - 1;

    /** Refuses numbers outside the kernel's range with an IllegalArgumentException. */
    public DeviceNumber {
        if (major < 0 || major > MAX_MAJOR || minor < 0 || minor > MAX_MINOR) {
            throw new IllegalArgumentException("device " + major + ":" + minor + ": the numbers must be between 0 and "
                    + MAX_MAJOR + ", and 0 and " + MAX_MINOR);
        }
    }

    /** The device with these numbers, 0 or more both. */
    public static DeviceNumber of(int major, int minor) {
        return new DeviceNumber(major, minor);
    }

    /** Reads {@code 8:0}. */
    public static DeviceNumber parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a device: \"" + text.strip() + "\"; write for instance 8:0");
        }
        return of(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /**
     * The device behind a device file such as {@code /dev/sda}.
     *
     * @throws UncheckedIOException if there is no such file
     */
    public static DeviceNumber at(Path file) {
        try {
            return ofRaw(((Number) Files.getAttribute(file, "unix:rdev")).longValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As a file tells it, minor and major interleaved. Source: makedev(3). */
    static DeviceNumber ofRaw(long device) {
        return of((int) (device >>> 8 & 0xfff), (int) ((device & 0xff) | (device >>> 12 & 0xfff00)));
    }

    @Override
    public int compareTo(DeviceNumber other) {
        return major == other.major ? Integer.compare(minor, other.minor) : Integer.compare(major, other.major);
    }

    @Override
    public String toString() {
        return major + ":" + minor;
    }
}
