package dev.corral.reconcile.workload;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Durations beyond what Kubernetes can write, 2147483647 seconds: a time so far off has no place on a clock. */
final class LongDurations {
    private static final Duration LONGEST = Duration.ofSeconds(Integer.MAX_VALUE);

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
            for (RecordComponent component : CanonicalText.components(part)) {
                if (mayHoldSome(component.getType())) {
                    find(CanonicalText.read(part, component), problems.at(component.getName()));
                }
            }
        }
    }

    private static boolean mayHoldSome(Class<?> type) {
        return !type.isPrimitive() && !type.isEnum() && type != String.class;
    }
}
