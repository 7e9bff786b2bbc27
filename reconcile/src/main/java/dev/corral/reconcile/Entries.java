package dev.corral.reconcile;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Maps that several parties apply entries to. */
final class Entries {
    private Entries() {}

    /** Whether a component of that type is merged entry by entry. */
    static boolean areIn(Class<?> type) {
        return type == Map.class || type == SortedMap.class;
    }

    /**
     * What becomes of a map when somebody applies theirs over it: their entries, and those that they never had.
     *
     * @param last what the same party applied before
     */
    static <K, V> Map<K, V> merged(Map<K, V> wanted, Optional<Map<K, V>> last, Map<K, V> current) {
        if (current.equals(wanted)) {
            return current;
        }
        Map<K, V> result =
                current instanceof SortedMap<K, V> sorted ? new TreeMap<>(sorted) : new LinkedHashMap<>(current);
        last.ifPresent(before -> result.keySet().removeAll(before.keySet()));
        result.putAll(wanted);
        return result;
    }
}
