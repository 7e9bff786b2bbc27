package dev.corral.reconcile.workload;

import java.nio.charset.StandardCharsets;

/** FNV-1a over 32 bits, written in letters and digits without vowels, so that it makes a name and never a word. */
final class TemplateHash {
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int OFFSET_BASIS = 0x811c9dc5;
    private static final int PRIME = 0x01000193;

    private TemplateHash() {}

    static String of(String text) {
        long rest = Integer.toUnsignedLong(fnv1a(text));
        StringBuilder name = new StringBuilder();
        do {
            name.append(ALPHABET.charAt((int) (rest % ALPHABET.length())));
            rest /= ALPHABET.length();
        } while (rest > 0);
        return name.toString();
    }

    static int fnv1a(String text) {
        int hash = OFFSET_BASIS;
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (octet & 0xff)) * PRIME;
        }
        return hash;
    }
}
