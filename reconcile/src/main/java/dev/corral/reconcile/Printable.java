package dev.corral.reconcile;

/** Text from anywhere, made fit for one line. */
public final class Printable {
    private Printable() {}

    /** The same text with control characters, and half surrogates, as in Java's sources: it stays one line of any terminal. */
    public static String line(String text) {
        StringBuilder all = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c) || isFormat(c)) {
                all.append(String.format("\\u%04x", c));
            } else {
                all.appendCodePoint(c);
            }
        });
        return all.toString();
    }

    /** Such as what ends a line without being a control character, or turns the direction of writing. */
    private static boolean isFormat(int c) {
        int type = Character.getType(c);
        return type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE;
    }
}
