package dev.corral.reconcile;

import java.util.Arrays;

/** A key of the store's trees: words, ordered word by word, a path before all that begin with it. */
final class Path implements Comparable<Path> {
    private final String[] words;

    private Path(String[] words) {
        this.words = words;
    }

    static Path of(String... words) {
        return new Path(words.clone());
    }

    /** Where a resource is stored. */
    static Path of(Kind<?, ?> kind, Key key) {
        return new Path(new String[] {kind.name(), key.namespace(), key.name()});
    }

    /** This path with the words of another behind it. */
    Path then(Path other) {
        String[] joined = Arrays.copyOf(words, words.length + other.words.length);
        System.arraycopy(other.words, 0, joined, words.length, other.words.length);
        return new Path(joined);
    }

    boolean startsWith(Path prefix) {
        return words.length >= prefix.words.length
                && Arrays.equals(words, 0, prefix.words.length, prefix.words, 0, prefix.words.length);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a short cut, no more
    public int compareTo(Path other) {
        int length = Math.min(words.length, other.words.length);
        for (int i = 0; i < length; i++) {
            String word = words[i];
            String others = other.words[i];
            // Most words, such as the names of kinds, are the same object wherever they stand.
            int order = word == others ? 0 : word.compareTo(others);
            if (order != 0) {
                return order;
            }
        }
        return words.length - other.words.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Path path && Arrays.equals(words, path.words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }

    @Override
    public String toString() {
        return String.join("/", words);
    }
}
