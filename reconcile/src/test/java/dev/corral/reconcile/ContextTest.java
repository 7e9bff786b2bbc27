package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.LAMP;
import static dev.corral.reconcile.Stores.lamp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Stores.LampSpec;
import dev.corral.reconcile.Stores.LampStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContextTest {
    private final Store store = Stores.on(Stores.clock());

    private Context<LampSpec, LampStatus> context() {
        Snapshot now = store.snapshot();
        return Context.of(now, now.get(LAMP, Key.of("hall")).orElseThrow(), Stores.START);
    }

    @Test
    void randomNumbersFollowFromTheVersion() {
        store.apply(lamp("hall", 1)).orThrow();
        long first = context().random().nextLong();
        assertThat(context().random().nextLong()).isEqualTo(first);
        store.apply(lamp("hall", 2)).orThrow();
        assertThat(context().random().nextLong()).isNotEqualTo(first);
    }

    @Test
    void aConditionIsForTheGenerationAndTheTimeOfThePass() {
        store.apply(lamp("hall", 1)).orThrow();
        store.apply(lamp("hall", 2)).orThrow();
        assertThat(context().condition("Lit", true, "On", "it is on"))
                .isEqualTo(new Condition("Lit", Condition.Status.TRUE, "On", "it is on", 2, Stores.START));
    }

    @Test
    void aContextByHandIsAFirstPass() {
        store.apply(lamp("hall", 1)).orThrow();
        assertThat(context().attempt()).isEqualTo(new Attempt(1, false));
        assertThat(context().previous()).isEmpty();
        assertThat(context().effect("any")).isEqualTo(new Effect.Pending());
    }

    @Test
    void whatWasSeenAtTheLastPassIsThereForLogLines() {
        List<Optional<Integer>> before = new ArrayList<>();
        try (Plane plane = new Plane()) {
            plane.manager.controller(LAMP, hall -> {
                before.add(hall.previous().map(old -> old.spec().brightness()));
                return Plan.children();
            });
            plane.start().apply(lamp("hall", 1)).apply(lamp("hall", 2));
        }
        assertThat(before).containsExactly(Optional.empty(), Optional.of(1));
    }
}
