package dev.corral.reconcile.workload;

import dev.corral.reconcile.LabelSelector;
import dev.corral.reconcile.LabelSelector.Operator;
import dev.corral.reconcile.LabelSelector.Requirement;
import java.util.Map;

/** Checks a selector of an object that replicates: not empty, and it matches the labels of its own template. */
final class SelectorRules {
    private SelectorRules() {}

    static void validate(LabelSelector selector, Problems problems, Map<String, String> templateLabels) {
        problems.require(!selector.isEmpty(), "{}", "an empty selector would claim every pod");
        problems.labels("matchLabels", selector.matchLabels());
        problems.each("matchExpressions", selector.matchExpressions(), SelectorRules::validate);
        problems.require(
                selector.matches(templateLabels),
                selector.matchLabels(),
                "it does not match the template's labels " + templateLabels);
    }

    static void validate(Requirement requirement, Problems problems) {
        boolean wanted = requirement.operator() == Operator.IN || requirement.operator() == Operator.NOT_IN;
        problems.at("key").require(Names.isLabelKey(requirement.key()), requirement.key(), Names.LABEL_KEY_HINT);
        problems.at("values")
                .require(
                        requirement.values().isEmpty() != wanted,
                        requirement.values(),
                        requirement.operator() + (wanted ? " needs values" : " takes none"));
        problems.each(
                "values",
                requirement.values(),
                (value, at) -> at.require(Names.isLabelValue(value), value, Names.LABEL_VALUE_HINT));
    }
}
