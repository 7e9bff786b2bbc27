package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.LAMP;
import static dev.corral.reconcile.Stores.lamp;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.corral.reconcile.Stores.LampSpec;
import dev.corral.reconcile.Stores.LampStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a plan has done outside the store. */
class EffectTest {
    private final Plane plane = new Plane();
    private final List<String> done = new ArrayList<>();

    @AfterEach
    void close() {
        plane.close();
    }

    private Plan<LampStatus> wired(Context<LampSpec, LampStatus> lamp) {
        String note = lamp.effect("wire").value().orElse("not wired");
        return Plan.children()
                .effect("wire", () -> {
                    done.add("wire " + lamp.name());
                    return "wired at " + lamp.name();
                })
                .status(new LampStatus(lamp.effect("wire").ended(), note));
    }

    @Test
    void anEffectIsDoneOnceAfterTheCommitAndTheNextPassKnowsItsResult() {
        plane.manager.controller(LAMP, this::wired);
        plane.start().apply(lamp("hall", 1)).apply(lamp("hall", 2)).advance(Duration.ofHours(30));

        assertThat(done).containsExactly("wire hall");
        assertThat(plane.get(LAMP, "hall").status()).isEqualTo(new LampStatus(true, "wired at hall"));
    }

    @Test
    void anEffectThatThrowsIsRepeatedAndTold() {
        plane.manager.controller(
                LAMP,
                lamp -> Plan.children()
                        .effect("wire", () -> {
                            done.add("try");
                            if (done.size() < 3) {
                                throw new IOException("no current");
                            }
                            return "";
                        })
                        .status(new LampStatus(lamp.effect("wire").ended(), "")));
        plane.start().apply(lamp("hall", 1));
        assertThat(plane.told("PassFailed"))
                .containsExactly("dev.corral.reconcile.EffectFailed: effect 'wire': java.io.IOException: no current");
        assertThat(plane.manager.events())
                .extracting(Event::kind, Event::key)
                .first()
                .asString()
                .contains("Lamp", "hall");
        plane.advance(ofSeconds(1));
        assertThat(done).hasSize(3);
        assertThat(plane.get(LAMP, "hall").status().on()).isTrue();
        assertThat(plane.manager.failures()).isEmpty();
    }

    @Test
    void anEffectMayFailForGood() {
        plane.manager.controller(
                LAMP,
                lamp -> Plan.children()
                        .effect("wire", () -> {
                            done.add("try");
                            throw new TerminalException("no such wall");
                        })
                        .status(new LampStatus(
                                false, lamp.effect("wire") instanceof Effect.Failed failed ? failed.message() : "")));
        plane.start().apply(lamp("hall", 1)).advance(Duration.ofHours(1));
        assertThat(done).hasSize(1);
        assertThat(plane.get(LAMP, "hall").status().note()).isEqualTo("no such wall");
    }

    @Test
    void anEffectThatIsNoLongerDeclaredIsNotBegun() {
        plane.manager.controller(LAMP, lamp -> lamp.spec().brightness() == 1 ? wired(lamp) : Plan.children());
        plane.store.apply(lamp("hall", 1)).orThrow();
        plane.manager.start();
        while (plane.store.snapshot().list(Intents.KIND).isEmpty()) {
            plane.tasks.runOne();
        }
        plane.store.apply(lamp("hall", 2)).orThrow();
        plane.store.delete(plane.store.snapshot().list(Intents.KIND).get(0)).orThrow();
        plane.settle();
        assertThat(done).isEmpty();
        assertThat(plane.store.snapshot().list(Intents.KIND)).isEmpty();
    }

    @Test
    void afterACrashAnEffectWithoutAResultIsDoneAgain() {
        plane.manager.controller(LAMP, this::wired);
        plane.store.apply(lamp("hall", 1)).orThrow();
        plane.manager.start();
        while (plane.store.snapshot().list(Intents.KIND).isEmpty()) {
            plane.tasks.runOne();
        }
        plane.manager.abandon();
        plane.settle();
        assertThat(done).isEmpty();

        try (ControllerManager second = plane.manager(Leadership.always())) {
            second.controller(LAMP, this::wired).start();
            plane.settle();
            assertThat(done).containsExactly("wire hall");
            assertThat(plane.get(LAMP, "hall").status().on()).isTrue();
        }
    }

    @Test
    void whatIsRecordedOfAnEffectGoesWithItsOwner() {
        plane.manager.controller(LAMP, this::wired);
        plane.start().apply(lamp("hall", 1));
        assertThat(plane.store.snapshot().list(Intents.KIND)).hasSize(1);
        plane.delete(LAMP, "hall");
        assertThat(plane.store.snapshot().all()).isEmpty();
    }

    @Test
    void theResultOfAnEffectWhoseOwnerIsGoneIsDiscarded() {
        plane.manager.controller(
                LAMP,
                lamp -> Plan.<LampStatus>children().effect("wire", () -> {
                    plane.store.delete(plane.get(LAMP, "hall")).orThrow();
                    plane.store
                            .delete(plane.store.snapshot().list(Intents.KIND).get(0))
                            .orThrow();
                    return "late";
                }));
        plane.start().apply(lamp("hall", 1));
        assertThat(plane.store.snapshot().all()).isEmpty();
        assertThat(plane.manager.failures()).isEmpty();
    }

    @Test
    void twoEffectsOfOneKeyAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Plan.children().effect("a", () -> "").effect("a", () -> ""))
                .withMessage("the plan has an effect 'a' already");
    }
}
