package dev.corral.reconcile;

import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import java.util.Set;

/** What can be stored: values, that is objects that are equal when they say the same. */
final class Values {
    private Values() {}

    /**
     * Refuses a type whose objects can't be compared: the store would take every write for a change.
     *
     * @param what for the message: spec or status of which kind
     */
    static void require(String what, Class<?> type) {
        require(what, type, type.getSimpleName(), new HashSet<>());
    }

    private static void require(String what, Class<?> type, String path, Set<Class<?>> seen) {
        if (!seen.add(type) || type.isPrimitive() || type.isEnum()) {
            return;
        }
        if (type.isArray()) {
            throw refusal(what, path, "is an array, which is equal only to itself: use a List");
        }
        if (type.isInterface()) {
            if (type.isAnnotationPresent(FunctionalInterface.class)) {
                throw refusal(what, path, "is a function, which is equal only to itself: store data");
            }
            return;
        }
        if (type.isRecord()) {
            for (RecordComponent component : type.getRecordComponents()) {
                require(what, component.getType(), path + "." + component.getName(), seen);
            }
        } else if (!Modifier.isAbstract(type.getModifiers()) && !definesEquals(type)) {
            throw refusal(what, path, "(" + type.getName() + ") has no equals of its own: use a record");
        }
    }

    private static boolean definesEquals(Class<?> type) {
        try {
            return type.getMethod("equals", Object.class).getDeclaringClass() != Object.class;
        } catch (NoSuchMethodException e) {
            throw new AssertionError("every class has equals: " + type, e);
        }
    }

    private static IllegalArgumentException refusal(String what, String path, String why) {
        return new IllegalArgumentException(what + " is not a value: " + path + " " + why);
    }
}
