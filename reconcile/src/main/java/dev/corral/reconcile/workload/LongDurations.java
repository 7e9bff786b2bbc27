package dev.corral.reconcile.workload;

import dev.corral.internal.records.Components;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Durations beyond what Kubernetes can write, 2147483647 seconds: a time so far off has no place on a clock. */
final class LongDurations {
    private static final Duration LONGEST = Duration.ofSeconds(Integer.MAX_VALUE);

    /** The components of a record that may have one in them, asked of its class once. */
    private static final ClassValue<List<RecordComponent>> HOLDERS = new ClassValue<>() {
        @Override
        protected List<RecordComponent> computeValue(Class<?> type) {
            return Components.of(type).stream()
                    .filter(component -> mayHoldSome(component.getGenericType(), new HashSet<>()))
                    .toList();
        }
    };

    private LongDurations() {}

    /** One problem for each that a value has anywhere in it. */
    static void find(Object value, Problems problems) {
        if (value instanceof Duration duration) {
            problems.require(
                    duration.compareTo(LONGEST) <= 0, duration, "it must be at most " + LONGEST.toSeconds() + " s");
        } else if (value instanceof Optional<?> optional) {
            optional.ifPresent(inside -> find(inside, problems));
        } else if (value instanceof List<?> elements) {
            for (int i = 0; i < elements.size(); i++) {
                find(elements.get(i), problems.element(i));
            }
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, element) -> find(element, problems.at(String.valueOf(key))));
        } else if (value instanceof Record part) {
            for (RecordComponent component : HOLDERS.get(part.getClass())) {
                find(Components.read(component, part), problems.at(component.getName()));
            }
        }
    }

    /** Whether a value of a type may have a duration anywhere in it. */
    private static boolean mayHoldSome(Type type, Set<Type> seen) {
        if (type instanceof ParameterizedType whole) {
            return Arrays.stream(whole.getActualTypeArguments()).anyMatch(part -> mayHoldSome(part, seen));
        }
        if (!(type instanceof Class<?> raw)) {
            return true;
        }
        if (raw.isPrimitive()
                || raw.isEnum()
                || raw == String.class
                || Number.class.isAssignableFrom(raw)
                || !seen.add(raw)) {
            return false;
        }
        if (raw.isRecord()) {
            return Components.of(raw).stream().anyMatch(part -> mayHoldSome(part.getGenericType(), seen));
        }
        return !raw.isSealed()
                || Arrays.stream(raw.getPermittedSubclasses()).anyMatch(choice -> mayHoldSome(choice, seen));
    }
}
