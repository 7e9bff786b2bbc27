package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Conditions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PodStatusTest {
    private static final String GATE = "example.com/open";

    private static Condition condition(String type, boolean holds, int second) {
        return new Condition(type, Condition.Status.of(holds), "", "", 1, Instant.ofEpochSecond(second));
    }

    private static PodStatus status(Condition... conditions) {
        return PodStatus.unseen().conditions(new Conditions(List.of(conditions)));
    }

    @Test
    void theAgentSaysWhatIsItsOwnAndLeavesTheRest() {
        PodStatus stored = status(
                condition(GATE, true, 9),
                condition(PodStatus.READY, false, 1),
                condition(PodStatus.RESIZE_PENDING, true, 1));
        PodStatus said = status(
                condition(PodStatus.CONTAINERS_READY, true, 5),
                condition(PodStatus.READY, true, 5),
                condition("example.com/taken/back", true, 2));

        assertThat(said.beside(stored).conditions().all())
                .containsExactly(
                        condition(GATE, true, 9),
                        condition(PodStatus.READY, true, 5),
                        condition(PodStatus.CONTAINERS_READY, true, 5));
    }

    /** It may have been closed and opened again since the agent looked. */
    @Test
    void somebodyElsesConditionKeepsItsOwnTime() {
        PodStatus looked = status(condition(GATE, true, 2), condition(PodStatus.READY, true, 2));
        PodStatus stored = status(condition(GATE, true, 7), condition(PodStatus.READY, true, 2));

        assertThat(looked.beside(stored)).isEqualTo(stored);
    }

    @Test
    void whatIsSaidAgainChangesNothing() {
        PodStatus said = status(Stream.of(PodStatus.READY, GATE, PodStatus.INITIALIZED)
                .map(type -> condition(type, true, 3))
                .toArray(Condition[]::new));

        assertThat(said.beside(said)).isSameAs(said);
    }
}
