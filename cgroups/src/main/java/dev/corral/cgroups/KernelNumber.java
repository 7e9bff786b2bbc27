package dev.corral.cgroups;

import dev.corral.ByteSize;
import java.nio.file.Path;
import java.util.Optional;

/** Numbers as control files print them: unsigned, in decimal, or {@code max}. */
final class KernelNumber {
    /** As many as 64 bits take. */
    private static final int MOST_DIGITS = 20;

    private KernelNumber() {}

    /** One number; what exceeds 63 bits, as counters that ran below zero do, counts as the largest. Empty if it is none. */
    static Optional<Long> parse(String text) {
        String digits = text.strip();
        if (digits.isEmpty() || digits.length() > MOST_DIGITS) {
            return Optional.empty();
        }
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return Optional.empty();
            }
            value = value > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : 10 * value + digit;
        }
        return Optional.of(value);
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
