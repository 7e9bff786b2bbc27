package dev.corral.reconcile.plane;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes specs that nobody in their senses writes: records that were sound, with some of their parts, anywhere, exchanged for absurd
 * ones of the same type. What a constructor refuses is refused.
 */
final class Hostile {
    private static final List<Integer> NUMBERS =
            List.of(Integer.MIN_VALUE, -1, 0, 1, 2, 3, 100_001, 1_000_000_000, Integer.MAX_VALUE);
    private static final List<Duration> DURATIONS = List.of(
            Duration.ZERO,
            Duration.ofNanos(1),
            Duration.ofMillis(1),
            Duration.ofSeconds(-1),
            Duration.ofSeconds(Integer.MAX_VALUE),
            Duration.ofSeconds(Long.MAX_VALUE),
            Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
            Duration.ofSeconds(Long.MIN_VALUE));
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "x",
            "main",
            "local",
            "http",
            "-",
            "UPPER",
            "\0",
            "a\nb",
            "\u001b[2J",
            "\u202e",
            "\uD800",
            "\uD83D\uDC0E",
            "$(A)",
            "$(A)$(B)$(PORT)$$$(",
            "a=b",
            "../../etc/passwd",
            "/",
            "/proc/self/mem",
            "%s%n{}",
            "5 4 31 2 *",
            "* * * * *",
            "@every 1ns",
            "@every 2562047h",
            "1-9,0-2147483647",
            "0-99999999999999",
            "1e999",
            "x".repeat(64),
            "x".repeat(100_000),
            "a.".repeat(126) + "a",
            "kubernetes.io/x");
    private static final List<String> DECIMALS = List.of(
            "0", "-1", "1", "0.0000000001", "1E+18", "1E+400", "1E+2000000000", "1E-2000000000", "9223372036854775808");

    private final Random random;

    Hostile(long seed) {
        this.random = new Random(seed);
    }

    /** It can't even be made: its constructor threw. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(Throwable cause) {
            super(cause);
        }
    }

    /** The same spec with one to four of its parts spoilt. */
    <S> S spoilt(S spec) {
        Object spoilt = spec;
        for (int i = random.nextInt(4); i >= 0; i--) {
            spoilt = spoiltRecord((Record) spoilt);
        }
        @SuppressWarnings("unchecked") // of the same class
        S same = (S) spoilt;
        return same;
    }

    String text() {
        return any(TEXTS);
    }

    boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    private Record spoiltRecord(Record record) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        @Nullable Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = read(components[i], record);
        }
        if (values.length > 0) {
            int chosen = random.nextInt(values.length);
            values[chosen] = spoilt(components[chosen].getGenericType(), values[chosen]);
        }
        return construct(record.getClass(), values);
    }

    /** Spoilt somewhere within, or as a whole. */
    private @Nullable Object spoilt(Type type, @Nullable Object value) {
        if (value instanceof Record record && !oneIn(4)) {
            return spoiltRecord(record);
        }
        if (value instanceof Optional<?> optional && optional.isPresent() && !oneIn(3)) {
            return Optional.ofNullable(spoilt(argument(type, 0), optional.get()));
        }
        if (value instanceof List<?> list && !list.isEmpty() && !oneIn(4)) {
            List<Object> changed = new ArrayList<>(list);
            int at = random.nextInt(list.size());
            if (oneIn(3)) {
                changed.add(list.get(at));
            } else {
                changed.set(at, spoilt(argument(type, 0), list.get(at)));
            }
            return changed;
        }
        return absurd(type, 0);
    }

    private @Nullable Object absurd(Type type, int depth) {
        Class<?> raw = type instanceof ParameterizedType generic ? (Class<?>) generic.getRawType() : (Class<?>) type;
        if (!raw.isPrimitive() && oneIn(8)) {
            return null;
        }
        if (raw == int.class || raw == Integer.class) {
            return any(NUMBERS);
        }
        if (raw == long.class || raw == Long.class) {
            return oneIn(3) ? Long.MAX_VALUE : (long) any(NUMBERS);
        }
        if (raw == boolean.class || raw == Boolean.class) {
            return random.nextBoolean();
        }
        if (raw == String.class) {
            return text();
        }
        if (raw == Duration.class) {
            return any(DURATIONS);
        }
        if (raw == Instant.class) {
            return oneIn(2) ? Instant.MAX : Instant.MIN;
        }
        if (raw == BigDecimal.class) {
            return new BigDecimal(any(DECIMALS));
        }
        if (raw.isEnum()) {
            return any(Arrays.asList(raw.getEnumConstants()));
        }
        if (raw == Optional.class) {
            return oneIn(3) ? Optional.empty() : Optional.ofNullable(absurd(argument(type, 0), depth + 1));
        }
        if (Collection.class.isAssignableFrom(raw)) {
            return collection(raw, argument(type, 0), depth);
        }
        if (raw == Map.class) {
            Map<Object, Object> map = new HashMap<>();
            map.put(absurd(argument(type, 0), depth + 1), absurd(argument(type, 1), depth + 1));
            return map;
        }
        if (raw.isSealed()) {
            return absurd(any(Arrays.asList(raw.getPermittedSubclasses())), depth + 1);
        }
        if (raw.isRecord() && depth < 8) {
            Object[] values = Arrays.stream(raw.getRecordComponents())
                    .map(component -> absurd(component.getGenericType(), depth + 1))
                    .toArray();
            return construct(raw.asSubclass(Record.class), values);
        }
        return null;
    }

    private Collection<?> collection(Class<?> raw, Type element, int depth) {
        List<Object> elements = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            elements.add(absurd(element, depth + 1));
        }
        if (oneIn(6) && !elements.isEmpty()) {
            elements = new ArrayList<>(Collections.nCopies(500, elements.get(0)));
        }
        if (SortedSet.class.isAssignableFrom(raw)) {
            elements.removeIf(each -> each == null);
            return new TreeSet<>(elements);
        }
        return Set.class.isAssignableFrom(raw) ? new HashSet<>(elements) : elements;
    }

    private static Type argument(Type type, int index) {
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private static Object read(RecordComponent component, Record from) {
        try {
            return component.getAccessor().invoke(from);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("can't read " + component, e);
        }
    }

    private static Record construct(Class<? extends Record> type, @Nullable Object[] values) {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<? extends Record> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (InvocationTargetException refused) {
            Throwable cause = refused.getCause();
            if (cause instanceof IllegalArgumentException || cause instanceof NullPointerException) {
                throw new Refused(cause);
            }
            throw new IllegalStateException("the constructor of " + type + " threw", cause);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("can't make a " + type, e);
        }
    }
}
