package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.LAMP;
import static dev.corral.reconcile.Stores.TASK;
import static dev.corral.reconcile.Stores.lamp;
import static dev.corral.reconcile.Stores.task;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.corral.reconcile.Stores.LampSpec;
import dev.corral.reconcile.Stores.LampStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What brings a pass, and when. */
class WakeTest {
    private final Plane plane = new Plane();
    private final List<String> passes = new ArrayList<>();

    @AfterEach
    void close() {
        plane.close();
    }

    private Plan<LampStatus> note(Context<LampSpec, LampStatus> lamp) {
        passes.add(lamp.name());
        return Plan.children();
    }

    @Test
    void aControllerSaysWhichChangesWakeIt() {
        plane.manager.controller(LAMP, this::note, options -> options.wakeOn(Change.STATUS));
        plane.start().apply(lamp("hall", 1));
        plane.apply(lamp("hall", 2));
        assertThat(passes).hasSize(1);
        plane.store.updateStatus(plane.get(LAMP, "hall").status(new LampStatus(true, "")));
        plane.settle();
        assertThat(passes).hasSize(2);
    }

    private Optional<Instant> note(Key key, Snapshot now) {
        passes.add(key.name());
        return Optional.empty();
    }

    @Test
    void aLoopIsWokenByEveryChangeUnlessItSaysWhich() {
        plane.manager.loop("all", LAMP, this::note);
        plane.manager.loop(
                "some",
                LAMP,
                (key, now) -> note(Key.of("some"), now),
                options -> options.wakeOn(Change.SPEC, Change.DELETION));
        plane.start().apply(lamp("hall", 1));
        plane.store.updateStatus(plane.get(LAMP, "hall").status(new LampStatus(true, "")));
        plane.settle();
        assertThat(passes).containsExactlyInAnyOrder("hall", "some", "hall");
        plane.apply(lamp("hall", 2));
        plane.delete(LAMP, "hall");
        assertThat(passes).filteredOn("some"::equals).hasSize(3);
    }

