package dev.corral.cgroups;

import dev.corral.ByteSize;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Numbers as control files print them: unsigned, in decimal, or {@code max}. */
final class KernelNumber {
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,20}");
    private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

    private KernelNumber() {}

    /** One number; what exceeds 63 bits, as counters that ran below zero do, counts as the largest. Empty if it is none. */
    static Optional<Long> parse(String text) {
        String digits = text.strip();
        if (!DIGITS.matcher(digits).matches()) {
            return Optional.empty();
        }
        return Optional.of(new BigInteger(digits).min(LARGEST).longValue());
    }

    static Optional<Limit<Long>> count(String text) {
        return text.strip().equals("max")
                ? Optional.of(Limit.max())
                : parse(text).map(Limit::of);
    }

    /** A limit in bytes; version 1 prints "unlimited" as the largest number of whole pages. */
    static Optional<Limit<ByteSize>> size(String text, long pageSize) {
        return text.strip().equals("max")
                ? Optional.of(Limit.max())
                : parse(text)
                        .map(bytes ->
                                bytes >= Long.MAX_VALUE - 2 * pageSize ? Limit.max() : Limit.of(ByteSize.bytes(bytes)));
    }

    /** A size as the kernel will keep it; one that would be rounded to nothing is an InvalidLimit. */
    static ByteSize wholePages(ByteSize asked, long pageSize, Path file) {
        long bytes = asked.bytes() - asked.bytes() % pageSize;
        if (bytes == 0 && asked.bytes() != 0) {
            throw new InvalidLimit(
                    Failure.of("write", file)
                            .value(Long.toString(asked.bytes()))
                            .why("it is less than a page, " + ByteSize.bytes(pageSize)),
                    null);
        }
        return ByteSize.bytes(bytes);
    }

    static String roundedNote(ByteSize asked, long pageSize) {
        return "rounded down from " + asked.bytes() + " bytes to whole pages of " + ByteSize.bytes(pageSize);
    }
}
