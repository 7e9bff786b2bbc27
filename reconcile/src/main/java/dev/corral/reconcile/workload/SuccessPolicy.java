package dev.corral.reconcile.workload;

import java.util.List;
import java.util.Optional;

/**
 * When an indexed Job has succeeded although not all of its indexes have. Source: Kubernetes API, {@code SuccessPolicy}.
 *
 * @param rules 1 to 20; the first that holds decides
 */
public record SuccessPolicy(List<Rule> rules) {
    static final int MOST_RULES = 20;

    public SuccessPolicy {
        rules = List.copyOf(rules);
    }

    /**
     * Holds if all its indexes have succeeded or, where a count is given, that many of them.
     *
     * @param succeededIndexes as in {@code 1-3,5}; empty for any
     * @param succeededCount 1 or more; empty for all of the list
     */
    public record Rule(Optional<String> succeededIndexes, Optional<Integer> succeededCount) {}

    /** All of these indexes, as in {@code 0-2,7}. */
    public static SuccessPolicy indexes(String list) {
        return new SuccessPolicy(List.of(new Rule(Optional.of(list), Optional.empty())));
    }

    /** So many of any indexes. */
    public static SuccessPolicy count(int succeeded) {
        return new SuccessPolicy(List.of(new Rule(Optional.empty(), Optional.of(succeeded))));
    }

    /** With another rule. */
    public SuccessPolicy or(Rule rule) {
        return new SuccessPolicy(Copies.with(rules, rule));
    }

    /** The number of the first rule that holds; empty if none does. */
    Optional<Integer> met(Indexes completed, int completions) {
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            Optional<Indexes> listed = rule.succeededIndexes().map(list -> Indexes.read(list, completions));
            int succeeded = (int) completed.stream()
                    .filter(index -> listed.isEmpty() || listed.get().has(index))
                    .count();
            int needed = rule.succeededCount()
                    .orElseGet(() -> listed.map(Indexes::size).orElse(completions));
            if (succeeded >= needed) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    void validate(Problems problems, Optional<Integer> completions) {
        problems.at("rules").require(!rules.isEmpty(), rules, "it needs a rule");
        problems.at("rules").require(rules.size() <= MOST_RULES, rules.size(), "there may be " + MOST_RULES + " rules");
        problems.each("rules", rules, (rule, here) -> {
            here.require(
                    rule.succeededIndexes().isPresent() || rule.succeededCount().isPresent(),
                    "{}",
                    "it needs succeededIndexes or succeededCount");
            int bound = completions.orElse(0);
            rule.succeededIndexes()
                    .ifPresent(list -> here.at("succeededIndexes")
                            .require(
                                    wellFormed(list, bound),
                                    Problems.printable(list),
                                    "it must be rising indexes below the completions, " + bound + ", as in 1-3,5"));
            rule.succeededCount().ifPresent(count -> {
                int most = rule.succeededIndexes()
                        .map(list -> Indexes.read(list, bound).size())
                        .orElse(bound);
                here.at("succeededCount").require(count >= 1 && count <= most, count, "it must be 1 to " + most);
            });
        });
    }

    /** Rising, apart from each other or side by side, and all below the bound. */
    private static boolean wellFormed(String list, int bound) {
        int last = -1;
        for (String item : list.split(",", -1)) {
            String[] ends = item.split("-", -1);
            if (ends.length > 2) {
                return false;
            }
            for (String end : ends) {
                boolean number =
                        end.length() <= 9 && !end.isEmpty() && end.chars().allMatch(c -> c >= '0' && c <= '9');
                if (!number || Integer.parseInt(end) <= last || Integer.parseInt(end) >= bound) {
                    return false;
                }
                last = Integer.parseInt(end);
            }
        }
        return true;
    }
}
