package dev.corral.reconcile.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Cleanup;
import dev.corral.reconcile.Context;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Effect;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Plan;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What plans have done outside the store, while that fails, its answer is lost, or the process dies before it is recorded. */
@Tag("worlds")
class EffectTrialsTest {
    record BellSpec(String tone) {}

    record BellStatus(String rung) {}

    private static final Kind<BellSpec, BellStatus> BELL = Kind.of("Bell", BellSpec.class, BellStatus.class);

    private final AtomicInteger done = new AtomicInteger();

    private Plan<BellStatus> ring(Context<BellSpec, BellStatus> bell) {
        String tone = bell.spec().tone();
        return Plan.children()
                .effect(tone, () -> {
                    done.incrementAndGet();
                    return tone + " has rung";
                })
                .status(new BellStatus(bell.effect(tone).value().orElse("")));
    }

    private Trials trials(int seeds, Faults faults) {
        return Simulation.of(BELL, this::ring)
                .apply(Declared.of(BELL, "door", new BellSpec("ding")))
                .seeds(seeds)
                .faults(faults)
                .eventually(
                        "it has rung",
                        world -> world.get(BELL, "door").status().rung().equals("ding has rung"));
    }

    /** How often it was done in one world with this fault. */
    private int doneWith(Fault fault) {
        trials(0, Faults.none()).run();
        int withoutFaults = done.getAndSet(0);
        assertThat(withoutFaults).isEqualTo(1);
        Trials.Tally tally = trials(1, Faults.of(fault)).run();
        assertThat(tally.faults()).as("faults that struck").isEqualTo(1);
        return done.get() - withoutFaults;
    }

    @Test
    void anEffectThatFailsBeforeItHasBegunIsDoneOnce() {
        assertThat(doneWith(Fault.effectFailsBefore().at(1))).isEqualTo(1);
    }

    @Test
    void anEffectWhoseAnswerIsLostIsDoneAgain() {
        assertThat(doneWith(Fault.effectSucceedsButErrors().at(1))).isEqualTo(2);
    }

    @Test
    void anEffectIsDoneAgainIfTheProcessDiesBeforeItsResultIsRecorded() {
        assertThat(doneWith(Fault.crashAfterEffect().at(1))).isEqualTo(2);
    }

    @Test
    void effectsAndCleanupsComeToTheirEndWhateverGoesWrong() {
        Cleanup<BellSpec, BellStatus> silence =
                bell -> Plan.<BellStatus>children().effect("silence", () -> "silent");
        UnaryOperator<Trials> all = trials -> trials.faults(Faults.all()
                        .with(Fault.effectFailsBefore().probability(0.2))
                        .with(Fault.effectSucceedsButErrors().probability(0.2))
                        .with(Fault.crashAfterEffect().probability(0.2)))
                .exhaustive();
        all.apply(Simulation.of(BELL, this::ring, options -> options.cleanup(silence))
                        .apply(Declared.of(BELL, "door", new BellSpec("dong")))
                        .settle()
                        .apply(Declared.of(BELL, "door", new BellSpec("ding")))
                        .seeds(Seeds.orAsAsked(100))
                        .eventually(
                                "it has rung",
                                world -> world.get(BELL, "door").status().rung().equals("ding has rung")))
                .run();
    }

    @Test
    void aPendingEffectIsToldAsPending() {
        Simulation world = Simulation.of(BELL, this::ring)
                .apply(Declared.of(BELL, "door", new BellSpec("ding")))
                .settle();
        assertThat(world.get(BELL, "door").status().rung()).isEqualTo("ding has rung");
        assertThat(Context.of(world.snapshot(), world.get(BELL, "door"), world.now())
                        .effect("other"))
                .isInstanceOf(Effect.Pending.class);
    }
}
