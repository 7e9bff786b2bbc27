package dev.corral;

/** Checks of texts that end up as C strings. */
final class Texts {
    private Texts() {}

    /** Cut short at a NUL, a text would mean something else to the kernel than to the caller (CVE-2022-39243). */
    static String withoutNul(String what, String text) {
        int at = text.indexOf('\0');
        if (at >= 0) {
            throw new IllegalArgumentException(
                    what + " has a NUL at index " + at + ": \"" + text.replace("\0", "\\0") + "\"");
        }
        return text;
    }
}
