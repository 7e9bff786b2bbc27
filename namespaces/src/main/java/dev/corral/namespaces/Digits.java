package dev.corral.namespaces;

/** Numbers as files of the kernel and of /etc have them. Without a pattern: a launch looks at hundreds of them. */
final class Digits {
    private Digits() {}

    /** Whether a text is one or more of the digits 0 to 9, and no more than so many. */
    static boolean are(String text, int most) {
        return !text.isEmpty()
                && text.length() <= most
                && text.chars().allMatch(letter -> letter >= '0' && letter <= '9');
    }
}
