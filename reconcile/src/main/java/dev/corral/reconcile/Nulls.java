package dev.corral.reconcile;

import dev.corral.internal.records.Components;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is null within a spec: the compiler forbids it, and whoever asked none gets here all the same. */
final class Nulls {
    private final List<Problem> found = new ArrayList<>();

    private Nulls() {}

    /** One problem for each, with its path from the root. */
    static List<Problem> in(String root, @Nullable Object value) {
        if (!anyIn(value)) {
            return List.of(); // as nearly always: no path is put together
        }
        Nulls nulls = new Nulls();
        nulls.look(root, value);
        return nulls.found;
    }

    private static boolean anyIn(@Nullable Object value) {
        if (value == null) {
            return true;
        }
        if (value instanceof String) {
            return false; // most are, and what follows is dear
        }
        if (value instanceof Optional<?> optional) {
            return optional.isPresent() && anyIn(optional.get());
        }
        if (value instanceof Collection<?> elements) {
            return anyOf(elements);
        }
        if (value instanceof Map<?, ?> map) {
            return anyOf(map.keySet()) || anyOf(map.values());
        }
        for (RecordComponent component : Components.of(value.getClass())) {
            if (!component.getType().isPrimitive() && anyIn(Components.read(component, value))) {
                return true;
            }
        }
        return false;
    }

    private static boolean anyOf(Collection<?> elements) {
        for (Object element : elements) {
            if (anyIn(element)) {
                return true;
            }
        }
        return false;
    }

    private void look(String path, @Nullable Object value) {
        if (value == null) {
            found.add(new Problem(path, "null: it must be given; what may be absent is an empty Optional"));
        } else if (value instanceof Optional<?> optional) {
            optional.ifPresent(inside -> look(path, inside));
        } else if (value instanceof Collection<?> elements) {
            int i = 0;
            for (Object element : elements) {
                look(path + "[" + i++ + "]", element);
            }
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, element) -> {
                look(path + "[key]", key);
                look(path + "[" + key + "]", element);
            });
        } else {
            for (RecordComponent component : Components.of(value.getClass())) {
                if (!component.getType().isPrimitive()) {
                    look(path + "." + component.getName(), Components.read(component, value));
                }
            }
        }
    }
}
