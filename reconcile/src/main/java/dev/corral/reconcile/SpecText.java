package dev.corral.reconcile;

import dev.corral.internal.records.Components;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A spec for people: indented lines, what is empty or false left out, so that a component that nobody uses changes no text. */
final class SpecText {
    private static final String INDENT = "  ";

    private SpecText() {}

    /** Lines as in {@code replicas: 3}; what is within something is indented below its name. */
    static List<String> of(@Nullable Object spec) {
        if (spec instanceof Record whole && !isText(whole)) {
            return ofParts(parts(whole));
        }
        return text(spec).map(List::of).orElse(List.of());
    }

    /** The same of a status, whose conditions are told by themselves; none if it has nothing else to say. */
    static List<String> ofStatus(@Nullable Object status) {
        if (!(status instanceof Record whole) || isText(whole)) {
            boolean empty = status instanceof Record part
                    && Components.of(part.getClass()).isEmpty();
            return empty ? List.of() : of(status);
        }
        Map<String, Object> parts = parts(whole);
        parts.values().removeIf(Conditions.class::isInstance);
        return ofParts(parts);
    }

    private static List<String> ofParts(Map<String, Object> parts) {
        List<String> lines = new ArrayList<>();
        parts.forEach((name, value) -> {
            Optional<String> text = text(value);
            List<String> inside = text.isPresent() ? List.of() : inside(value);
            if (text.isPresent()) {
                lines.add(Printable.line(name) + ": " + text.get());
            } else if (!inside.isEmpty()) {
                lines.add(Printable.line(name) + ":" + choice(value));
                inside.forEach(line -> lines.add(INDENT + line));
            }
        });
        return lines;
    }

    /** Which one it is of those that a closed set allows. */
    private static String choice(Object value) {
        return Arrays.stream(value.getClass().getInterfaces()).anyMatch(Class::isSealed)
                ? " " + value.getClass().getSimpleName()
                : "";
    }

    private static List<String> inside(@Nullable Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.map(SpecText::inside).orElse(List.of());
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((key, element) -> sorted.put(String.valueOf(key), element));
            return ofParts(sorted);
        }
        if (value instanceof Collection<?> elements) {
            List<String> lines = new ArrayList<>();
            elements.forEach(element -> lines.addAll(item(of(element))));
            return lines;
        }
        return of(value);
    }

    /** The first line behind a dash, the others below it. */
    private static List<String> item(List<String> lines) {
        List<String> item = new ArrayList<>();
        for (String line : lines) {
            item.add((item.isEmpty() ? "- " : INDENT) + line);
        }
        return item;
    }

    /** What fits into one line; empty for what is empty, and for what has parts. */
    private static Optional<String> text(@Nullable Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.flatMap(SpecText::text);
        }
        if (value instanceof Collection<?> elements) {
            return !elements.isEmpty() && elements.stream().allMatch(SpecText::isText)
                    ? Optional.of(
                            elements.stream().map(SpecText::shown).toList().toString())
                    : Optional.empty();
        }
        return isText(value) && !Boolean.FALSE.equals(value)
                ? Optional.of(shown(value)).filter(text -> !text.isEmpty())
                : Optional.empty();
    }

    private static String shown(@Nullable Object value) {
        if (value instanceof Duration duration) {
            return seconds(duration);
        }
        return value instanceof Record part && Components.of(part.getClass()).isEmpty()
                ? part.getClass().getSimpleName()
                : Printable.line(String.valueOf(value));
    }

    private static String seconds(Duration duration) {
        String fraction = duration.getNano() == 0
                ? ""
                : String.format(Locale.ROOT, ".%09d", duration.getNano()).replaceAll("0+$", "");
        return duration.isNegative() ? duration.toString() : duration.getSeconds() + fraction + " s";
    }

    /** Selectors and the like are written as their users write them. */
    private static boolean isText(@Nullable Object value) {
        return !(value instanceof Optional<?> || value instanceof Collection<?> || value instanceof Map<?, ?>)
                && !(value instanceof Record part && !hasTextForm(part));
    }

    private static boolean hasTextForm(Record part) {
        return part instanceof LabelSelector
                || Components.of(part.getClass()).isEmpty()
                || !part.toString().startsWith(part.getClass().getSimpleName() + "[");
    }

    private static Map<String, Object> parts(Record whole) {
        Map<String, Object> parts = new LinkedHashMap<>();
        for (RecordComponent component : Components.of(whole.getClass())) {
            Object value = Components.read(component, whole);
            parts.put(component.getName(), value == null ? Optional.empty() : value);
        }
        return parts;
    }
}
