package dev.corral.reconcile;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is null within a spec: the compiler forbids it, and whoever asked none gets here all the same. */
final class Nulls {
    /** What follows from a class alone, kept because to ask for it is dear. */
    private static final ClassValue<List<RecordComponent>> COMPONENTS = new ClassValue<>() {
        @Override
        protected List<RecordComponent> computeValue(Class<?> type) {
            return type.isRecord() ? List.of(type.getRecordComponents()) : List.of();
        }
    };

    private final List<Problem> found = new ArrayList<>();

    private Nulls() {}

    /** One problem for each, with its path from the root. */
    static List<Problem> in(String root, @Nullable Object value) {
        Nulls nulls = new Nulls();
        nulls.look(root, value);
        return nulls.found;
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
            for (RecordComponent component : COMPONENTS.get(value.getClass())) {
                if (!component.getType().isPrimitive()) {
                    look(path + "." + component.getName(), Records.read(component, value));
                }
            }
        }
    }
}
