package dev.corral.reconcile.workload;

import dev.corral.reconcile.LabelSelector;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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

        /** The same among those that any label selector knows; empty for a comparison of numbers. */
        private Optional<LabelSelector.Requirement> common() {
            return switch (operator) {
                case IN -> common(LabelSelector.Operator.IN);
                case NOT_IN -> common(LabelSelector.Operator.NOT_IN);
                case EXISTS -> common(LabelSelector.Operator.EXISTS);
                case DOES_NOT_EXIST -> common(LabelSelector.Operator.DOES_NOT_EXIST);
                case GT, LT -> Optional.empty();
            };
        }

        private Optional<LabelSelector.Requirement> common(LabelSelector.Operator same) {
            return Optional.of(new LabelSelector.Requirement(key, same, values));
        }

        boolean matches(Map<String, String> labels) {
            return common().map(same -> same.matches(labels)).orElseGet(() -> compares(labels.get(key)));
        }

        private boolean compares(@Nullable String value) {
            if (value == null || !isInteger(value)) {
                return false;
            }
            int sign = integer(value).compareTo(integer(values.get(0)));
            return operator == Operator.GT ? sign > 0 : sign < 0;
        }

        private void validate(Problems problems) {
            Optional<LabelSelector.Requirement> same = common();
            if (same.isPresent()) {
                SelectorRules.validate(same.get(), problems);
                return;
            }
            problems.at("key").require(Names.isLabelKey(key), key, Names.LABEL_KEY_HINT);
            problems.at("values")
                    .require(
                            values.size() == 1 && isInteger(values.get(0)),
                            values,
                            operator + " takes one value, an integer");
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
            return common().map(LabelSelector.Requirement::toString)
                    .orElseGet(() -> key + (operator == Operator.GT ? ">" : "<") + String.join(",", values));
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
