package dev.corral.privileges;

import java.util.List;
import java.util.Map;

/** What a filter means, said the simple way. */
final class Naive {
    private Naive() {}

    static boolean holds(SeccompCondition condition, long argument) {
        int compared = Long.compareUnsigned(argument & condition.mask(), condition.value());
        return switch (condition.comparison()) {
            case EQ -> compared == 0;
            case NE -> compared != 0;
            case LT -> compared < 0;
            case LE -> compared <= 0;
            case GT -> compared > 0;
            case GE -> compared >= 0;
        };
    }

    /** The last rule that holds decides. */
    static SeccompAction decide(
            Map<String, List<SeccompRule>> rules, SeccompAction otherwise, String name, long... arguments) {
        SeccompAction action = otherwise;
        for (SeccompRule rule : rules.getOrDefault(name, List.of())) {
            if (rule.conditions().stream().allMatch(condition -> holds(condition, arguments[condition.argument()]))) {
                action = rule.action();
            }
        }
        return action;
    }
}
