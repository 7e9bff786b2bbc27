package dev.corral.reconcile.workload;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Requirements for the labels of a node, all of which have to hold. Source: Kubernetes API, {@code NodeSelectorTerm}.
 *
 * @param matchExpressions none of them matches no node
 */
public record NodeSelectorTerm(List<Requirement> matchExpressions) {
    /** How a label has to be. */
    public enum Operator {
        /** It is there with one of the values. */
        IN,
        /** It is missing, or has none of the values. */
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST,
        /** It is an integer above the only value, which is one too. */
        GT,
        /** It is an integer below the only value, which is one too. */
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

        boolean matches(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
                case GT -> value != null && isInteger(value) && integer(value).compareTo(integer(values.get(0))) > 0;
                case LT -> value != null && isInteger(value) && integer(value).compareTo(integer(values.get(0))) < 0;
            };
        }

        private void validate(Problems problems) {
            problems.at("key").require(Names.isLabelKey(key), key, Names.LABEL_KEY_HINT);
            Problems given = problems.at("values");
            switch (operator) {
                case IN, NOT_IN -> {
                    given.require(!values.isEmpty(), values, operator + " needs values");
                    problems.each(
                            "values",
                            values,
                            (value, at) -> at.require(Names.isLabelValue(value), value, Names.LABEL_VALUE_HINT));
                }
                case EXISTS, DOES_NOT_EXIST -> given.require(values.isEmpty(), values, operator + " takes none");
                case GT, LT ->
                    given.require(
                            values.size() == 1 && isInteger(values.get(0)),
                            values,
                            operator + " takes one value, an integer");
            }
        }

        /** Of 64 bits, as Kubernetes reads it. */
        private static boolean isInteger(String text) {
            return text.matches("-?[0-9]{1,19}") && integer(text).bitLength() < Long.SIZE;
        }

        private static BigInteger integer(String text) {
            return new BigInteger(text);
        }

        @Override
        public String toString() {
            return switch (operator) {
                case IN -> key + " in (" + String.join(",", values) + ")";
                case NOT_IN -> key + " notin (" + String.join(",", values) + ")";
                case EXISTS -> key;
                case DOES_NOT_EXIST -> "!" + key;
                case GT -> key + ">" + String.join(",", values);
                case LT -> key + "<" + String.join(",", values);
            };
        }
    }

    public NodeSelectorTerm {
        matchExpressions = List.copyOf(matchExpressions);
    }

    /** One that requires nothing yet, and so matches nothing. */
    public static NodeSelectorTerm empty() {
        return new NodeSelectorTerm(List.of());
    }

    /** The same that also requires a label to be like this. */
    public NodeSelectorTerm and(String key, Operator operator, String... values) {
        List<Requirement> more = new ArrayList<>(matchExpressions);
        more.add(new Requirement(key, operator, List.of(values)));
        return new NodeSelectorTerm(more);
    }

    boolean matches(Map<String, String> labels) {
        return !matchExpressions.isEmpty()
                && matchExpressions.stream().allMatch(requirement -> requirement.matches(labels));
    }

    void validate(Problems problems) {
        problems.each("matchExpressions", matchExpressions, Requirement::validate);
    }

    /** As a person would write it: {@code disk in (ssd),cores>4}. */
    @Override
    public String toString() {
        return matchExpressions.stream().map(Requirement::toString).collect(Collectors.joining(","));
    }
}
