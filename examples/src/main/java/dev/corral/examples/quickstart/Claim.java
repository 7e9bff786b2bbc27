package dev.corral.examples.quickstart;

/** Something that was claimed and does not hold. */
final class Claim extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Claim(String message) {
        super(message);
    }

    /** Goes on if it holds. */
    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new Claim(otherwise);
        }
    }
}
