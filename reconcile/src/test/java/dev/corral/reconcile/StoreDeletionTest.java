package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.TASK;
import static dev.corral.reconcile.Stores.lamp;
import static dev.corral.reconcile.Stores.task;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Stores.TaskSpec;
import dev.corral.reconcile.Stores.TaskStatus;
import dev.corral.reconcile.testing.ManualClock;
import org.junit.jupiter.api.Test;

class StoreDeletionTest {
    private final ManualClock clock = Stores.clock();
    private final Store store = Stores.on(clock);

    @Test
    void whatIsNotGracefulGoesAtOnceWhateverTheGrace() {
        var hall = store.create(lamp("hall", 1)).orThrow();

        assertThat(store.delete(hall, ofSeconds(10))).isEqualTo(new WriteResult.Written<>(hall));
        assertThat(store.snapshot().all()).isEmpty();
        assertThat(store.snapshot().version()).isEqualTo(2);
    }

    @Test
    void whatIsGracefulStaysMarkedWithTheGraceOfItsKindInANewGeneration() {
        var marked = store.delete(store.create(task("dig")).orThrow()).orThrow();

        assertThat(marked.metadata().deletion()).contains(new Deletion(Stores.START, ofSeconds(30)));
        assertThat(marked.metadata().terminating()).isTrue();
        assertThat(marked.metadata().generation()).isEqualTo(2);
        assertThat(store.snapshot().get(TASK, Key.of("dig"))).contains(marked);
    }

    @Test
    void aSecondDeleteMayShortenTheGraceButNeverLengthenIt() {
        var marked =
                store.delete(store.create(task("dig")).orThrow(), ofSeconds(20)).orThrow();
        clock.advance(ofSeconds(5));

        assertThat(store.delete(marked, ofSeconds(15))).isEqualTo(new WriteResult.Unchanged<>(marked));
        assertThat(store.delete(marked)).isEqualTo(new WriteResult.Unchanged<>(marked));

        var hastened = store.delete(marked, ofSeconds(1)).orThrow();
        assertThat(hastened.metadata().deletion()).contains(new Deletion(Stores.START, ofSeconds(6)));
        assertThat(hastened.metadata().deletion().orElseThrow().deadline()).isEqualTo(Stores.START.plusSeconds(6));
        assertThat(hastened.metadata().generation()).isEqualTo(3);
    }

    @Test
    void removeTakesTheMarkedResourceAway() {
        var marked = store.delete(store.create(task("dig")).orThrow()).orThrow();

        assertThat(store.remove(marked).ok()).isTrue();
        assertThat(store.snapshot().all()).isEmpty();
        assertThat(store.remove(marked)).isEqualTo(new WriteResult.NotFound<>(TASK, Key.of("dig")));
    }

    @Test
    void removeNeedsAMarkButNotTheNewestVersion() {
        Resource<TaskSpec, TaskStatus> dig = store.create(task("dig")).orThrow();
        assertThat(store.remove(dig))
                .isEqualTo(new WriteResult.Conflict<>(dig, "it is not being deleted: delete it first"));

        store.delete(dig).orThrow();
        assertThat(store.remove(dig).ok()).isTrue();
    }

    @Test
    void aMarkedResourceStillTakesStatuses() {
        var marked = store.delete(store.create(task("dig")).orThrow()).orThrow();

        assertThat(store.updateStatus(marked.status(new TaskStatus(99)))
                        .orThrow()
                        .status())
                .isEqualTo(new TaskStatus(99));
    }
}
