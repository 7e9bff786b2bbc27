package dev.corral.reconcile.workload;

import static dev.corral.reconcile.LabelSelector.Operator.EXISTS;
import static dev.corral.reconcile.LabelSelector.Operator.GT;
import static dev.corral.reconcile.LabelSelector.Operator.IN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.LabelSelector;
import dev.corral.reconcile.Problem;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SelectorRulesTest {
    private static final Map<String, String> LABELS = Map.of("app", "web", "tier", "front");

    @Test
    void tellsEverythingThatIsWrong() {
        Problems problems = Problems.in("spec.selector");
        LabelSelector selector = LabelSelector.everything()
                .and("a b", IN)
                .and("app", EXISTS, "x")
                .and("tier", IN, "front", "a b");
        SelectorRules.validate(selector, problems, LABELS);
        assertThat(problems.list().stream().map(Problem::toString))
                .satisfiesExactly(
                        problem -> assertThat(problem).startsWith("spec.selector.matchExpressions[0].key: 'a b'"),
                        problem -> assertThat(problem)
                                .isEqualTo("spec.selector.matchExpressions[0].values: []: IN needs values"),
                        problem -> assertThat(problem)
                                .isEqualTo("spec.selector.matchExpressions[1].values: [x]: EXISTS takes none"),
                        problem -> assertThat(problem).startsWith("spec.selector.matchExpressions[2].values[1]: 'a b'"),
                        problem -> assertThat(problem).contains("does not match the template's labels"));
    }

    /** Kubernetes knows them in texts and for nodes only. */
    @Test
    void aWorkloadsSelectorComparesNoNumbers() {
        Problems problems = Problems.in("spec.selector");
        LabelSelector selector = LabelSelector.of("app", "web").and("size", GT, "3");
        SelectorRules.validate(selector, problems, Map.of("app", "web", "size", "4"));
        assertThat(problems.list().stream().map(Problem::toString))
                .containsExactly("spec.selector.matchExpressions[0].operator: GT: the selector of a workload has IN,"
                        + " NOT_IN, EXISTS and DOES_NOT_EXIST only");
    }
}
