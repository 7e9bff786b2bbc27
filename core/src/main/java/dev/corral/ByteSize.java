package dev.corral;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, 0 to 2<sup>63</sup>−1.
 *
 * @param bytes the number, 0 or more
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
    private static final Pattern TEXT = Pattern.compile("([0-9]+)(|k|Ki|M|Mi|G|Gi|T|Ti|P|Pi|E|Ei)");
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    /** Refuses a negative number with an IllegalArgumentException. */
    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("size of " + bytes + " bytes: it must be 0 or more");
        }
    }

    /** So many bytes, 0 or more; a negative number is an IllegalArgumentException. */
    public static ByteSize bytes(long bytes) {
        return new ByteSize(bytes);
    }

    /** So many times 1,024 bytes. */
    public static ByteSize kibibytes(long count) {
        return scaled(BigInteger.valueOf(count), 10, count + " KiB");
    }

    /** So many times 1,048,576 bytes. */
    public static ByteSize mebibytes(long count) {
        return scaled(BigInteger.valueOf(count), 20, count + " MiB");
    }

    /** So many times 1,073,741,824 bytes. */
    public static ByteSize gibibytes(long count) {
        return scaled(BigInteger.valueOf(count), 30, count + " GiB");
    }

    /**
     * Reads a whole number with one of Kubernetes' suffixes: none, {@code k M G T P E} (powers of 1000) or
     * {@code Ki Mi Gi Ti Pi Ei} (powers of 1024). Anything else, and what does not fit 63 bits, is an
     * IllegalArgumentException.
     */
    public static ByteSize parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a size: \"" + text + "\"; write for instance 256Mi, 1G or 4096");
        }
        BigInteger number = new BigInteger(matcher.group(1));
        String suffix = matcher.group(2);
        if (suffix.isEmpty()) {
            return scaled(number, 0, text);
        }
        int power = "KMGTPE".indexOf(suffix.toUpperCase(Locale.ROOT).charAt(0)) + 1;
        return suffix.endsWith("i")
                ? scaled(number, 10 * power, text)
                : scaled(number.multiply(BigInteger.valueOf(1000).pow(power)), 0, text);
    }

    private static ByteSize scaled(BigInteger number, int shift, String text) {
        BigInteger bytes = number.shiftLeft(shift);
        if (bytes.signum() < 0 || bytes.bitLength() > 63) {
            throw new IllegalArgumentException("size of " + text + ": it must be between 0 and 2^63-1 bytes");
        }
        return new ByteSize(bytes.longValue());
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** The size in the largest binary unit that leaves at least 1, rounded to one decimal: {@code 87.5 MiB}, {@code 1 GiB}. */
    @Override
    public String toString() {
        int unit = 0;
        double tenths = 10.0 * bytes;
        while (unit < UNITS.length - 1 && Math.rint(tenths) >= 10_240) {
            tenths /= 1024;
            unit++;
        }
        long rounded = (long) Math.rint(tenths);
        return rounded / 10 + (rounded % 10 == 0 ? "" : "." + rounded % 10) + " " + UNITS[unit];
    }
}
