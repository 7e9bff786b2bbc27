package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.LAMP;
import static dev.corral.reconcile.Stores.TASK;
import static dev.corral.reconcile.Stores.lamp;
import static dev.corral.reconcile.Stores.task;
import static dev.corral.reconcile.WebSites.WEBSITE;
import static dev.corral.reconcile.WebSites.site;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.corral.reconcile.Stores.LampStatus;
import dev.corral.reconcile.Stores.TaskStatus;
import dev.corral.reconcile.WebSites.Server;
import dev.corral.reconcile.WebSites.ServerStatus;
import dev.corral.reconcile.WebSites.WebSiteStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ControllerManagerTest {
    @Test
    void aLoopActsOnEveryChangeOfItsKindAndOnGoneKeysToo() {
        try (Plane plane = new Plane()) {
            List<String> seen = new ArrayList<>();
            plane.manager.loop("agent", TASK, (key, now) -> {
                Optional<Boolean> terminating =
                        now.get(TASK, key).map(task -> task.metadata().terminating());
                seen.add(key.name()
                        + terminating.map(t -> t ? " ending" : " there").orElse(" gone"));
                if (terminating.orElse(false)) {
                    plane.store.remove(now.get(TASK, key).orElseThrow()).orThrow();
                }
                return Optional.empty();
            });
            plane.start().apply(task("dig")).delete(TASK, "dig");

            assertThat(seen).containsExactly("dig there", "dig ending", "dig gone");
        }
    }

    @Test
    void aLoopCanBeWokenFromOutsideAndByTheTimeItNames() {
        try (Plane plane = new Plane()) {
            List<String> seen = new ArrayList<>();
            Loop loop = plane.manager.loop("agent", TASK, (key, now) -> {
                seen.add(key.name());
                return key.name().equals("again") && seen.size() < 3
                        ? Optional.of(plane.clock.now().plus(ofSeconds(5)))
                        : Optional.empty();
            });
            plane.start();
            loop.wake(Key.of("again"));
            plane.settle().advance(ofSeconds(5));
            loop.wakeAfter(Key.of("later"), ofSeconds(1));
            plane.advance(ofSeconds(1));

            assertThat(seen).containsExactly("again", "again", "later");
        }
    }

    @Test
    void aLoopThatThrowsTriesAgain() {
        try (Plane plane = new Plane()) {
            AtomicInteger tries = new AtomicInteger();
            plane.manager.loop("agent", TASK, (key, now) -> {
                if (tries.incrementAndGet() < 3) {
                    throw new IOException("on purpose");
                }
                return Optional.empty();
            });
            plane.start().apply(task("dig")).advance(ofSeconds(1));

            assertThat(tries).hasValue(3);
            assertThat(plane.manager.failures()).isEmpty();
        }
    }

    @Test
    void whatIsStoredIsTakenInByAllBeforeTheFirstPassBegins() {
        try (Plane plane = new Plane()) {
            plane.store.apply(lamp("a", 1));
            plane.store.apply(task("b"));
            AtomicInteger passes = new AtomicInteger();
            plane.manager.controller(LAMP, lamp -> {
                passes.incrementAndGet();
                return Plan.children();
            });
            plane.manager.start();
            assertThat(passes).hasValue(0);

            plane.settle();
            assertThat(passes).hasValue(1);
        }
    }

    @Test
    void controllersAreAddedOnceAndBeforeTheStart() {
        try (Plane plane = new Plane()) {
            plane.manager.controller(WEBSITE, WebSites::reconcile);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> plane.manager.controller(WEBSITE, WebSites::reconcile))
                    .withMessage("there is a controller or loop named WebSite already");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> plane.manager.controller(LAMP, lamp -> Plan.children(), o -> o.workers(0)));

            plane.start();
            assertThatIllegalStateException().isThrownBy(() -> plane.manager.controller(LAMP, lamp -> Plan.children()));
            assertThatIllegalStateException().isThrownBy(plane.manager::start);
        }
    }

    @Test
    void afterTheEndNothingIsDone() {
        Plane plane = new Plane();
        plane.manager.controller(WEBSITE, WebSites::reconcile);
        plane.start().close();
        plane.close();
        plane.apply(site("home", 1)).advance(Duration.ofDays(1));

        assertThat(plane.names(Server.KIND)).isEmpty();
        assertThat(plane.clock.next()).isEmpty();
        assertThatIllegalStateException().isThrownBy(plane.manager::start);
    }

    @Test
    void anExecutorThatRefusesWorkIsShownAndNothingIsLostWhenItTakesWorkAgain() {
        try (Plane plane = new Plane()) {
            plane.manager.controller(WEBSITE, WebSites::reconcile);
            plane.start();
            plane.tasks.refuse(true);
            plane.apply(site("home", 1));
            assertThat(plane.manager.healthy()).isFalse();

            plane.tasks.refuse(false);
            plane.apply(site("other", 1));
            assertThat(plane.names(Server.KIND)).containsExactly("home", "other");
            assertThat(plane.manager.healthy()).isTrue();
        }
    }

    @Test
    void aControllerThatFellBehindTheStoresMemoryMissesNothing() {
        try (Plane plane = new Plane(4)) {
            plane.manager.controller(WEBSITE, WebSites::reconcile);
            plane.start().apply(site("early", 1)).apply(site("gone", 1));
            plane.store.delete(plane.get(WEBSITE, "gone")).orThrow();
            for (int i = 0; i < 10; i++) {
                plane.store.apply(site("site-" + i, 1)).orThrow();
            }
            plane.store.apply(site("early", 7)).orThrow();
            plane.settle();

            assertThat(plane.names(Server.KIND)).hasSize(11).doesNotContain("gone");
            assertThat(plane.get(Server.KIND, "early").spec().replicas()).isEqualTo(7);
        }
    }

    @Test
    void withThreadsOfItsOwnEverythingSettles() throws Exception {
        Store store = Store.inMemory();
        try (ControllerManager manager =
                ControllerManager.over(store).controller(WEBSITE, WebSites::reconcile, options -> options.workers(4))) {
            manager.loop(
                    "agent",
                    Server.KIND,
                    (key, now) -> {
                        now.get(Server.KIND, key)
                                .ifPresent(server -> store.updateStatus(
                                        Server.KIND,
                                        key,
                                        server.metadata().uid(),
                                        status -> new ServerStatus(server.spec().replicas())));
                        return Optional.empty();
                    },
                    options -> options.workers(4));
            manager.start();
            try (var watch = store.watch(WEBSITE)) {
                for (int i = 0; i < 100; i++) {
                    store.apply(site("site-" + i, 1 + i % 5)).orThrow();
                }
                while (store.snapshot().list(WEBSITE).stream()
                        .anyMatch(site -> !site.status()
                                .equals(new WebSiteStatus(site.spec().copies())))) {
                    assertThat(watch.await(ofSeconds(20))).isNotEmpty();
                }
            }
            assertThat(manager.failures()).isEmpty();
            assertThat(manager.healthy()).isTrue();
        }
    }

    @Test
    void theEndWaitsForThePassUnderWay() throws Exception {
        Store store = Store.inMemory();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        ControllerManager manager = ControllerManager.over(store).controller(LAMP, lamp -> {
            inside.countDown();
            goOn.await();
            return Plan.children().status(new LampStatus(true, "finished"));
        });
        manager.start();
        store.apply(lamp("hall", 1));
        inside.await();
        CompletableFuture<Void> closed = CompletableFuture.runAsync(manager::close);
        assertThat(closed).isNotDone();
        goOn.countDown();
        closed.get();

        assertThat(store.snapshot().list(LAMP).get(0).status()).isEqualTo(new LampStatus(true, "finished"));
    }

    /**
     * A worker asks for another one when it has seen a ready key; when it asks at last, the other has handled that key and the
     * end has come. The executor's refusal is no news then.
     */
    @Test
    void aSuperfluousTaskThatIsRefusedAtTheEndIsNoFault() throws Exception {
        CompletableFuture<Thread> first = new CompletableFuture<>();
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch late = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Executor executor = task -> {
            boolean worker = first.isDone() && first.join().equals(Thread.currentThread());
            int number = worker ? asked.incrementAndGet() : 0;
            if (number == 2) {
                late.countDown();
                awaitQuietly(ended);
                throw new RejectedExecutionException("on purpose");
            }
            new Thread(() -> {
                        if (number == 1) {
                            awaitQuietly(late);
                        }
                        task.run();
                    })
                    .start();
        };
        Store store = Store.inMemory();
        ControllerManager manager = ControllerManager.over(store, Clock.system(), executor, new Random(7))
                .stepwise();
        CompletableFuture<Loop> loop = new CompletableFuture<>();
        AtomicInteger passes = new AtomicInteger();
        loop.complete(manager.loop(
                "agent",
                TASK,
                (key, now) -> {
                    if (passes.incrementAndGet() == 1) {
                        first.complete(Thread.currentThread());
                        loop.join().wake(key);
                    }
                    return Optional.empty();
                },
                options -> options.workers(2)));
        manager.start();
        store.apply(task("dig"));
        late.await();
        manager.close();
        assertThat(passes).hasValue(2);
        ended.countDown();
        first.join().join();

        assertThat(manager.healthy()).isTrue();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void noKeyIsInTwoPassesHoweverManyWorkers() throws Exception {
        Store store = Store.inMemory();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger together = new AtomicInteger();
        try (ControllerManager manager = ControllerManager.over(store)) {
            Loop loop = manager.loop(
                    "agent",
                    TASK,
                    (key, now) -> {
                        if (inside.incrementAndGet() > 1) {
                            together.incrementAndGet();
                        }
                        now.get(TASK, key)
                                .ifPresent(task -> store.updateStatus(
                                        TASK,
                                        key,
                                        task.metadata().uid(),
                                        status -> new TaskStatus(task.status().progress())));
                        inside.decrementAndGet();
                        return Optional.empty();
                    },
                    options -> options.workers(8));
            manager.start();
            store.apply(task("dig"));
            for (int i = 0; i < 10_000; i++) {
                loop.wake(Key.of("dig"));
            }
        }
        assertThat(together).hasValue(0);
    }
}
