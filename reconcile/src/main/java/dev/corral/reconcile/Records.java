package dev.corral.reconcile;

import dev.corral.internal.records.Components;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.UnaryOperator;

/** Records taken apart and put together by their components. */
final class Records {
    private static final Map<Class<?>, Object> ZEROS = Map.ofEntries(
            Map.entry(boolean.class, false),
            Map.entry(Boolean.class, false),
            Map.entry(int.class, 0),
            Map.entry(Integer.class, 0),
            Map.entry(long.class, 0L),
            Map.entry(Long.class, 0L),
            Map.entry(double.class, 0.0),
            Map.entry(Double.class, 0.0),
            Map.entry(String.class, ""),
            Map.entry(Duration.class, Duration.ZERO),
            Map.entry(List.class, List.of()),
            Map.entry(Collection.class, List.of()),
            Map.entry(Set.class, Set.of()),
            Map.entry(SortedSet.class, Collections.emptySortedSet()),
            Map.entry(Map.class, Map.of()),
            Map.entry(SortedMap.class, Collections.emptySortedMap()),
            Map.entry(Conditions.class, Conditions.none()),
            Map.entry(Optional.class, Optional.empty()),
            Map.entry(OptionalInt.class, OptionalInt.empty()),
            Map.entry(OptionalLong.class, OptionalLong.empty()),
            Map.entry(OptionalDouble.class, OptionalDouble.empty()));

    private static final ClassValue<Constructor<?>> CONSTRUCTORS = new ClassValue<>() {
        @Override
        protected Constructor<?> computeValue(Class<?> type) {
            return constructor(type);
        }
    };

    private Records() {}

    /** Refuses a record that can't be taken apart because its module keeps its package closed. */
    static void requireOpen(Class<?> type) {
        if (type.isRecord() && !CONSTRUCTORS.get(type).trySetAccessible()) {
            throw new IllegalArgumentException(
                    "record " + type.getName() + " is closed to Corral: its module-info needs 'opens "
                            + type.getPackageName() + " to dev.corral.reconcile'");
        }
    }

    /** The value of a type in which every number is 0 and everything else empty. */
    static <T> T zero(Class<T> type) {
        @SuppressWarnings(
                "unchecked") // a class literal of a primitive is typed by its box; reflection boxes in any case
        T value = (T) zeroOf(type, type);
        return value;
    }

    private static Object zeroOf(Class<?> type, Class<?> whole) {
        Object known = ZEROS.get(type);
        if (known != null) {
            return known;
        }
        if (!type.isRecord()) {
            throw new IllegalArgumentException("status " + whole.getName() + " has no zero value, because "
                    + type.getName() + " has none: say with initially(status) what a new resource has");
        }
        requireOpen(type);
        Object[] values = Components.of(type).stream()
                .map(component -> zeroOf(component.getType(), whole))
                .toArray();
        return construct(type, values);
    }

    /** Whether anything of a spec can be left to others; false if {@link #merge} always answers what is desired. */
    static boolean mergeable(Class<?> type) {
        if (!type.isRecord()) {
            return !type.isPrimitive() && !Modifier.isFinal(type.getModifiers());
        }
        for (RecordComponent component : Components.of(type)) {
            if (component.getType().isAssignableFrom(Optional.class) || Entries.areIn(component.getType())) {
                return true;
            }
        }
        return false;
    }

    /**
     * What becomes of a spec when somebody applies theirs over it: theirs, component by component, except where they leave an
     * {@link Optional} empty that they never filled, and the entries of a map that they never had; what others wrote there stays.
     * A list is one thing, and theirs.
     *
     * @param last what the same party applied before
     */
    static <S> S merge(S desired, Optional<S> last, S current) {
        if (!desired.getClass().isRecord() || desired.getClass() != current.getClass()) {
            return desired;
        }
        List<RecordComponent> components = Components.of(desired.getClass());
        Object[] merged = new Object[components.size()];
        for (int i = 0; i < merged.length; i++) {
            RecordComponent component = components.get(i);
            Object wanted = Components.read(component, desired);
            if (Entries.areIn(component.getType())) {
                merged[i] = Entries.merged(
                        entries(component, desired),
                        last.map(before -> entries(component, before)),
                        entries(component, current));
                continue;
            }
            boolean leftOpen = wanted.equals(Optional.empty());
            boolean filledBefore =
                    last.isPresent() && !Components.read(component, last.get()).equals(Optional.empty());
            merged[i] = leftOpen && !filledBefore ? Components.read(component, current) : wanted;
        }
        @SuppressWarnings("unchecked") // made of the components of an S
        S result = (S) construct(desired.getClass(), merged);
        return result;
    }

    @SuppressWarnings("unchecked") // of a component that is a map, and of one record class
    private static Map<Object, Object> entries(RecordComponent component, Object from) {
        return (Map<Object, Object>) Components.read(component, from);
    }

    private static Object construct(Class<?> type, Object[] values) {
        Constructor<?> constructor = CONSTRUCTORS.get(type);
        constructor.trySetAccessible();
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    type.getName() + " refuses " + Arrays.toString(values) + ": " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type.getName() + " can't be made of its components", e);
        }
    }

    /**
     * A record with its only component of a type changed, or itself if the change answers what was there; empty if it isn't a record
     * with exactly one such.
     */
    @SuppressWarnings("ReferenceEquality") // a change that answers what it was given changes nothing
    static <T, C> Optional<T> with(T record, Class<C> type, UnaryOperator<C> change) {
        List<RecordComponent> components = Components.of(record.getClass());
        int matches = 0;
        int chosen = -1;
        for (int i = 0; i < components.size(); i++) {
            if (components.get(i).getType() == type) {
                chosen = i;
                matches++;
            }
        }
        if (matches != 1) {
            return Optional.empty();
        }
        C before = type.cast(Components.read(components.get(chosen), record));
        C after = change.apply(before);
        if (after == before) {
            return Optional.of(record);
        }
        Object[] values = new Object[components.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i == chosen ? after : Components.read(components.get(i), record);
        }
        @SuppressWarnings("unchecked") // made of the components of a T
        T changed = (T) construct(record.getClass(), values);
        return Optional.of(changed);
    }

    private static Constructor<?> constructor(Class<?> type) {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            return type.getDeclaredConstructor(types);
        } catch (NoSuchMethodException e) {
            throw new AssertionError("a record has a canonical constructor: " + type, e);
        }
    }
}