    @Test
    void aLoopHasNoChildren() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plane.manager.loop("some", LAMP, this::note, options -> options.wakeOn(Change.CHILD)))
                .withMessageContaining("CHILD is for controllers");
    }

    @Test
    void aBurstIsOnePassIfAControllerWaitsForItsEnd() {
        plane.manager.controller(LAMP, this::note, options -> options.debounce(ofMillis(100)));
        plane.start();
        for (int i = 1; i <= 10; i++) {
            plane.apply(lamp("hall", i)).advance(ofMillis(9));
        }
        assertThat(passes).isEmpty();
        plane.advance(ofMillis(10));
        assertThat(passes).hasSize(1);
        plane.apply(lamp("hall", 11)).advance(ofMillis(100));
        assertThat(passes).hasSize(2);
    }

    @Test
    void aLeastIntervalBeatsARetry() {
        plane.manager.controller(
                LAMP,
                lamp -> {
                    passes.add(lamp.name());
                    throw new IOException("on purpose");
                },
                options -> options.minInterval(ofSeconds(10)));
        plane.start().apply(lamp("hall", 1)).advance(ofMillis(9_999));
        assertThat(passes).hasSize(1);
        plane.advance(ofMillis(1));
        assertThat(passes).hasSize(2);
    }

    /** Leaps once, between what a pass says and what becomes of it, as when a computer sleeps. */
    private void leapAfterTheFirstPass() {
        plane.manager.listener(new EngineListener() {
            @Override
            public void passEnded(PassEnded pass) {
                plane.clock.advance(passes.size() == 1 ? ofHours(24) : Duration.ZERO);
            }
        });
    }

    @Test
    void aWakeUpKeepsItsTimeWhenTheClockLeapsBeforeItIsQueued() {
        Instant due = plane.clock.now().plus(ofHours(14));
        leapAfterTheFirstPass();
        plane.manager.controller(LAMP, lamp -> passes.isEmpty() ? note(lamp).wakeAt(due) : note(lamp));
        plane.start().apply(lamp("hall", 1));
        assertThat(passes).hasSize(2);
    }

    @Test
    void aLoopKeepsItsTimeToo() {
        Instant due = plane.clock.now().plus(ofHours(14));
        leapAfterTheFirstPass();
        plane.manager.loop("agent", TASK, (key, now) -> {
            passes.add(key.name());
            return Optional.of(due).filter(plane.clock.now()::isBefore);
        });
        plane.start().apply(task("dig"));
        assertThat(passes).hasSize(2);
    }

    @Test
    void watchesComeAndGoWhileTheControllerRuns() {
        plane.manager.controller(LAMP, this::note);
        plane.start().apply(lamp("hall", 1)).apply(task("hall"));
        Subscription watch = plane.manager.handle(LAMP).watches(TASK, task -> List.of(task.key()));
        plane.settle();
        assertThat(passes).as("what is there already counts").hasSize(2);

        plane.store.updateStatus(plane.get(TASK, "hall").status(new Stores.TaskStatus(1)));
        plane.settle();
        assertThat(passes).hasSize(3);
        watch.close();
        watch.close();
        plane.store.updateStatus(plane.get(TASK, "hall").status(new Stores.TaskStatus(2)));
        plane.settle();
        assertThat(passes).hasSize(3);
    }

    @Test
    void aTimerWakesWhatItNames() {
        plane.manager.controller(
                LAMP,
                this::note,
                options -> options.source(Source.every(
                        ofMinutes(1),
                        now -> now.list(LAMP).stream().map(Resource::key).toList())));
        plane.start().apply(lamp("hall", 1)).advance(ofMinutes(3));
        assertThat(passes).hasSize(4);
    }

    @Test
    void aPollWakesTheKeysWhoseAnswerHasChangedAndSurvivesErrors() {
        List<Map<Key, String>> answers = new ArrayList<>(List.of(
                Map.of(Key.of("a"), "1", Key.of("b"), "1"),
                Map.of(Key.of("a"), "1", Key.of("b"), "2"),
                Map.of(),
                Map.of(Key.of("a"), "1")));
        plane.manager.controller(LAMP, this::note);
        plane.start().apply(lamp("a", 1)).apply(lamp("b", 1));
        passes.clear();
        Subscription poll = plane.manager.handle(LAMP).source(Source.polling(ofSeconds(1), () -> {
            Map<Key, String> answer = answers.remove(0);
            if (answer.isEmpty()) {
                throw new IOException("not now");
            }
            return answer;
        }));
        plane.settle();
        assertThat(passes).containsExactlyInAnyOrder("a", "b");
        passes.clear();
        plane.advance(ofSeconds(1));
        assertThat(passes).containsExactly("b");
        passes.clear();
        plane.advance(ofSeconds(1));
        assertThat(plane.told("SourceFailed")).containsExactly("java.io.IOException: not now");
        plane.advance(ofSeconds(1));
        assertThat(passes).as("what is gone wakes too").containsExactly("b");
        poll.close();
        assertThat(plane.manager.failures()).isEmpty();
    }

    @Test
    void aCallbackWakesFromAnyThread() throws Exception {
        List<Source.Waker> wakers = new ArrayList<>();
        plane.manager.controller(
                LAMP,
                this::note,
                options -> options.source(waker -> {
                    wakers.add(waker);
                    return wakers::clear;
                }));
        plane.start().apply(lamp("hall", 1));
        Thread outside = new Thread(() -> wakers.get(0).wake(Key.of("hall")));
        outside.start();
        outside.join();
        plane.settle();
        assertThat(passes).hasSize(2);
        plane.close();
        assertThat(wakers).as("the source is closed with the manager").isEmpty();
    }

    @Test
    void whatMatchesIsAdoptedAndWhatNoLongerDoesIsLetGo() {
        plane.manager.controller(
                LAMP,
                lamp -> Plan.<LampStatus>children()
                        .keep(lamp.children(TASK))
                        .status(new LampStatus(true, lamp.children(TASK).size() + " tasks")),
                options -> options.adopts(
                        TASK, spec -> LabelSelector.of("room", spec.room().orElse("none"))));
        plane.start().apply(lamp("hall", Stores.bright(1).room("red")));
        plane.apply(labelled("a", "red")).apply(labelled("b", "blue"));
        assertThat(plane.get(TASK, "a")
                        .metadata()
                        .ownedBy(plane.get(LAMP, "hall").metadata()))
                .isTrue();
        assertThat(plane.get(TASK, "b").metadata().owners()).isEmpty();
        assertThat(plane.get(LAMP, "hall").status().note()).isEqualTo("1 tasks");

        plane.store.update(plane.get(TASK, "a").labels(Map.of("room", "blue"))).orThrow();
        plane.settle();
        assertThat(plane.get(TASK, "a").metadata().owners()).isEmpty();
        assertThat(plane.get(LAMP, "hall").status().note()).isEqualTo("0 tasks");
    }

    @Test
    void whatWasThereAtTheStartWaitsForFreshWork() {
        plane.manager.controller(LAMP, this::note);
        for (int i = 0; i < 20; i++) {
            plane.store.apply(lamp("old-" + i, 1)).orThrow();
        }
        plane.manager.start();
        plane.store.apply(lamp("fresh", 1)).orThrow();
        plane.tasks.runOne();
        plane.settle();
        assertThat(passes.indexOf("fresh")).isLessThan(3);
        assertThat(passes).hasSize(21);
    }

    private static Declared<Stores.TaskSpec, Stores.TaskStatus> labelled(String name, String room) {
        return Declared.of(TASK, name, Map.of("room", room), new Stores.TaskSpec("dig"));
    }

    /** Or a key would take room for ten hours after its resource has gone. */
    @Test
    void theSafetyNetLetsGoOfWhatIsGone() {
        plane.manager.controller(LAMP, lamp -> Plan.unchanged());
        plane.start();
        for (int i = 0; i < 200; i++) {
            plane.apply(lamp("lamp-" + i, 1));
        }
        assertThat(delayed()).isEqualTo(200);
        plane.store.snapshot().list(LAMP).forEach(plane.store::delete);
        plane.settle();
        assertThat(delayed()).isZero();
    }

    private int delayed() {
        return plane.manager.loopStates().stream().mapToInt(LoopState::delayed).sum();
    }
}
