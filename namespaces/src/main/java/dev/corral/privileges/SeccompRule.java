package dev.corral.privileges;

import java.util.List;

/** What happens to a call when all conditions hold; without conditions always. */
record SeccompRule(List<SeccompCondition> conditions, SeccompAction action) {
    SeccompRule {
        conditions = List.copyOf(conditions);
    }

    boolean always() {
        return conditions.isEmpty();
    }

    @Override
    public String toString() {
        return action + (always() ? "" : " if " + conditions);
    }
}
