package dev.corral.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.node.LocalNode;
import dev.corral.reconcile.node.NodeAgent;
import dev.corral.reconcile.node.Prober;
import dev.corral.reconcile.node.Seams;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.ContainerState;
import dev.corral.reconcile.workload.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A thousand specs a second, on the engine's real time and threads, with pods that have no processes: for some seconds in every
 * build, for a minute with {@code -Dsoak=60}, for an hour with {@code -Psoak}.
 */
class SoakTest {
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("soak", 5));
    /** The heap is judged only after the memory of events, and the store's log, are full. */
    private static final Duration WARM_UP = Duration.ofSeconds(30);

    private static final Duration TICK = Duration.ofMillis(100);
    private static final int SITES = 100;
    private static final int CHANGES = 60;
    private static final int VISITS = 20;
    private static final int VISIT_TICKS = 20;
    /** Whoever churns waits while there is more than this: a slow machine gets less to do, and not a fuller heap. */
    private static final int MOST_PODS = 2_000;

    private static final long GROWTH = 4L << 20;
    private static final Duration LOW_SERVED = Duration.ofSeconds(5);

    record SiteSpec(int version) {}

    record SiteStatus(int ready) {}

    static final Kind<SiteSpec, SiteStatus> SITE = Kind.of("Site", SiteSpec.class, SiteStatus.class);

    /** Keys of this kind are always ready at once again: fresh work that never ends. */
    static final Kind<SiteSpec, SiteStatus> BUSY = Kind.of("Busy", SiteSpec.class, SiteStatus.class);

    static final Kind<SiteSpec, SiteStatus> BELL = Kind.of("Bell", SiteSpec.class, SiteStatus.class);

    private final Store store = Store.inMemory();
    private final ExecutorService threads = Executors.newFixedThreadPool(6);
    private final AtomicInteger longestQueue = new AtomicInteger();
    private final AtomicLong lowPasses = new AtomicLong();

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void nothingGrowsAndNoKeyStarves() throws Exception {
        try (ControllerManager manager = ControllerManager.over(store, Clock.system(), threads, new Random(1));
                NodeAgent agent = agent(manager)) {
            manager.controller(SITE, SoakTest::site)
                    .controller(BUSY, this::busy)
                    .knows(BELL)
                    .listener(new EngineListener() {
                        @Override
                        public void queueChanged(String loop, int ready, int busy) {
                            longestQueue.accumulateAndGet(ready, Math::max);
                        }
                    });
            store.apply(Declared.of(BELL, "bell", new SiteSpec(0)));
            for (int i = 0; i < 4; i++) {
                store.apply(Declared.of(BUSY, "busy-" + i, new SiteSpec(0)));
            }
            manager.start();
            Churn churn = new Churn();
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<Void> churned = CompletableFuture.runAsync(() -> churn.until(over));
            List<Long> heap = new ArrayList<>();
            Duration lowest = Duration.ZERO;
            long end = System.nanoTime() + LENGTH.toNanos();
            long judged = System.nanoTime() + WARM_UP.toNanos();
            while (System.nanoTime() < end) {
                Duration served = lowServed(manager);
                lowest = served.compareTo(lowest) > 0 ? served : lowest;
                if (System.nanoTime() > judged) {
                    heap.add(churn.heapAtRest());
                }
            }
            over.set(true);
            churned.join();
            agent.refuseStarts();
            System.out.println("soak: " + churn.specs + " specs in " + LENGTH + ", at most " + longestQueue
                    + " keys ready, low work waited " + lowest.toMillis() + " ms at most beyond any stall, heap "
                    + heap);
            assertThat(manager.healthy()).isTrue();
            assertThat(longestQueue.get())
                    .as("keys are ready once each, so no more than there are")
                    .isLessThanOrEqualTo(2 * MOST_PODS);
            assertThat(lowest).isLessThan(LOW_SERVED);
            if (heap.size() >= 8) {
                int quarter = heap.size() / 4;
                assertThat(least(heap.subList(heap.size() - quarter, heap.size())) - least(heap.subList(0, quarter)))
                        .as("bytes more in the last quarter than in the first, of %s", heap)
                        .isLessThan(GROWTH);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private NodeAgent agent(ControllerManager manager) {
        CompletableFuture<Loop> loop = new CompletableFuture<>();
        NodeAgent agent = new NodeAgent(
                LocalNode.NAME,
                store,
                new Seams(new Instantly(), question -> new Prober.Answer(true, ""), Clock.system(), threads),
                loop::join);
        loop.complete(manager.loop("node", Pod.KIND, agent, NodeAgent::options));
        return agent;
    }

    private static Plan<SiteStatus> site(Context<SiteSpec, SiteStatus> site) {
        Pod pod = Pod.named(site.name())
                .container(c -> c.command("serve")
                        .env("VERSION", Integer.toString(site.spec().version())));
        boolean ready = site.child(pod).filter(Pod::ready).isPresent();
        return Plan.children(pod).status(new SiteStatus(ready ? 1 : 0));
    }

    private Plan<SiteStatus> busy(Context<SiteSpec, SiteStatus> busy) {
        if (busy.name().equals("low")) {
            lowPasses.incrementAndGet();
            return Plan.unchanged();
        }
        LockSupport.parkNanos(1_000_000); // or it would take a processor from everybody else
        return Plan.<SiteStatus>unchanged().wakeAt(busy.now());
    }

    /** How long a key waits that is added with the lowest priority, less the time for which the whole machine stood still. */
    private Duration lowServed(ControllerManager manager) {
        long before = lowPasses.get();
        store.apply(Declared.of(BUSY, "low", new SiteSpec(0)));
        Duration stalled = Duration.ZERO;
        long begun = System.nanoTime();
        Subscription bell = manager.handle(BUSY).watches(BELL, any -> List.of(Key.of("low")));
        try {
            while (lowPasses.get() == before) {
                long slept = System.nanoTime();
                LockSupport.parkNanos(1_000_000);
                long over = System.nanoTime() - slept - 10_000_000;
                stalled = over > 0 ? stalled.plusNanos(over) : stalled;
                assertThat(Duration.ofNanos(System.nanoTime() - begun).minus(stalled))
                        .as("low work waits")
                        .isLessThan(Duration.ofMinutes(1));
            }
        } finally {
            bell.close();
        }
        return Duration.ofNanos(System.nanoTime() - begun).minus(stalled);
    }

    /** What users do: change what is there, and declare what is gone again two seconds later. */
    private final class Churn {
        private final Random random = new Random(2);
        private final ReentrantLock turn = new ReentrantLock(true);
        private long specs;
        private int visit;
        private long due = System.nanoTime();

        void until(AtomicBoolean over) {
            while (!over.get()) {
                tick();
            }
        }

        /** What is used while nobody churns and nothing is under way: what is under way is no leak. */
        private long heapAtRest() {
            turn.lock();
            try {
                long version = -1;
                for (int tries = 0; tries < 100 && version != store.snapshot().version(); tries++) {
                    version = store.snapshot().version();
                    LockSupport.parkNanos(TICK.toNanos());
                }
                long first = usedHeap();
                return Math.min(first, usedHeap());
            } finally {
                turn.unlock();
            }
        }

        private void tick() {
            turn.lock();
            try {
                change();
            } finally {
                turn.unlock();
            }
        }

        private void change() {
            due = Math.max(due + TICK.toNanos(), System.nanoTime() - TICK.toNanos());
            while (due > System.nanoTime() || store.snapshot().list(Pod.KIND).size() > MOST_PODS) {
                LockSupport.parkNanos(Math.max(1_000_000, due - System.nanoTime()));
            }
            for (int i = 0; i < CHANGES; i++) {
                apply("site-" + random.nextInt(SITES), random.nextInt());
            }
            for (int i = 0; i < VISITS; i++) {
                apply("visit-" + visit, 0);
                delete("visit-" + (visit++ - VISITS * VISIT_TICKS));
            }
        }

        private void apply(String name, int version) {
            store.apply(Declared.of(SITE, name, new SiteSpec(version)));
            specs++;
        }

        private void delete(String name) {
            Optional<Resource<SiteSpec, SiteStatus>> found = store.snapshot().get(SITE, Key.of(name));
            while (found.isPresent() && !store.delete(found.get()).ok()) {
                found = store.snapshot().get(SITE, Key.of(name));
            }
            specs++;
        }
    }

    private static long usedHeap() {
        System.gc();
        Runtime jvm = Runtime.getRuntime();
        return jvm.totalMemory() - jvm.freeMemory();
    }

    private static long least(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).min().orElseThrow();
    }

    /** Containers that run at once, and end at once when they are asked to. */
    private static final class Instantly implements ContainerRuntime {
        @Override
        public Run start(Order order) {
            CompletableFuture<Ended> exited = new CompletableFuture<>();
            return new Run() {
                @Override
                public Map<String, Integer> ports() {
                    return Map.of();
                }

                @Override
                public List<String> dropped() {
                    return List.of();
                }

                @Override
                public CompletableFuture<Ended> exited() {
                    return exited;
                }

                @Override
                public Executed exec(List<String> command, Duration timeout) {
                    return new Executed(0, "");
                }

                @Override
                public void terminate() {
                    exited.complete(new Ended(143, Optional.empty(), ContainerState.ERROR, "asked to"));
                }

                @Override
                public void close() {
                    exited.complete(new Ended(137, Optional.empty(), ContainerState.ERROR, "killed"));
                }
            };
        }
    }
}
