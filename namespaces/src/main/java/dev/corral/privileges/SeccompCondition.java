package dev.corral.privileges;

import java.util.Locale;

/**
 * What must hold of one argument of a system call: {@code (argument & mask) comparison value}, all of it unsigned 64-bit.
 *
 * <p>A filter sees the registers, not what pointers point at. Where the kernel takes an argument as a 32-bit number (an
 * {@code int} flag, an ioctl request, a descriptor), only its low half counts, and the caller may put anything into the high
 * half: such an argument has to be compared by {@link Argument#low32}.
 *
 * @param argument which, 0 to 5
 * @param mask the bits that are looked at
 * @param comparison how the masked argument is compared
 * @param value what with
 */
public record SeccompCondition(int argument, long mask, Comparison comparison, long value) {
    private static final int ARGUMENTS = 6;

    /** How two unsigned numbers are compared. */
    public enum Comparison {
        /** Equal. */
        EQ,
        /** Not equal. */
        NE,
        /** Less than. */
        LT,
        /** Less than or equal. */
        LE,
        /** Greater than. */
        GT,
        /** Greater than or equal. */
        GE
    }

    /**
     * Refuses with an IllegalArgumentException an argument that does not exist, an empty mask, and a value with bits outside the
     * mask, which a masked argument can't equal.
     */
    public SeccompCondition {
        if (argument < 0 || argument >= ARGUMENTS) {
            throw new IllegalArgumentException("argument " + argument + ": it must be between 0 and 5");
        }
        if (mask == 0) {
            throw new IllegalArgumentException("mask 0 for argument " + argument + ": nothing would be compared");
        }
        if ((value & ~mask) != 0) {
            throw new IllegalArgumentException("value 0x" + Long.toHexString(value) + " for argument " + argument
                    + " has bits outside the mask 0x" + Long.toHexString(mask));
        }
    }

    /** An argument to be compared, all 64 bits of it: 0 to 5. */
    public static Argument argument(int index) {
        return new Argument(index, -1L);
    }

    /**
     * One side of a comparison.
     *
     * @param index which argument, 0 to 5
     * @param mask the bits that are looked at
     */
    public record Argument(int index, long mask) {
        /** Only these bits. */
        public Argument masked(long bits) {
            return new Argument(index, bits);
        }

        /** Only the low 32 bits: for arguments that the kernel takes as {@code int} or {@code unsigned int}. */
        public Argument low32() {
            return masked(0xffff_ffffL);
        }

        /** That it is equal to the value. */
        public SeccompCondition eq(long value) {
            return compare(Comparison.EQ, value);
        }

        /** That it is not. */
        public SeccompCondition ne(long value) {
            return compare(Comparison.NE, value);
        }

        /** That it is less; both count as unsigned, here and below. */
        public SeccompCondition lt(long value) {
            return compare(Comparison.LT, value);
        }

        /** That it is less or equal. */
        public SeccompCondition le(long value) {
            return compare(Comparison.LE, value);
        }

        /** That it is greater. */
        public SeccompCondition gt(long value) {
            return compare(Comparison.GT, value);
        }

        /** That it is greater or equal. */
        public SeccompCondition ge(long value) {
            return compare(Comparison.GE, value);
        }

        private SeccompCondition compare(Comparison comparison, long value) {
            return new SeccompCondition(index, mask, comparison, value);
        }
    }

    @Override
    public String toString() {
        return "argument " + argument + (mask == -1L ? "" : " & 0x" + Long.toHexString(mask)) + " "
                + comparison.name().toLowerCase(Locale.ROOT) + " 0x" + Long.toHexString(value);
    }
}
