package dev.corral.reconcile.workload;

import dev.corral.reconcile.NameRule;
import dev.corral.reconcile.Printable;
import dev.corral.reconcile.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All that is wrong with a spec, each with the path of its field, as in {@code spec.replicas: -1: it must be 0 or more}. */
final class Problems {
    /** So many processes no host can have, and so many objects this store holds. */
    static final int MOST = 100_000;

    static final String UNCHANGEABLE = "it can't be changed";

    private final @Nullable Problems within;
    private final String joint;
    private final String step;
    private final List<Problem> found;

    /** @param step how the path goes on, behind a joint, from that of what this is within */
    private Problems(@Nullable Problems within, String joint, String step, List<Problem> found) {
        this.within = within;
        this.joint = joint;
        this.step = step;
        this.found = found;
    }

    static Problems in(String root) {
        return new Problems(null, "", root, new ArrayList<>());
    }

    /** Those of a spec, beginning with the durations that no clock can reckon with, wherever they are in it. */
    static Problems of(Record spec) {
        Problems problems = in("spec");
        LongDurations.find(spec, problems);
        return problems;
    }

    /** A kind's validation: all that a check finds in a spec, and the durations in it that no clock can reckon with. */
    static <S extends Record> Function<S, List<Problem>> checking(BiConsumer<S, Problems> check) {
        return spec -> {
            Problems problems = of(spec);
            check.accept(spec, problems);
            return problems.list();
        };
    }

    /** A kind's validation of changes: all that a check finds in a step from one valid spec to another. */
    static <S> BiFunction<S, S, List<Problem>> checkingChanges(ChangeCheck<S> check) {
        return (before, after) -> {
            Problems problems = in("spec");
            check.accept(before, after, problems);
            return problems.list();
        };
    }

    /** Tells what may not be changed and is. */
    @FunctionalInterface
    interface ChangeCheck<S> {
        void accept(S before, S after, Problems problems);
    }

    /** Refuses another value of a field than the one before. */
    void unchanged(String field, Object before, Object after) {
        Object shown =
                after instanceof Optional<?> value ? value.map(String::valueOf).orElse("none") : after;
        at(field).require(before.equals(after), shown, UNCHANGEABLE);
    }

    /** A number of things that are all processes of one host, or would be. */
    void amount(String field, int number) {
        at(field).require(number >= 0, number, "it must be 0 or more");
        at(field).require(number <= MOST, number, "it must be at most " + MOST + ", all of them on one host");
    }

    /** The same list, for a field of this one. */
    Problems at(String field) {
        return new Problems(this, ".", field, found);
    }

    /** The same list, for an element of this one. */
    Problems element(int index) {
        return new Problems(this, "", "[" + index + "]", found);
    }

    /** Put together when there is something to tell: of most fields nothing is. */
    private String path() {
        String before = within == null ? "" : within.path();
        return before.isEmpty() ? step : before + joint + step;
    }

    <T> void each(String field, List<T> elements, BiConsumer<T, Problems> check) {
        Problems list = at(field);
        for (int i = 0; i < elements.size(); i++) {
            check.accept(elements.get(i), list.element(i));
        }
    }

    void require(boolean holds, Object value, String hint) {
        if (!holds) {
            found.add(new Problem(path(), shown(value) + ": " + hint));
        }
    }

    private static String shown(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.map(Problems::shown).orElse("none");
        }
        return value instanceof String text ? "'" + printable(text.replace("\0", "\\0")) + "'" : String.valueOf(value);
    }

    void rule(NameRule rule, String name) {
        rule.complaint(name).ifPresent(complaint -> found.add(new Problem(path(), complaint)));
    }

    void unique(String field, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            at(field).element(i).at("name").require(seen.add(names.get(i)), names.get(i), "this name is taken already");
        }
    }

    void labels(String field, Map<String, String> labels) {
        labels.forEach((key, value) -> {
            at(field).require(Names.isLabelKey(key), key, Names.LABEL_KEY_HINT);
            at(field + "[" + key + "]").require(Names.isLabelValue(value), value, Names.LABEL_VALUE_HINT);
        });
    }

    /** Refuses what can't be handed to a program. */
    void text(String text) {
        require(text.indexOf('\0') < 0, text, "it must not contain a NUL");
    }

    /** The same text in one line, control characters as in Java's sources. */
    static String printable(String text) {
        return Printable.line(text);
    }

    List<Problem> list() {
        return List.copyOf(found);
    }
}
