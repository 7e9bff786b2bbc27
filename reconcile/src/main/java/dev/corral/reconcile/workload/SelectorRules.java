package dev.corral.reconcile.workload;

import dev.corral.reconcile.LabelSelector;
import dev.corral.reconcile.LabelSelector.Operator;
import dev.corral.reconcile.LabelSelector.Requirement;
import java.util.List;
import java.util.Map;

/** Checks a selector of an object that replicates: not empty, and it matches the labels of its own template. */
final class SelectorRules {
    private SelectorRules() {}

    static void validate(LabelSelector selector, Problems problems, Map<String, String> templateLabels) {
        problems.require(!selector.isEmpty(), "{}", "an empty selector would claim every pod");
        problems.labels("matchLabels", selector.matchLabels());
        problems.each("matchExpressions", selector.matchExpressions(), (requirement, here) -> {
            here.at("operator")
                    .require(
                            !comparesNumbers(requirement),
                            requirement.operator(),
                            "the selector of a workload has IN, NOT_IN, EXISTS and DOES_NOT_EXIST only");
            validate(requirement, here);
        });
        problems.require(
                selector.matches(templateLabels),
                selector.matchLabels(),
                "it does not match the template's labels " + templateLabels);
    }

    static void validate(Requirement requirement, Problems problems) {
        problems.at("key").require(Names.isLabelKey(requirement.key()), requirement.key(), Names.LABEL_KEY_HINT);
        List<String> values = requirement.values();
        if (comparesNumbers(requirement)) {
            problems.at("values")
                    .require(
                            values.size() == 1 && Names.isInteger(values.get(0)),
                            values,
                            requirement.operator() + " takes one value, an integer");
            return;
        }
        boolean wanted = requirement.operator() == Operator.IN || requirement.operator() == Operator.NOT_IN;
        problems.at("values")
                .require(
                        values.isEmpty() != wanted,
                        values,
                        requirement.operator() + (wanted ? " needs values" : " takes none"));
        problems.each(
                "values", values, (value, at) -> at.require(Names.isLabelValue(value), value, Names.LABEL_VALUE_HINT));
    }

    private static boolean comparesNumbers(Requirement requirement) {
        return requirement.operator() == Operator.GT || requirement.operator() == Operator.LT;
    }
}
