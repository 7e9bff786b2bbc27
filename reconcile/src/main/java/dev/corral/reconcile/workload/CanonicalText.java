package dev.corral.reconcile.workload;

import dev.corral.internal.records.Components;
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
        for (RecordComponent component : Components.of(part.getClass())) {
            String text = of(Components.read(component, part));
            if (!text.isEmpty()) {
                fields.add(component.getName() + "=" + text);
            }
        }
        return part.getClass().getSimpleName() + fields;
    }
}
