package dev.corral;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;

/** Checks of texts that end up as C strings, and how times are told. */
final class Texts {
    private Texts() {}

    /** The kernel's MAX_ARG_STRLEN less the closing NUL. */
    private static final int MOST_BYTES = 131_071;

    /**
     * Refuses what is no C string, and what is longer than the kernel takes in one. Cut short at a NUL, a text would mean
     * something else to the kernel than to the caller (CVE-2022-39243). The text itself stays unsaid: it may be a secret.
     */
    static void check(String what, String text) {
        int at = text.indexOf('\0');
        if (at >= 0) {
            throw new IllegalArgumentException(what + " has a NUL at index " + at);
        }
        int bytes = bytes(text);
        if (bytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    what + " has " + bytes + " bytes; the kernel takes at most " + MOST_BYTES);
        }
    }

    /** How many bytes the text has as UTF-8. */
    static int bytes(String text) {
        return text.getBytes(UTF_8).length;
    }

    /** A time as a person would say it: {@code 7 ms}, {@code 1.2 s}. */
    static String time(Duration time) {
        long millis = time.toMillis();
        long tenths = (millis + 50) / 100;
        return millis < 100 ? millis + " ms" : tenths / 10 + "." + tenths % 10 + " s";
    }
}
