package dev.corral.reconcile.testing;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fault that struck, or shall strike, at one occasion.
 *
 * @param detail what it leaves open, such as {@code Pod 800ms}; may be empty
 * @param index the occasion at its site, from 1
 */
record Strike(Trouble trouble, String detail, long index) {
    private static final Pattern TEXT = Pattern.compile("([a-z]+)(?:\\(([^()]*)\\))?@([0-9]{1,18})");

    /** @throws IllegalArgumentException if it isn't one, saying what one looks like */
    static Strike parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no fault: one looks like crash@17 or lag(Pod 800ms)@21");
        }
        Trouble trouble = Trouble.named(matcher.group(1))
                .orElseThrow(() -> new IllegalArgumentException("there is no fault named '" + matcher.group(1) + "'"));
        String detail = matcher.group(2) == null ? "" : matcher.group(2);
        return new Strike(trouble, detail, Long.parseLong(matcher.group(3)));
    }

    /** The first word of the detail: a kind, a time, an end. */
    String first() {
        return detail.split(" ", 2)[0];
    }

    /** The time that the last word of the detail names. */
    Duration duration() {
        String[] words = detail.split(" ", -1);
        String last = words[words.length - 1];
        return Duration.ofMillis(Long.parseLong(last.substring(0, last.length() - "ms".length())));
    }

    /** The number that the last word of the detail is: which one of several. */
    int number() {
        String[] words = detail.split(" ", -1);
        return Integer.parseInt(words[words.length - 1]);
    }

    @Override
    public String toString() {
        return trouble.token() + (detail.isEmpty() ? "" : "(" + detail + ")") + "@" + index;
    }
}
