package dev.corral.cgroups;

import java.nio.charset.StandardCharsets;

/**
 * Walks over the lines of a control file and the words of each line, in the bytes as the kernel wrote them. It makes no
 * object on the way, and what it has found stays valid until the next step.
 *
 * <p>Words end at blanks and tabs, as many as there are; a last line without its newline is a line.
 */
final class Words {
    private static final byte[] LARGEST = "18446744073709551615".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = {};
    private int end;
    private int nextLine;
    private int lineEnd;
    private int nextWord;
    private int from;
    private int to;
    private long value;

    /** Begins before the first line of a text. */
    Words over(byte[] text, int start, int limit) {
        bytes = text;
        end = limit;
        nextLine = start;
        lineEnd = start;
        nextWord = start;
        from = start;
        to = start;
        return this;
    }

    boolean nextLine() {
        if (nextLine >= end) {
            return false;
        }
        nextWord = nextLine;
        lineEnd = nextLine;
        while (lineEnd < end && bytes[lineEnd] != '\n') {
            lineEnd++;
        }
        nextLine = lineEnd + 1;
        return true;
    }

    boolean nextWord() {
        while (nextWord < lineEnd && isBlank(bytes[nextWord])) {
            nextWord++;
        }
        from = nextWord;
        while (nextWord < lineEnd && !isBlank(bytes[nextWord])) {
            nextWord++;
        }
        to = nextWord;
        return from < to;
    }

    /** Whether only blanks follow in this line. */
    boolean isLastWord() {
        int rest = to;
        while (rest < lineEnd && isBlank(bytes[rest])) {
            rest++;
        }
        return rest == lineEnd;
    }

    /** Whether the word is this one, which is ASCII. */
    boolean is(String text) {
        return is(text, from, to);
    }

    /** Whether the word is this one, an equals sign and something more; that is the word then. */
    boolean isKey(String key) {
        int equals = from + key.length();
        if (equals >= to || bytes[equals] != '=' || !is(key, from, equals)) {
            return false;
        }
        from = equals + 1;
        return true;
    }

    /** Whether the word is a number of at most 64 bits, which is the {@link #value} then. */
    boolean isNumber() {
        return isNumber(from, to);
    }

    /** Whether the word is the number of a device, such as 8:0; the value has the major number in its upper half. */
    boolean isDevice() {
        int colon = from;
        while (colon < to && bytes[colon] != ':') {
            colon++;
        }
        if (colon == to || !isNumber(from, colon)) {
            return false;
        }
        long major = value;
        if (!isNumber(colon + 1, to)) {
            return false;
        }
        value |= major << 32;
        return true;
    }

    /** Whether the word is a number with two decimals, which is the value in hundredths then. */
    boolean isHundredths() {
        int point = to - 3;
        if (point <= from || bytes[point] != '.' || !isNumber(from, point)) {
            return false;
        }
        long whole = value;
        if (!isNumber(point + 1, to)) {
            return false;
        }
        value += 100 * whole;
        return true;
    }

    /** All 64 bits, unsigned. */
    long value() {
        return value;
    }

    /** What does not fit 63 bits, as counters that ran below zero do not, counts as the largest. */
    long count() {
        return value < 0 ? Long.MAX_VALUE : value;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    String word() {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private boolean is(String text, int start, int limit) {
        if (limit - start != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes[start + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean isNumber(int start, int limit) {
        int digits = limit - start;
        if (digits < 1 || digits > LARGEST.length) {
            return false;
        }
        boolean within = digits < LARGEST.length;
        long sum = 0;
        for (int i = start; i < limit; i++) {
            byte digit = bytes[i];
            if (digit < '0' || digit > '9') {
                return false;
            }
            if (!within && digit != LARGEST[i - start]) {
                if (digit > LARGEST[i - start]) {
                    return false;
                }
                within = true;
            }
            sum = 10 * sum + (digit - '0');
        }
        value = sum;
        return true;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
