package dev.corral.reconcile;

import dev.corral.internal.records.Components;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What differs between two values, path by path, as in {@code spec.replicas: 3 -> 5}. */
final class Differences {
    private static final int LONGEST = 200;

    private final List<String> found = new ArrayList<>();

    private Differences() {}

    /** The differences of two values of one type, named from a root; empty if they are equal. */
    static List<String> between(String root, @Nullable Object before, @Nullable Object after) {
        Differences differences = new Differences();
        differences.compare(root, before, after);
        return List.copyOf(differences.found);
    }

    /** What a write would change, or has changed, of a resource that is there before and after. */
    static List<String> between(Resource<?, ?> before, Resource<?, ?> after) {
        Differences differences = new Differences();
        Metadata old = before.metadata();
        Metadata now = after.metadata();
        differences.compare("metadata.labels", old.labels(), now.labels());
        differences.compare("metadata.annotations", old.annotations(), now.annotations());
        differences.compare("metadata.owners", old.owners(), now.owners());
        differences.compare("metadata.finalizers", old.finalizers(), now.finalizers());
        differences.compare("metadata.deletion", old.deletion(), now.deletion());
        differences.compare("spec", before.spec(), after.spec());
        differences.compare("status", before.status(), after.status());
        return List.copyOf(differences.found);
    }

    private void compare(String path, @Nullable Object before, @Nullable Object after) {
        if (Objects.equals(before, after)) {
            return;
        }
        if (before instanceof Optional<?> old
                && after instanceof Optional<?> now
                && old.isPresent()
                && now.isPresent()) {
            compare(path, old.get(), now.get());
        } else if (before instanceof Map<?, ?> old && after instanceof Map<?, ?> now) {
            compareMaps(path, old, now);
        } else if (before instanceof List<?> old && after instanceof List<?> now && old.size() == now.size()) {
            for (int i = 0; i < old.size(); i++) {
                compare(path + "[" + i + "]", old.get(i), now.get(i));
            }
        } else if (before != null
                && after != null
                && before.getClass() == after.getClass()
                && before.getClass().isRecord()) {
            for (RecordComponent component : Components.of(before.getClass())) {
                compare(
                        path + "." + component.getName(),
                        Components.read(component, before),
                        Components.read(component, after));
            }
        } else {
            found.add(path + ": " + text(before) + " -> " + text(after));
        }
    }

    private void compareMaps(String path, Map<?, ?> before, Map<?, ?> after) {
        TreeSet<String> keys = new TreeSet<>();
        before.keySet().forEach(key -> keys.add(String.valueOf(key)));
        after.keySet().forEach(key -> keys.add(String.valueOf(key)));
        for (String key : keys) {
            compare(path + "[" + key + "]", value(before, key), value(after, key));
        }
    }

    private static @Nullable Object value(Map<?, ?> map, String key) {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (String.valueOf(entry.getKey()).equals(key)) {
                return entry.getValue();
            }
        }
        return null;
    }

    private static String text(@Nullable Object value) {
        if (value == null || value.equals(Optional.empty())) {
            return "absent";
        }
        String text = value instanceof Optional<?> some ? String.valueOf(some.orElseThrow()) : value.toString();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }
}
