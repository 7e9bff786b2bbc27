package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionsTest {
    /** Sizes oldest first, each with what all might have before. */
    @ParameterizedTest(name = "{0} at {1} to {2}+{3}")
    @CsvSource({
        // the guide's example
        "8 5,    13 13, 20, 5, 15 10",
        // shares as Kubernetes rounds them: half away from zero, the largest gets what is left
        "5 5,    10 10, 11, 0, 5 6",
        "5 5,    10 10, 9,  0, 4 5",
        "1 1 1,  3 3 3, 4,  0, 1 1 2",
        "1 1 1,  3 3 3, 2,  0, 0 1 1",
        // nothing to add
        "8 5,    13 13, 10, 3, 8 5",
        // to nothing, whatever the surge
        "8 5,    13 13, 0,  3, 0 0",
        // nobody knows what there was before: all goes to the largest
        "2 6,    0 0,   10, 0, 2 8",
        // each by its own notes
        "10 10,  20 10, 40, 0, 10 30",
    })
    void eachGetsItsShare(String sizes, String before, int replicas, int surge, String wanted) {
        List<Integer> from = numbers(sizes);
        List<Integer> most = numbers(before);
        List<Proportions.Share> shares = new ArrayList<>();
        for (int i = 0; i < from.size(); i++) {
            shares.add(new Proportions.Share(from.get(i), most.get(i)));
        }
        assertThat(new Proportions(replicas, surge, shares).sizes()).isEqualTo(numbers(wanted));
    }

    private static List<Integer> numbers(String text) {
        return List.of(text.strip().split(" ")).stream().map(Integer::valueOf).toList();
    }
}
