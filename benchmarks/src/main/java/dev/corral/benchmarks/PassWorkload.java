package dev.corral.benchmarks;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.Context;
import dev.corral.reconcile.ControllerManager;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Loop;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Rounds;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.StoreEvent;
import dev.corral.reconcile.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** The engine with a store, two threads and controllers that do next to nothing. */
final class PassWorkload {
    private static final int WORKERS = 2;
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private PassWorkload() {}

    /** What a pass decides. */
    private interface Decision {
        Plan<Things.Status> of(Context<Things.Spec, Things.Status> thing);
    }

    /** Thousands of passes a second that find nothing to do. */
    static double idle() throws Exception {
        return passes(4, thing -> Plan.unchanged());
    }

    /** Thousands of passes a second that write a status. */
    static double writing() throws Exception {
        return passes(
                2,
                thing ->
                        Plan.unchanged().status(new Things.Status(thing.status().seen() + 1)));
    }

    private static double passes(int warmUp, Decision decision) throws Exception {
        Store store = filled();
        AtomicLong done = new AtomicLong();
        ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
        try (ControllerManager manager = ControllerManager.over(store, Clock.system(), threads, new Random(1))) {
            manager.controller(
                    Things.PLAIN,
                    thing -> {
                        done.incrementAndGet();
                        return decision.of(thing);
                    },
                    options -> options.workers(WORKERS));
            manager.start();
            await(done, Things.MANY);
            Loop loop = manager.handle(Things.PLAIN);
            List<Key> keys = store.snapshot().list(Things.PLAIN).stream()
                    .map(Resource::key)
                    .toList();
            return Rounds.median(warmUp, () -> {
                long before = done.get();
                long begun = System.nanoTime();
                keys.forEach(loop::wake);
                await(done, before + keys.size());
                return Rounds.thousands(keys.size(), begun);
            });
        } finally {
            threads.shutdownNow();
        }
    }

    private static Store filled() {
        Store store = Store.inMemory();
        for (int i = 0; i < Things.MANY; i++) {
            store.apply(Things.plain(i, 0));
        }
        return store;
    }

    private static void await(AtomicLong counter, long value) {
        while (counter.get() < value) {
            LockSupport.parkNanos(50_000);
        }
    }

    /**
     * From the start of the engine over a hundred thousand objects to the last of their passes, while a hundred fresh ones are
     * applied each second: seconds, and the 99th of 100 of how many milliseconds a fresh one waits for its pass.
     */
    static double[] coldStart() throws Exception {
        Store store = filled();
        AtomicLong old = new AtomicLong();
        Map<String, Long> applied = new ConcurrentHashMap<>();
        List<Double> waits = new ArrayList<>();
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
        Thread fresh = new Thread(() -> {
            for (int i = 0; !over.get(); i++) {
                Declared<Things.Spec, Things.Status> next = Things.plain(Things.MANY + i, 0);
                applied.put(next.name(), System.nanoTime());
                store.apply(next);
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
        });
        try (ControllerManager manager = ControllerManager.over(store, Clock.system(), threads, new Random(1))) {
            manager.controller(
                    Things.PLAIN,
                    thing -> {
                        Long since = applied.remove(thing.name());
                        if (since == null) {
                            old.incrementAndGet();
                        } else {
                            synchronized (waits) {
                                waits.add((System.nanoTime() - since) / 1e6);
                            }
                        }
                        return Plan.unchanged();
                    },
                    options -> options.workers(WORKERS));
            long begun = System.nanoTime();
            manager.start();
            fresh.start();
            await(old, Things.MANY);
            double seconds = (System.nanoTime() - begun) / 1e9;
            over.set(true);
            fresh.join();
            synchronized (waits) {
                return new double[] {seconds, Statistics.percentile(waits, 0.99)};
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static final Kind<Things.Spec, Things.Status> CHILD =
            Kind.of("Child", Things.Spec.class, Things.Status.class);

    /**
     * From an apply to its child written, the 99th of 100 in milliseconds.
     *
     * @param rate how many others are applied in a second meanwhile
     */
    static double latency(int rate) throws Exception {
        Store store = Store.inMemory();
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
        Thread noise = new Thread(() -> noise(store, rate, over));
        try (ControllerManager manager = ControllerManager.over(store, Clock.system(), threads, new Random(1))) {
            manager.controller(
                            Things.PLAIN,
                            thing -> Plan.children(Declared.of(CHILD, thing.name(), thing.spec()))
                                    .status(thing.status()),
                            options -> options.workers(WORKERS))
                    .knows(CHILD)
                    .start();
            if (rate > 0) {
                noise.start();
            }
            List<Double> waits = new ArrayList<>();
            try (Watch<Things.Spec, Things.Status> watch = store.watch(CHILD)) {
                // A thousand for warm-up, as far as there is time: an engine that can't keep up answers after seconds.
                long end = System.nanoTime() + LONGEST.toNanos();
                for (int i = 1; i <= 3000 && System.nanoTime() < end; i++) {
                    String name = "probe-" + i % 100;
                    int number = i;
                    long begun = System.nanoTime();
                    store.apply(Declared.of(Things.PLAIN, name, new Things.Spec(number, "probe")));
                    while (watch.await(Duration.ofSeconds(1)).stream().noneMatch(event -> tells(event, name, number))) {
                        Thread.onSpinWait();
                    }
                    if (i > 1000 || System.nanoTime() > end - LONGEST.toNanos() / 2) {
                        waits.add((System.nanoTime() - begun) / 1e6);
                    }
                }
            }
            return Statistics.percentile(waits, 0.99);
        } finally {
            over.set(true);
            noise.join();
            threads.shutdownNow();
        }
    }

    private static boolean tells(StoreEvent<Things.Spec, Things.Status> event, String name, int number) {
        return event.after()
                .filter(child -> child.name().equals(name) && child.spec().number() == number)
                .isPresent();
    }

    private static void noise(Store store, int rate, AtomicBoolean over) {
        long begun = System.nanoTime();
        for (int i = 0; !over.get(); i++) {
            store.apply(Things.plain(i % 10_000, i));
            long due = begun + (long) (i * 1e9 / rate);
            if (due - System.nanoTime() > 100_000) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
    }
}
