package dev.corral.internal.records;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;

/** The components of records, and their values. Safe for any thread. */
public final class Components {
    /** What follows from a class alone is kept, because to ask for it, and to call an accessor for the first time, is dear. */
    private static final ClassValue<List<RecordComponent>> OF = new ClassValue<>() {
        @Override
        protected List<RecordComponent> computeValue(Class<?> type) {
            if (!type.isRecord()) {
                return List.of();
            }
            List<RecordComponent> components = List.of(type.getRecordComponents());
            components.forEach(component -> component.getAccessor().trySetAccessible());
            return components;
        }
    };

    private Components() {}

    /** In the order of their declaration; none of a class that is no record. */
    public static List<RecordComponent> of(Class<?> type) {
        return OF.get(type);
    }

    /**
     * The value of one of them.
     *
     * @throws IllegalArgumentException if it can't be read
     */
    public static Object read(RecordComponent component, Object from) {
        try {
            return component.getAccessor().invoke(from);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalArgumentException(
                    "component " + component.getName() + " of "
                            + from.getClass().getName() + " can't be read",
                    e);
        }
    }
}
