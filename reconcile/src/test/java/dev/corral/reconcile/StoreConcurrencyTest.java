package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.LAMP;
import static dev.corral.reconcile.Stores.bright;
import static dev.corral.reconcile.Stores.lamp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Stores.LampSpec;
import dev.corral.reconcile.Stores.LampStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreConcurrencyTest {
    private static final int WRITERS = 8;
    private static final int WRITES = 500;

    private final Store store = Store.inMemory();
    private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 1);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void eightWritersLoseNoUpdate() throws Exception {
        Resource<LampSpec, LampStatus> hall = store.create(lamp("hall", 1)).orThrow();
        String uid = hall.metadata().uid();

        inParallel(() -> {
            for (int i = 0; i < WRITES; i++) {
                store.updateStatus(LAMP, hall.key(), uid, status -> new LampStatus(true, status.note() + "x"))
                        .orThrow();
            }
            return null;
        });

        Resource<LampSpec, LampStatus> now =
                store.snapshot().get(LAMP, hall.key()).orElseThrow();
        assertThat(now.status().note()).hasSize(WRITERS * WRITES);
        assertThat(now.metadata().version()).isEqualTo(1 + WRITERS * WRITES);
    }

    @Test
    void aNameIsGivenToOneOfEight() throws Exception {
        List<Boolean> created = inParallel(() -> store.create(lamp("hall", 1)).ok());

        assertThat(created).containsOnlyOnce(true);
    }

    @Test
    void aWatchSeesEveryVersionInOrderWhileEightWrite() throws Exception {
        try (Watch<LampSpec, LampStatus> watch = store.watch(LAMP, 0)) {
            Future<List<Long>> seen = threads.submit(() -> {
                List<Long> versions = new ArrayList<>();
                while (versions.size() < WRITERS * WRITES) {
                    watch.await(Duration.ofMinutes(1)).forEach(event -> versions.add(event.version()));
                }
                return versions;
            });
            inParallel(() -> {
                for (int i = 0; i < WRITES; i++) {
                    String name = "lamp-" + Thread.currentThread().getId() + "-" + i;
                    store.create(Declared.of(LAMP, name, bright(1))).orThrow();
                }
                return null;
            });

            List<Long> versions = seen.get();
            assertThat(versions).isSorted().doesNotHaveDuplicates().hasSize(WRITERS * WRITES);
            assertThat(versions.get(versions.size() - 1)).isEqualTo(WRITERS * WRITES);
        }
    }

    private <R> List<R> inParallel(Callable<R> work) throws Exception {
        List<Future<R>> running = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            running.add(threads.submit(work));
        }
        List<R> results = new ArrayList<>();
        for (Future<R> one : running) {
            results.add(one.get());
        }
        return results;
    }
}
