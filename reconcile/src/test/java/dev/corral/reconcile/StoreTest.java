package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.LAMP;
import static dev.corral.reconcile.Stores.bright;
import static dev.corral.reconcile.Stores.lamp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.corral.reconcile.Stores.LampSpec;
import dev.corral.reconcile.Stores.LampStatus;
import dev.corral.reconcile.testing.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoreTest {
    private final ManualClock clock = Stores.clock();
    private final Store store = Stores.on(clock);

    @Test
    void createGivesUidFirstGenerationVersionTimeAndZeroStatus() {
        clock.advance(Duration.ofSeconds(5));
        Resource<LampSpec, LampStatus> hall = store.create(lamp("hall", 10)).orThrow();

        assertThat(hall.metadata().key()).isEqualTo(Key.of("hall"));
        assertThat(hall.metadata().uid()).isEqualTo("uid-1");
        assertThat(hall.metadata().generation()).isEqualTo(1);
        assertThat(hall.metadata().version()).isEqualTo(1);
        assertThat(hall.metadata().created()).isEqualTo(Stores.START.plusSeconds(5));
        assertThat(hall.status()).isEqualTo(new LampStatus(false, ""));
        assertThat(store.snapshot().get(LAMP, Key.of("hall"))).contains(hall);
    }

    @Test
    void creatingATakenNameIsAConflict() {
        Resource<LampSpec, LampStatus> first = store.create(lamp("hall", 10)).orThrow();

        assertThat(store.create(lamp("hall", 20))).isEqualTo(new WriteResult.Conflict<>(first, "the name is taken"));
        assertThat(store.snapshot().version()).isEqualTo(1);
    }

    @Test
    void everyWriteOfAnyKindCountsOneVersionUp() {
        store.create(lamp("hall", 10));
        store.create(Stores.task("dig"));
        store.create(lamp("cellar", 10));

        assertThat(store.snapshot().version()).isEqualTo(3);
        assertThat(store.snapshot().list(LAMP))
                .extracting(resource -> resource.metadata().version())
                .containsExactly(3L, 1L);
    }

    @Test
    void whatDiffersIsOfOneKindAndNothingThatStaysAsItIs() {
        Resource<LampSpec, LampStatus> hall = store.create(lamp("hall", 10)).orThrow();
        Snapshot before = store.snapshot();
        store.create(Stores.task("dig"));
        store.commit(Commit.by("another").apply("default", lamp("hall", 10)));

        assertThat(store.snapshot().changed(LAMP, before)).isEmpty();
        assertThat(store.snapshot().changed(LAMP, Store.inMemory().snapshot()))
                .containsExactly(new Snapshot.Changed<>(Optional.empty(), Optional.of(hall)));
    }

    @Test
    void resourcesOfAnotherStoreAreOthersWhateverTheirNumbers() {
        Resource<LampSpec, LampStatus> here = store.create(lamp("hall", 10)).orThrow();
        Store other = Store.inMemory();
        Resource<LampSpec, LampStatus> there = other.create(lamp("hall", 10)).orThrow();

        assertThat(store.snapshot().changed(LAMP, other.snapshot()))
                .containsExactlyInAnyOrder(
                        new Snapshot.Changed<>(Optional.of(there), Optional.empty()),
                        new Snapshot.Changed<>(Optional.empty(), Optional.of(here)));
    }

    @Test
    void aChangedSpecIsANewGeneration() {
        Resource<LampSpec, LampStatus> hall = store.create(lamp("hall", 10)).orThrow();
        Resource<LampSpec, LampStatus> brighter =
                store.update(hall.spec(bright(20))).orThrow();

        assertThat(brighter.metadata().generation()).isEqualTo(2);
        assertThat(brighter.metadata().version()).isEqualTo(2);
        assertThat(brighter.metadata().uid()).isEqualTo(hall.metadata().uid());
    }

    @Test
    void labelsAnnotationsAndStatusLeaveTheGenerationAlone() {
        Resource<LampSpec, LampStatus> hall = store.create(lamp("hall", 10)).orThrow();
        Resource<LampSpec, LampStatus> labelled = store.update(
                        hall.labels(Map.of("floor", "1")).annotations(Map.of("note", "new")))
                .orThrow();
        Resource<LampSpec, LampStatus> on =
                store.updateStatus(labelled.status(new LampStatus(true, ""))).orThrow();

        assertThat(on.metadata().generation()).isEqualTo(1);
        assertThat(on.metadata().version()).isEqualTo(3);
        assertThat(on.metadata().labels()).containsExactly(Map.entry("floor", "1"));
        assertThat(on.metadata().annotations()).containsExactly(Map.entry("note", "new"));
    }

    @Test
    void aStatusWriteIgnoresTheSpecItCarriesAndASpecWriteTheStatus() {
        Resource<LampSpec, LampStatus> hall = store.create(lamp("hall", 10)).orThrow();
        Resource<LampSpec, LampStatus> on = store.updateStatus(
                        hall.spec(bright(99)).status(new LampStatus(true, "")))
                .orThrow();
        assertThat(on.spec()).isEqualTo(bright(10));

        Resource<LampSpec, LampStatus> brighter = store.update(
                        on.spec(bright(20)).status(new LampStatus(false, "lost")))
                .orThrow();
        assertThat(brighter.spec()).isEqualTo(bright(20));
        assertThat(brighter.status()).isEqualTo(new LampStatus(true, ""));
    }

    @Test
    void aWriteOfAnOlderVersionIsAConflictThatShowsTheCurrentOne() {
        Resource<LampSpec, LampStatus> hall = store.create(lamp("hall", 10)).orThrow();
        Resource<LampSpec, LampStatus> current =
                store.update(hall.spec(bright(20))).orThrow();

        for (WriteResult<LampSpec, LampStatus> result : List.of(
                store.update(hall.spec(bright(30))),
                store.updateStatus(hall.status(new LampStatus(true, ""))),
                store.delete(hall))) {
            assertThat(result)
                    .isEqualTo(new WriteResult.Conflict<>(current, "it was read at version 1 and is at version 2 now"));
        }
        assertThat(store.snapshot().get(LAMP, Key.of("hall"))).contains(current);
    }

    @Test
    void anUnchangedWriteIsNoVersion() {
        Resource<LampSpec, LampStatus> hall = store.create(lamp("hall", 10)).orThrow();

        assertThat(store.update(hall)).isEqualTo(new WriteResult.Unchanged<>(hall));
        assertThat(store.updateStatus(hall)).isEqualTo(new WriteResult.Unchanged<>(hall));
        assertThat(store.apply(lamp("hall", 10))).isEqualTo(new WriteResult.Unchanged<>(hall));
        assertThat(store.snapshot().version()).isEqualTo(1);
    }

    @Test
    void writingWhatIsGoneFindsNothing() {
        Resource<LampSpec, LampStatus> hall = store.create(lamp("hall", 10)).orThrow();
        store.delete(hall).orThrow();
        WriteResult<LampSpec, LampStatus> gone = new WriteResult.NotFound<>(LAMP, Key.of("hall"));

        assertThat(store.update(hall.spec(bright(1)))).isEqualTo(gone);
        assertThat(store.updateStatus(hall)).isEqualTo(gone);
        assertThat(store.delete(hall)).isEqualTo(gone);
        assertThatExceptionOfType(WriteRefused.class)
                .isThrownBy(() -> store.delete(hall).orThrow())
                .withMessage("Lamp default/hall does not exist");
    }

    @Test
    void aSuccessorOfTheSameNameIsAnotherResource() {
        Resource<LampSpec, LampStatus> first = store.create(lamp("hall", 10)).orThrow();
        store.delete(first).orThrow();
        Resource<LampSpec, LampStatus> second = store.create(lamp("hall", 10)).orThrow();

        assertThat(second.metadata().uid()).isNotEqualTo(first.metadata().uid());
        assertThat(store.delete(first)).isInstanceOf(WriteResult.NotFound.class);
        assertThat(store.snapshot().get(LAMP, Key.of("hall"))).contains(second);
    }

    @Test
    void aSnapshotDoesNotMove() {
        Resource<LampSpec, LampStatus> hall = store.create(lamp("hall", 10)).orThrow();
        Snapshot before = store.snapshot();
        store.update(hall.spec(bright(20))).orThrow();
        store.create(lamp("cellar", 1));

        assertThat(before.version()).isEqualTo(1);
        assertThat(before.list(LAMP)).containsExactly(hall);
    }

    @Test
    void defaultsAreFilledInBeforeStoring() {
        Resource<LampSpec, LampStatus> hall = store.create(lamp("hall", 0)).orThrow();
        assertThat(hall.spec().brightness()).isEqualTo(50);
        assertThat(store.apply(lamp("hall", 0))).isInstanceOf(WriteResult.Unchanged.class);
        assertThat(store.update(hall.spec(bright(0)))).isInstanceOf(WriteResult.Unchanged.class);
    }

    @Test
    void aRefusedSpecNamesEveryProblemAndStoresNothing() {
        LampSpec wrong = new LampSpec(101, Optional.empty(), List.of("red", "", "blue", ""));

        assertThatExceptionOfType(InvalidSpec.class)
                .isThrownBy(() -> store.create(Declared.of(LAMP, "Hall_1", Map.of("-x", "ok"), wrong)))
                .satisfies(refused -> assertThat(refused.problems())
                        .extracting(Problem::field)
                        .containsExactly(
                                "metadata.name",
                                "spec.brightness",
                                "spec.colors[1]",
                                "spec.colors[3]",
                                "metadata.labels[-x]"))
                .withMessageStartingWith(
                        "Lamp default/Hall_1 is refused: metadata.name: 'Hall_1' is not a DNS subdomain")
                .withMessageContaining("spec.brightness: is 0 to 100, but was 101");
        assertThat(store.snapshot().version()).isZero();
    }

    @Test
    void aStepBetweenTwoValidSpecsCanBeRefused() {
        Resource<LampSpec, LampStatus> hall = store.create(
                        lamp("hall", new LampSpec(1, Optional.empty(), List.of("red"))))
                .orThrow();

        assertThatExceptionOfType(InvalidSpec.class)
                .isThrownBy(() -> store.update(hall.spec(bright(1))))
                .withMessage("Lamp default/hall is refused: spec.colors: colors can't be taken away");
    }

    @Test
    void aKindMayAskForDnsLabelsAsNames() {
        assertThat(store.create(lamp("hall.1", 1)).ok()).isTrue();
        assertThatExceptionOfType(InvalidSpec.class)
                .isThrownBy(() -> store.create(Stores.task("hall.1")))
                .withMessageContaining("metadata.name: 'hall.1' is not a DNS label");
    }

    @Test
    void namespacesAreApart() {
        store.apply("one", lamp("hall", 1)).orThrow();
        store.apply("two", lamp("hall", 2)).orThrow();

        assertThat(store.snapshot().list(LAMP, "one"))
                .extracting(resource -> resource.spec().brightness())
                .containsExactly(1);
        assertThat(store.snapshot().list(LAMP)).hasSize(2);
        assertThatExceptionOfType(InvalidSpec.class)
                .isThrownBy(() -> store.apply("No.Label", lamp("hall", 1)))
                .withMessageContaining("metadata.namespace");
    }

    @Test
    void labelsSelect() {
        store.apply(lamp("a", Map.of("floor", "1", "side", "north")));
        store.apply(lamp("b", Map.of("floor", "1", "side", "south")));
        store.apply(lamp("c", Map.of("floor", "2", "side", "north")));
        Resource<LampSpec, LampStatus> moved =
                store.snapshot().get(LAMP, Key.of("b")).orElseThrow();
        store.update(moved.labels(Map.of("floor", "3"))).orThrow();

        assertThat(names(Map.of("floor", "1"))).containsExactly("a");
        assertThat(names(Map.of("floor", "3"))).containsExactly("b");
        assertThat(names(Map.of("side", "north"))).containsExactly("a", "c");
        assertThat(names(Map.of("side", "north", "floor", "2"))).containsExactly("c");
        assertThat(names(Map.of())).containsExactly("a", "b", "c");
    }

    @Test
    void aNameHasOneKind() {
        store.create(lamp("hall", 1));
        Kind<String, Integer> other = Kind.of("Lamp", String.class, Integer.class);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.snapshot().list(other))
                .withMessageContaining("the store holds another kind named Lamp");
        assertThatIllegalArgumentException().isThrownBy(() -> store.create(Declared.of(other, "x", "y")));
    }

    @Test
    void aStatusCanBeChangedByAFunctionOfTheCurrentOne() {
        Resource<LampSpec, LampStatus> hall = store.create(lamp("hall", 1)).orThrow();
        store.update(hall.spec(bright(2))).orThrow();
        String uid = hall.metadata().uid();

        assertThat(store.updateStatus(LAMP, Key.of("hall"), uid, status -> new LampStatus(true, status.note() + "!"))
                        .orThrow()
                        .status())
                .isEqualTo(new LampStatus(true, "!"));
        assertThat(store.updateStatus(LAMP, Key.of("hall"), "another", status -> status))
                .isEqualTo(new WriteResult.NotFound<>(LAMP, Key.of("hall")));
    }

    private List<String> names(Map<String, String> labels) {
        return store.snapshot().list(LAMP, "default", LabelSelector.of(labels)).stream()
                .map(Resource::name)
                .toList();
    }
}
