package dev.corral.reconcile.workload;

import dev.corral.ByteSize;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of a resource, such as {@code 256Mi} of memory or {@code 500m} of a CPU. Equality and order go by value:
 * {@code 1} equals {@code 1000m}. Source: Kubernetes API, {@code Quantity}.
 *
 * @param value the amount, a multiple of 10<sup>-9</sup>
 * @param format how it was written, which decides how it is printed
 */
public record Quantity(BigDecimal value, Format format) implements Comparable<Quantity> {
    private static final Pattern TEXT =
            Pattern.compile("([+-]?)([0-9]+\\.?[0-9]*|\\.[0-9]+)(?:([KMGTPE]i)|([eE][+-]?[0-9]{1,3})|([numkMGTPE]?))");
    private static final String BINARY = "KMGTPE";
    private static final String DECIMAL = "num kMGTPE";
    private static final int FINEST = 9;
    private static final int MOST_DIGITS = 2000;
    private static final BigDecimal KIBI = BigDecimal.valueOf(1024);
    private static final BigDecimal LARGEST_BINARY = BigDecimal.valueOf(Long.MAX_VALUE);

    /** The three ways of writing a quantity. */
    public enum Format {
        /** Powers of 1024: {@code Ki Mi Gi Ti Pi Ei}. */
        BINARY_SI,
        /** Powers of 1000: {@code n u m k M G T P E}. */
        DECIMAL_SI,
        /** A decimal exponent: {@code 12e6}. */
        DECIMAL_EXPONENT
    }

    /**
     * Rounds what is finer than 10<sup>-9</sup> away from zero; a binary value beyond 2<sup>63</sup>−1 becomes that. A number with
     * more than a thousand and some digits before or behind the point is an IllegalArgumentException: to write it out takes for ever.
     */
    public Quantity {
        if (Math.abs((long) value.precision() - value.scale()) > MOST_DIGITS) {
            throw new IllegalArgumentException(
                    "a quantity has at most " + MOST_DIGITS + " digits before or behind the point");
        }
        value = value.setScale(Math.min(value.scale(), FINEST), RoundingMode.UP);
        if (format == Format.BINARY_SI && value.abs().compareTo(LARGEST_BINARY) > 0) {
            value = value.signum() < 0 ? LARGEST_BINARY.negate() : LARGEST_BINARY;
        }
        value = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    }

    /** A whole number without a suffix. */
    public static Quantity of(long value) {
        return new Quantity(BigDecimal.valueOf(value), Format.DECIMAL_SI);
    }

    /** The same number of bytes. */
    public static Quantity of(ByteSize size) {
        return new Quantity(BigDecimal.valueOf(size.bytes()), Format.BINARY_SI);
    }

    /**
     * Reads a signed decimal number with a suffix: none, {@code Ki Mi Gi Ti Pi Ei}, {@code n u m k M G T P E}, or an exponent of
     * at most three digits such as {@code e3}. Anything else is an IllegalArgumentException.
     */
    public static Quantity parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "not a quantity: \"" + text + "\"; write for instance 256Mi, 500m, 1.5 or 2e3");
        }
        BigDecimal number = new BigDecimal(matcher.group(2));
        BigDecimal signed = matcher.group(1).equals("-") ? number.negate() : number;
        String binary = matcher.group(3);
        String exponent = matcher.group(4);
        if (binary != null) {
            BigDecimal unit = KIBI.pow(BINARY.indexOf(binary.charAt(0)) + 1);
            return new Quantity(signed.multiply(unit), Format.BINARY_SI);
        }
        if (exponent != null) {
            int power = Integer.parseInt(exponent.substring(1));
            return new Quantity(signed.scaleByPowerOfTen(power), Format.DECIMAL_EXPONENT);
        }
        String suffix = matcher.group(5);
        int power = suffix.isEmpty() ? 0 : 3 * DECIMAL.indexOf(suffix.charAt(0)) - FINEST;
        return new Quantity(signed.scaleByPowerOfTen(power), Format.DECIMAL_SI);
    }

    /** The value rounded up to a whole number; without bound. */
    public BigInteger roundedUp() {
        return value.setScale(0, RoundingMode.CEILING).toBigInteger();
    }

    /** The value as a number of bytes, rounded up; which must fit a size. */
    public ByteSize bytes() {
        return ByteSize.bytes(roundedUp().longValueExact());
    }

    @Override
    public int compareTo(Quantity other) {
        return value.compareTo(other.value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Quantity quantity && value.compareTo(quantity.value) == 0;
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** The canonical text: no fraction, and the largest suffix of its format that loses nothing. */
    @Override
    public String toString() {
        boolean whole = value.signum() != 0 && value.scale() <= 0;
        if (format == Format.BINARY_SI && whole && value.abs().compareTo(KIBI) >= 0) {
            return binaryText(value.toBigIntegerExact());
        }
        int largest = format == Format.DECIMAL_EXPONENT ? Integer.MAX_VALUE : 18;
        int power = value.signum() == 0 ? 0 : Math.min(Math.floorDiv(-value.scale(), 3) * 3, largest);
        String digits = value.scaleByPowerOfTen(-power).toBigIntegerExact().toString();
        if (power == 0) {
            return digits;
        }
        return digits + (format == Format.DECIMAL_EXPONENT ? "e" + power : DECIMAL.charAt((power + FINEST) / 3));
    }

    private static String binaryText(BigInteger number) {
        int unit = Math.min(number.getLowestSetBit() / 10, BINARY.length());
        return number.shiftRight(10 * unit) + (unit == 0 ? "" : BINARY.charAt(unit - 1) + "i");
    }
}
