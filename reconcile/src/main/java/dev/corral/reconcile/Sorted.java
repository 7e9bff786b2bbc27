package dev.corral.reconcile;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An immutable map in the order of its keys, copied once and then shared by all versions of a resource. */
final class Sorted extends AbstractMap<String, String> {
    private final TreeMap<String, String> map;
    private final Set<Map.Entry<String, String>> entries;

    private Sorted(Map<String, String> map) {
        this.map = new TreeMap<>(map);
        this.entries = Collections.unmodifiableMap(this.map).entrySet();
    }

    static Map<String, String> of(Map<String, String> map) {
        if (map.isEmpty()) {
            return Map.of();
        }
        return map instanceof Sorted ? map : new Sorted(map);
    }

    @Override
    public @Nullable String get(@Nullable Object key) {
        return key instanceof String text ? map.get(text) : null;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return key instanceof String text && map.containsKey(text);
    }

    @Override
    public Set<Map.Entry<String, String>> entrySet() {
        return entries;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || super.equals(other);
    }

    @Override
    public int hashCode() {
        return map.hashCode();
    }
}
