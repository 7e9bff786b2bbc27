package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.LAMP;
import static dev.corral.reconcile.Stores.TASK;
import static dev.corral.reconcile.Stores.lamp;
import static dev.corral.reconcile.Stores.task;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Stores.LampStatus;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Passes that write again and again although nobody else does anything. */
class HotLoopTest {
    private final Plane plane = new Plane();
    private final AtomicInteger passes = new AtomicInteger();

    @AfterEach
    void close() {
        plane.close();
    }

    @Test
    void aStatusThatNeverComesToRestIsFoundNamedAndSlowedDown() {
        plane.manager.controller(
                LAMP,
                lamp -> Plan.children()
                        .status(new LampStatus(true, "pass " + passes.incrementAndGet()))
                        .wakeAfter(ZERO));
        plane.apply(lamp("hall", 1)).start().advance(ofMinutes(10));

        assertThat(plane.told("HotLoop"))
                .containsExactly("10 passes in a row have written although nobody else did anything; the last two plans"
                        + " differ in status.note: pass 9 -> pass 10");
        assertThat(passes.get()).isLessThan(60);
    }

    @Test
    void aPlanThatIsTheSameEachTimeButIsNeverKeptIsNamedToo() {
        plane.manager.controller(LAMP, lamp -> {
            passes.incrementAndGet();
            lamp.children(TASK)
                    .forEach(child -> plane.store
                            .commit(Commit.by("Lamp controller, default/hall")
                                    .update(child.labels(Map.of("pass", "p" + passes.get()))))
                            .refusal()
                            .ifPresent(refusal -> {
                                throw new AssertionError(refusal);
                            }));
            return Plan.<LampStatus>children(Declared.of(TASK, "child", Map.of("pass", ""), new Stores.TaskSpec("x")))
                    .wakeAfter(ZERO);
        });
        plane.apply(lamp("hall", 1)).start().advance(ofMinutes(1));
        assertThat(plane.told("HotLoop"))
                .singleElement()
                .asString()
                .contains("what is stored differs from them each time");
    }

    @Test
    void passesThatWriteNothingAreNoCircle() {
        plane.manager.controller(LAMP, lamp -> {
            passes.incrementAndGet();
            return Plan.<LampStatus>children(task("child")).wakeAfter(ofSeconds(1));
        });
        plane.apply(lamp("hall", 1)).start().advance(ofMinutes(1));
        assertThat(passes).hasValue(61);
        assertThat(plane.told("HotLoop")).isEmpty();
    }

    @Test
    void slowWorkThatWritesIsNoCircle() {
        plane.manager.controller(
                LAMP,
                lamp -> Plan.children()
                        .status(new LampStatus(true, "pass " + passes.incrementAndGet()))
                        .wakeAfter(ofSeconds(10)));
        plane.apply(lamp("hall", 1)).start().advance(ofMinutes(10));
        assertThat(passes).hasValue(61);
        assertThat(plane.told("HotLoop")).isEmpty();
    }

    @Test
    void whatSomebodyElseKeepsChangingIsNoCircle() {
        plane.manager.controller(
                LAMP,
                lamp -> Plan.children()
                        .status(new LampStatus(true, "brightness " + lamp.spec().brightness())));
        plane.start();
        for (int i = 1; i <= 50; i++) {
            plane.apply(lamp("hall", i));
        }
        assertThat(plane.told("HotLoop")).isEmpty();
    }

    @Test
    void whatSomebodyChangesInAChildIsPutBackAndTold() {
        plane.manager.controller(LAMP, lamp -> Plan.children(task("child")));
        plane.start().apply(lamp("hall", 1));
        plane.store
                .update(plane.get(TASK, "child").spec(new Stores.TaskSpec("loiter")))
                .orThrow();
        plane.settle();
        assertThat(plane.told("PutBack"))
                .containsExactly(
                        "Task default/child was changed by somebody else and is put back: spec.work: loiter -> dig");
    }
}
