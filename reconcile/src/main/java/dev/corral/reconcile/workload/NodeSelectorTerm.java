package dev.corral.reconcile.workload;

import dev.corral.reconcile.LabelSelector;
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

        private LabelSelector.Requirement same() {
            return new LabelSelector.Requirement(key, LabelSelector.Operator.valueOf(operator.name()), values);
        }

        boolean matches(Map<String, String> labels) {
            return same().matches(labels);
        }

        private void validate(Problems problems) {
            SelectorRules.validate(same(), problems);
        }

        @Override
        public String toString() {
            return same().toString();
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
