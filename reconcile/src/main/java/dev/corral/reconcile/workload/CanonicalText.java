package dev.corral.reconcile.workload;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One text for each value of a spec, the same in every JVM. Equal values have equal texts; what is empty is left out, so a
 * component added to a record later changes no text as long as it is not used.
 */
final class CanonicalText {
    /** What follows from a class alone is kept, because to ask for it, and to call an accessor for the first time, is dear. */
    private static final ClassValue<List<RecordComponent>> COMPONENTS = new ClassValue<>() {
        @Override
        protected List<RecordComponent> computeValue(Class<?> type) {
            List<RecordComponent> components = List.of(type.getRecordComponents());
            components.forEach(component -> component.getAccessor().trySetAccessible());
            return components;
        }
    };

    private CanonicalText() {}

    static String of(Object value) {
        if (value instanceof Quantity quantity) {
            return quantity.value().toPlainString();
        }
        if (value instanceof Optional<?> optional) {
            return optional.map(CanonicalText::of).orElse("");
        }
        if (value instanceof Collection<?> elements) {
            return elements.isEmpty()
                    ? ""
                    : elements.stream().map(CanonicalText::of).toList().toString();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, String> texts = new TreeMap<>();
            map.forEach((key, element) -> texts.put(of(key), of(element)));
            return texts.isEmpty() ? "" : texts.toString();
        }
        if (value instanceof Record part) {
            return ofRecord(part);
        }
        if (value instanceof String text) {
            return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
        return value instanceof Enum<?> constant ? constant.name() : value.toString();
    }

    private static String ofRecord(Record part) {
        List<String> fields = new ArrayList<>();
        for (RecordComponent component : components(part.getClass())) {
            String text = of(read(part, component));
            if (!text.isEmpty()) {
                fields.add(component.getName() + "=" + text);
            }
        }
        return part.getClass().getSimpleName() + fields;
    }

    static List<RecordComponent> components(Class<?> type) {
        return COMPONENTS.get(type);
    }

    /** The value of one of {@link #components}. */
    static Object read(Record part, RecordComponent component) {
        try {
            return component.getAccessor().invoke(part);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component + " of a " + part.getClass(), e);
        }
    }
}
