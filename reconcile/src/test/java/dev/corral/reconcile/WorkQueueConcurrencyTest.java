package dev.corral.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkQueueConcurrencyTest {
    private static final int KEYS = 16;
    private static final int ADDERS = 4;
    private static final int WORKERS = 4;
    private static final int ADDS = 20_000;

    private final WorkQueue<Integer> queue =
            new WorkQueue<>(Clock.system(), Backoff.standard(), new Jitter(new Random(7)), () -> {});
    private final ExecutorService threads = Executors.newFixedThreadPool(ADDERS + WORKERS);
    private final AtomicBoolean added = new AtomicBoolean();
    private final AtomicInteger together = new AtomicInteger();
    private final AtomicInteger passes = new AtomicInteger();
    /** What has been asked for each key, and up to where passes have seen it. */
    private final AtomicIntegerArray asked = new AtomicIntegerArray(KEYS);

    private final AtomicIntegerArray seen = new AtomicIntegerArray(KEYS);
    private final AtomicIntegerArray inside = new AtomicIntegerArray(KEYS);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void noKeyIsInTwoWorkersNoWakeUpIsLostAndAddsMerge() throws Exception {
        List<Future<?>> adders = new ArrayList<>();
        List<Future<?>> workers = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            workers.add(threads.submit(this::work));
        }
        for (int i = 0; i < ADDERS; i++) {
            int seed = i;
            adders.add(threads.submit(() -> add(new Random(seed))));
        }
        for (Future<?> adder : adders) {
            adder.get();
        }
        added.set(true);
        for (Future<?> worker : workers) {
            worker.get();
        }

        assertThat(together).as("passes of one key at once").hasValue(0);
        assertThat(passes.get()).isBetween(KEYS, ADDERS * ADDS);
        for (int key = 0; key < KEYS; key++) {
            assertThat(seen.get(key)).as("key %s", key).isEqualTo(asked.get(key));
        }
    }

    private void add(Random random) {
        for (int i = 0; i < ADDS; i++) {
            int key = random.nextInt(KEYS);
            asked.incrementAndGet(key);
            queue.add(key);
        }
    }

    private void work() {
        while (true) {
            boolean last = added.get();
            Optional<Integer> key = queue.poll();
            if (key.isPresent()) {
                pass(key.get());
            } else if (last) {
                return;
            }
        }
    }

    private void pass(int key) {
        if (inside.incrementAndGet(key) > 1) {
            together.incrementAndGet();
        }
        passes.incrementAndGet();
        seen.set(key, asked.get(key));
        inside.decrementAndGet(key);
        queue.done(key);
    }
}
