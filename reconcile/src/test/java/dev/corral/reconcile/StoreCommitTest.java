package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.LAMP;
import static dev.corral.reconcile.Stores.TASK;
import static dev.corral.reconcile.Stores.bright;
import static dev.corral.reconcile.Stores.lamp;
import static dev.corral.reconcile.Stores.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.corral.reconcile.Stores.LampStatus;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoreCommitTest {
    private final Store store = Stores.on(Stores.clock());

    @Test
    void aCommitTakesOneVersionForAllItsWrites() {
        CommitResult result =
                store.commit(Commit.by("me").create("default", lamp("a", 1)).create("default", task("b")));

        assertThat(result.ok()).isTrue();
        assertThat(result.version()).isEqualTo(1);
        assertThat(store.snapshot().all())
                .extracting(resource -> resource.metadata().version())
                .containsExactly(1L, 1L);
    }

    @Test
    void aRefusedWriteUndoesTheOthers() {
        var hall = store.create(lamp("hall", 1)).orThrow();
        CommitResult result = store.commit(Commit.by("me")
                .create("default", task("b"))
                .update(hall.spec(bright(2)))
                .create("default", lamp("hall", 3)));

        assertThat(result.ok()).isFalse();
        assertThat(result.refusal()).containsInstanceOf(WriteResult.Conflict.class);
        assertThat(result.version()).isEqualTo(1);
        assertThat(store.snapshot().all()).isEqualTo(List.of(hall));
    }

    @Test
    void aRefusedSpecUndoesTheOthers() {
        Commit commit = Commit.by("me").create("default", task("b")).create("default", lamp("hall", 101));

        assertThatExceptionOfType(InvalidSpec.class).isThrownBy(() -> store.commit(commit));
        assertThat(store.snapshot().all()).isEmpty();
    }

    @Test
    void severalWritesToOneResourceAreOneEvent() {
        var hall = store.create(lamp("hall", 1)).orThrow();
        try (var watch = store.watch(LAMP, 1)) {
            store.commit(Commit.by("me")
                    .update(hall.spec(bright(2)))
                    .decide(hall.metadata(hall.metadata().nextGeneration()).status(new LampStatus(true, ""))));

            var now = store.snapshot().get(LAMP, Key.of("hall")).orElseThrow();
            assertThat(now.status()).isEqualTo(new LampStatus(true, ""));
            assertThat(watch.poll()).isEqualTo(List.of(new StoreEvent.Modified<>(hall, now, 2, "me")));
        }
    }

    @Test
    void aLastStatusAndARemovalAreOneEventThatTellsBoth() {
        store.create(lamp("hall", 1)).orThrow();
        var dig = store.create(task("dig")).orThrow();
        var marked = store.delete(dig).orThrow();
        try (var watch = store.watch(TASK, marked.metadata().version())) {
            store.commit(Commit.by("me")
                    .updateStatus(marked.status(new Stores.TaskStatus(100)))
                    .remove(marked));

            assertThat(store.snapshot().get(TASK, Key.of("dig"))).isEmpty();
            assertThat(watch.poll())
                    .isEqualTo(List.of(new StoreEvent.Deleted<>(marked.status(new Stores.TaskStatus(100)), 4, "me")));
        }
    }

    @Test
    void aRequirementHoldsWhileUidAndGenerationAreTheSameAndNoDeletionHasBegun() {
        var hall = store.create(lamp("hall", 1)).orThrow();
        var dig = store.create(task("dig")).orThrow();

        store.updateStatus(hall.status(new LampStatus(true, ""))).orThrow();
        assertThat(store.commit(Commit.by("me").require(hall)).ok()).isTrue();

        store.apply(lamp("hall", 2));
        assertThat(store.commit(Commit.by("me").require(hall)).ok()).isFalse();

        store.delete(dig).orThrow();
        assertThat(store.commit(Commit.by("me").require(dig)).ok()).isFalse();
    }

    @Test
    void aDecisionOnTheStatusOutlivesOtherStatusesButNotAChangedSpec() {
        var hall = store.create(lamp("hall", 1)).orThrow();
        store.updateStatus(hall.status(new LampStatus(false, "seen"))).orThrow();
        Commit decision = Commit.by("me").decide(hall.status(new LampStatus(true, "mine")));

        assertThat(store.commit(decision).ok()).isTrue();
        store.apply(lamp("hall", 2));
        assertThat(store.commit(decision).refusal())
                .map(Object::toString)
                .contains("Lamp default/hall was not written: its spec has changed; it is at generation 2 now");
    }

    @Test
    void childrenAreFoundByTheirOwner() {
        var hall = store.create(lamp("hall", 1)).orThrow();
        store.commit(
                Commit.by("me").apply(hall, task("b")).apply(hall, task("a")).apply(hall, lamp("c", 1)));
        store.create(task("stranger"));
        Snapshot now = store.snapshot();
        String uid = hall.metadata().uid();

        assertThat(now.children(TASK, uid)).extracting(Resource::name).containsExactly("a", "b");
        assertThat(now.children(uid)).extracting(Resource::name).containsExactly("c", "a", "b");
        assertThat(now.owner(now.children(uid).get(0))).isEqualTo(Optional.of(hall));
        assertThat(now.owner(hall)).isEmpty();
    }

    @Test
    void theChildOfAnotherIsNotWritten() {
        var hall = store.create(lamp("hall", 1)).orThrow();
        var cellar = store.create(lamp("cellar", 1)).orThrow();
        store.commit(Commit.by("me").apply(hall, task("a")));

        assertThat(store.commit(Commit.by("me").apply(cellar, task("a"))).ok()).isFalse();
    }

    @Test
    void anOwnerThatIsGoneIsNoOwnerEvenUnderTheSameName() {
        var hall = store.create(lamp("hall", 1)).orThrow();
        store.commit(Commit.by("me").apply(hall, task("a")));
        store.delete(hall).orThrow();
        store.create(lamp("hall", 1)).orThrow();

        assertThat(store.snapshot().owner(store.snapshot().list(TASK).get(0))).isEmpty();
    }
}
