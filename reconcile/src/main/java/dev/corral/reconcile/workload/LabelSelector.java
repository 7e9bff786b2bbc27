package dev.corral.reconcile.workload;

import java.util.List;
import java.util.Map;

/**
 * A condition on labels; all of its parts must hold. The empty selector matches everything. Source: Kubernetes API,
 * {@code LabelSelector}.
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
        DOES_NOT_EXIST
    }

    /**
     * One requirement.
     *
     * @param values at least one for {@code IN} and {@code NOT_IN}, none for the others
     */
    public record Requirement(String key, Operator operator, List<String> values) {
        public Requirement {
            values = List.copyOf(values);
        }

        boolean matches(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
            };
        }

        void validate(Problems problems) {
            boolean wanted = operator == Operator.IN || operator == Operator.NOT_IN;
            problems.at("key").require(Names.isLabelKey(key), key, Names.LABEL_KEY_HINT);
            problems.at("values")
                    .require(values.isEmpty() != wanted, values, operator + (wanted ? " needs values" : " takes none"));
        }
    }

    public LabelSelector {
        matchLabels = Copies.sorted(matchLabels);
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

    /** Adds a label that must have a value. */
    public LabelSelector and(String key, String value) {
        return new LabelSelector(Copies.with(matchLabels, key, value), matchExpressions);
    }

    /** Adds a requirement. */
    public LabelSelector and(String key, Operator operator, String... values) {
        return new LabelSelector(
                matchLabels, Copies.with(matchExpressions, new Requirement(key, operator, List.of(values))));
    }

    public boolean isEmpty() {
        return matchLabels.isEmpty() && matchExpressions.isEmpty();
    }

    public boolean matches(Map<String, String> labels) {
        return labels.entrySet().containsAll(matchLabels.entrySet())
                && matchExpressions.stream().allMatch(requirement -> requirement.matches(labels));
    }

    /** Checks a selector of an object that replicates: not empty, and it matches the labels of its own template. */
    void validate(Problems problems, Map<String, String> templateLabels) {
        problems.require(!isEmpty(), "{}", "an empty selector would claim every pod");
        problems.labels("matchLabels", matchLabels);
        problems.each("matchExpressions", matchExpressions, Requirement::validate);
        problems.require(
                matches(templateLabels), matchLabels, "it does not match the template's labels " + templateLabels);
    }
}
