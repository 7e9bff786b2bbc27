package dev.corral.cgroups;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A text of keys and values as the kernel wrote it: the lines of {@code memory.stat}, the {@code rbytes=0 wios=3} of one
 * device. It keeps the bytes, so keys that only this kernel has are there too, and a key is looked for when it is asked for.
 *
 * <p>Immutable; two are equal if their texts are.
 */
public final class Keyed {
    private static final Keyed NOTHING = new Keyed(new byte[0], false);

    private final byte[] bytes;
    private final boolean pairs;

    private Keyed(byte[] bytes, boolean pairs) {
        this.bytes = bytes;
        this.pairs = pairs;
    }

    static Keyed none() {
        return NOTHING;
    }

    /** Lines of a key and a value. */
    static Keyed lines(byte[] text, int from, int to) {
        return new Keyed(Arrays.copyOfRange(text, from, to), false);
    }

    /** Words of a key, an equals sign and a value. */
    static Keyed pairs(byte[] text, int from, int to) {
        return new Keyed(Arrays.copyOfRange(text, from, to), true);
    }

    static String text(byte[] bytes, int length) {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    static Keyed parse(String text) {
        return new Keyed(text.getBytes(StandardCharsets.UTF_8), false);
    }

    /**
     * The number of a key, 0 to 2<sup>63</sup>−1; what exceeds that, as counters that ran below zero do, counts as the largest.
     * Empty if this kernel does not print the key, or no number with it.
     */
    public Optional<Long> get(String key) {
        Words words = words();
        return find(words, key) && words.isNumber() ? Optional.of(words.count()) : Optional.empty();
    }

    /** The number of a key with all 64 bits; empty if this kernel does not print the key, or no number with it. */
    public Optional<BigInteger> exact(String key) {
        Words words = words();
        return find(words, key) && words.isNumber()
                ? Optional.of(new BigInteger(Long.toUnsignedString(words.value())))
                : Optional.empty();
    }

    /** The value of a key, whatever it looks like; empty if this kernel does not print the key. */
    public Optional<String> text(String key) {
        Words words = words();
        return find(words, key) ? Optional.of(words.word()) : Optional.empty();
    }

    /** All keys in the kernel's order. */
    public List<String> keys() {
        List<String> keys = new ArrayList<>();
        visit((key, value) -> keys.add(key));
        return List.copyOf(keys);
    }

    /** How many lines or words have another shape, such as a last one that was torn; they are left out. */
    public int malformed() {
        return visit((key, value) -> {});
    }

    boolean isEmpty() {
        return bytes.length == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Keyed keyed && pairs == keyed.pairs && Arrays.equals(bytes, keyed.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** As {@code {nr_periods=4, nr_throttled=2}}. */
    @Override
    public String toString() {
        List<String> entries = new ArrayList<>();
        visit((key, value) -> entries.add(key + "=" + value));
        return "{" + String.join(", ", entries) + "}";
    }

    private interface Visitor {
        void entry(String key, String value);
    }

    private int visit(Visitor visitor) {
        Words words = words();
        int malformed = 0;
        while (words.nextLine()) {
            if (pairs) {
                while (words.nextWord()) {
                    malformed += pair(words.word(), visitor);
                }
            } else if (words.nextWord()) {
                String key = words.word();
                String value = words.nextWord() ? words.word() : "";
                if (value.isEmpty() || words.nextWord()) {
                    malformed++;
                } else {
                    visitor.entry(key, value);
                }
            }
        }
        return malformed;
    }

    private static int pair(String word, Visitor visitor) {
        int equals = word.indexOf('=');
        if (equals < 1 || equals == word.length() - 1) {
            return 1;
        }
        visitor.entry(word.substring(0, equals), word.substring(equals + 1));
        return 0;
    }

    /** Leaves the value as the current word. */
    private boolean find(Words words, String key) {
        return pairs ? findPair(words, key) : findLine(words, key);
    }

    /** Leaves the value of a key as the current word; of a line with more words than two it finds nothing. */
    private static boolean findLine(Words words, String key) {
        while (words.nextLine()) {
            if (words.nextWord() && words.is(key)) {
                return words.nextWord() && words.isLastWord();
            }
        }
        return false;
    }

    private static boolean findPair(Words words, String key) {
        while (words.nextLine()) {
            while (words.nextWord()) {
                if (words.isKey(key)) {
                    return true;
                }
            }
        }
        return false;
    }

    private Words words() {
        return new Words().over(bytes, 0, bytes.length);
    }
}
