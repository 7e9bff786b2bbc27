package dev.corral.reconcile.workload;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Unmodifiable copies with one thing changed; maps iterate in the order of their keys. */
final class Copies {
    private Copies() {}

    static <V> Map<String, V> sorted(Map<String, V> map) {
        if (map.size() <= 1) {
            return Map.copyOf(map);
        }
        return Collections.unmodifiableMap(new TreeMap<>(map));
    }

    static <V> Map<String, V> with(Map<String, V> map, String key, V value) {
        Map<String, V> copy = new TreeMap<>(map);
        copy.put(key, value);
        return Collections.unmodifiableMap(copy);
    }

    static <V> Map<String, V> without(Map<String, V> map, String key) {
        Map<String, V> copy = new TreeMap<>(map);
        copy.remove(key);
        return Collections.unmodifiableMap(copy);
    }

    /** Whether two maps are equal but for what one key has. */
    static <V> boolean sameBut(String key, Map<String, V> one, Map<String, V> other) {
        return one.equals(other) || without(one, key).equals(without(other, key));
    }

    static <T> List<T> with(List<T> list, T element) {
        List<T> copy = new ArrayList<>(list);
        copy.add(element);
        return List.copyOf(copy);
    }

    /** Puts an element in the place of the first one of the same kind, or at the end. */
    static <T> List<T> replacing(List<T> list, Predicate<T> same, T element) {
        List<T> copy = new ArrayList<>(list);
        for (int i = 0; i < copy.size(); i++) {
            if (same.test(copy.get(i))) {
                copy.set(i, element);
                return List.copyOf(copy);
            }
        }
        return with(list, element);
    }
}
