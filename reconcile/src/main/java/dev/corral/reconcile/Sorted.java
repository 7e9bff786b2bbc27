package dev.corral.reconcile;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** An immutable map in the order of its keys, copied once and then shared by all versions of a resource. */
final class Sorted extends AbstractMap<String, String> {
    /** Each key and, behind it, its value. */
    private final String[] words;

    private Sorted(SortedMap<String, String> map) {
        words = new String[2 * map.size()];
        int i = 0;
        for (Map.Entry<String, String> entry : map.entrySet()) {
            words[i++] = Objects.requireNonNull(entry.getKey());
            words[i++] = Objects.requireNonNull(entry.getValue());
        }
    }

    static Map<String, String> of(Map<String, String> map) {
        if (map.isEmpty()) {
            return Map.of();
        }
        if (map instanceof Sorted) {
            return map;
        }
        boolean ordered = map instanceof SortedMap<String, String> sorted && sorted.comparator() == null;
        return new Sorted(ordered ? (SortedMap<String, String>) map : new TreeMap<>(map));
    }

    @Override
    public int size() {
        return words.length / 2;
    }

    @Override
    public @Nullable String get(@Nullable Object key) {
        int at = key instanceof String text ? find(text) : -1;
        return at < 0 ? null : words[at + 1];
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return key instanceof String text && find(text) >= 0;
    }

    /** Where a key is among the words; -1 if it isn't. */
    private int find(String key) {
        int low = 0;
        int high = size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = key.compareTo(words[2 * middle]);
            if (order == 0) {
                return 2 * middle;
            }
            if (order > 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super String> visitor) {
        for (int i = 0; i < words.length; i += 2) {
            visitor.accept(words[i], words[i + 1]);
        }
    }

    @Override
    public Set<Map.Entry<String, String>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return Sorted.this.size();
            }

            @Override
            public Iterator<Map.Entry<String, String>> iterator() {
                return new Entries(words);
            }
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Sorted sorted ? Arrays.equals(words, sorted.words) : super.equals(other);
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (int i = 0; i < words.length; i += 2) {
            hash += words[i].hashCode() ^ words[i + 1].hashCode();
        }
        return hash;
    }

    private static final class Entries implements Iterator<Map.Entry<String, String>> {
        private final String[] words;
        private int next;

        Entries(String[] words) {
            this.words = words;
        }

        @Override
        public boolean hasNext() {
            return next < words.length;
        }

        @Override
        public Map.Entry<String, String> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            next += 2;
            return Map.entry(words[next - 2], words[next - 1]);
        }
    }
}
