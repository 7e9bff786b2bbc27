package dev.corral.reconcile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A condition on labels; all of its parts must hold. The empty selector matches everything. Source: Kubernetes API,
 * {@code LabelSelector}; its text form is that of {@code kubectl get -l}.
 *
 * @param matchLabels labels that must be there with this value
 * @param matchExpressions further requirements
 */
public record LabelSelector(Map<String, String> matchLabels, List<Requirement> matchExpressions) {
    /** How the value of a label is compared. */
    public enum Operator {
        /** The label is there with one of the values. */
        IN,
        /** The label is missing, or has none of the values. */
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST,
        /** The label is an integer above the only value, which is one too. In texts; workloads have no selector with it. */
        GT,
        /** The label is an integer below the only value, which is one too. In texts; workloads have no selector with it. */
        LT
    }

    /**
     * One requirement.
     *
     * @param values at least one for {@code IN} and {@code NOT_IN}, one for {@code GT} and {@code LT}, none for the others
     */
    public record Requirement(String key, Operator operator, List<String> values) {
        public Requirement {
            values = List.copyOf(values);
        }

        /** Whether labels are as it requires. */
        public boolean matches(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
                case GT, LT -> value != null && compares(value);
            };
        }

        /** False for what is no integer of 64 bits. */
        private boolean compares(String value) {
            OptionalLong number = LabelRule.integer(value);
            OptionalLong bound = values.size() == 1 ? LabelRule.integer(values.get(0)) : OptionalLong.empty();
            if (number.isEmpty() || bound.isEmpty()) {
                return false;
            }
            int sign = Long.compare(number.getAsLong(), bound.getAsLong());
            return operator == Operator.GT ? sign > 0 : sign < 0;
        }

        /** The text form, as in {@code tier notin (back,test)}: values in order, each once. */
        @Override
        public String toString() {
            List<String> each = values.stream().sorted().distinct().toList();
            String list = "(" + String.join(",", each) + ")";
            return switch (operator) {
                case IN -> key + " in " + list;
                case NOT_IN -> each.size() == 1 ? key + "!=" + each.get(0) : key + " notin " + list;
                case EXISTS -> key;
                case DOES_NOT_EXIST -> "!" + key;
                case GT -> key + ">" + String.join(",", each);
                case LT -> key + "<" + String.join(",", each);
            };
        }
    }

    public LabelSelector {
        matchLabels = Collections.unmodifiableMap(new TreeMap<>(matchLabels));
        matchExpressions = List.copyOf(matchExpressions);
    }

    /** The selector that matches everything. */
    public static LabelSelector everything() {
        return new LabelSelector(Map.of(), List.of());
    }

    /** Requires one label with one value. */
    public static LabelSelector of(String key, String value) {
        return new LabelSelector(Map.of(key, value), List.of());
    }

    /** Requires all these labels with these values. */
    public static LabelSelector of(Map<String, String> labels) {
        return new LabelSelector(labels, List.of());
    }

    /**
     * A selector from its text form: requirements separated by commas, as in {@code app=web, tier in (front,edge), !canary,
     * zone!=a, owner, size>3}. Blank text matches everything.
     *
     * @throws IllegalArgumentException if it isn't one; the message names the position, counted from 1
     */
    public static LabelSelector parse(String text) {
        return new SelectorParser(text).parse();
    }

    /** Adds a label that must have a value. */
    public LabelSelector and(String key, String value) {
        Map<String, String> more = new TreeMap<>(matchLabels);
        more.put(key, value);
        return new LabelSelector(more, matchExpressions);
    }

    /** Adds a requirement. */
    public LabelSelector and(String key, Operator operator, String... values) {
        List<Requirement> more = new ArrayList<>(matchExpressions);
        more.add(new Requirement(key, operator, List.of(values)));
        return new LabelSelector(matchLabels, more);
    }

    public boolean isEmpty() {
        return matchLabels.isEmpty() && matchExpressions.isEmpty();
    }

    public boolean matches(Map<String, String> labels) {
        for (Map.Entry<String, String> wanted : matchLabels.entrySet()) {
            if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
                return false;
            }
        }
        for (Requirement requirement : matchExpressions) {
            if (!requirement.matches(labels)) {
                return false;
            }
        }
        return true;
    }

    /** The canonical text, ordered by key, which {@link #parse} reads; empty text for the empty selector. */
    @Override
    public String toString() {
        return Stream.concat(
                        matchLabels.entrySet().stream()
                                .map(label -> Map.entry(label.getKey(), label.getKey() + "=" + label.getValue())),
                        matchExpressions.stream().map(part -> Map.entry(part.key(), part.toString())))
                .sorted(Map.Entry.<String, String>comparingByKey().thenComparing(Map.Entry.comparingByValue()))
                .map(Map.Entry::getValue)
                .collect(Collectors.joining(","));
    }
}
