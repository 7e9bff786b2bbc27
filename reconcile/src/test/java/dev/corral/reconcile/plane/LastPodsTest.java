package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.corral.reconcile.Commit;
import dev.corral.reconcile.CommitResult;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Preview;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.Watch;
import dev.corral.reconcile.testing.ManualClock;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LastPodsTest {
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final ManualClock clock = ManualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
    private final Store store = Store.inMemory(clock, () -> UUID.randomUUID().toString());
    private final LastPods last = new LastPods(store, clock);

    @Test
    void allAreMarkedWithTheirGraceAndWaitedFor() throws Exception {
        pod("one");
        pod("two");
        CompletableFuture<Void> ended = ending(last);
        awaitMark("one");
        awaitMark("two");
        assertThat(stored("one").metadata().deletion().orElseThrow().grace()).isEqualTo(GRACE);
        gone("one");
        assertThat(ended).isNotDone();
        gone("two");
        ended.get(60, TimeUnit.SECONDS);
        assertThat(last.left()).isEmpty();
    }

    @Test
    void withoutPodsThereIsNothingToWaitFor() throws Exception {
        last.end();
        assertThat(last.left()).isEmpty();
    }

    @Test
    void whatIsDeclaredMeanwhileIsMarkedAndWaitedForToo() throws Exception {
        pod("first");
        CompletableFuture<Void> ended = ending(last);
        awaitMark("first");
        pod("late");
        gone("first");
        awaitMark("late");
        assertThat(ended).isNotDone();
        gone("late");
        ended.get(60, TimeUnit.SECONDS);
    }

    @Test
    void aMarkThatIsThereStaysAsItIs() throws Exception {
        Resource<PodSpec, PodStatus> marked =
                store.delete(pod("going"), Duration.ofSeconds(3)).orThrow();
        pod("other");
        CompletableFuture<Void> ended = ending(last);
        awaitMark("other");
        assertThat(stored("going").metadata()).isEqualTo(marked.metadata());
        gone("going");
        gone("other");
        ended.get(60, TimeUnit.SECONDS);
    }

    @Test
    void whoeverIsLeftAfterTheLongestGraceAndALittleMoreIsTold() throws Exception {
        pod("stuck");
        CompletableFuture<Void> ended = ending(last);
        awaitMark("stuck");
        clock.advance(GRACE.plusSeconds(9));
        pod("late");
        awaitMark("late");
        pod("later"); // is heard only if the look at the time after the one before has not been the last
        awaitMark("later");
        clock.advance(Duration.ofSeconds(1));
        touch("stuck");
        ended.get(60, TimeUnit.SECONDS);
        assertThat(last.left()).containsExactly(Key.of("late"), Key.of("later"), Key.of("stuck"));
    }

    /** A pass of its agent may write to a pod between the look at it and the mark. */
    @Test
    void onePodThatIsWrittenToMeanwhileIsMarkedAllTheSame() throws Exception {
        pod("busy");
        AtomicInteger refused = new AtomicInteger();
        Watched busy = new Watched() {
            @Override
            public CommitResult commit(Commit commit) {
                if (refused.getAndIncrement() < 3) {
                    touch("busy");
                    touch("busy");
                }
                return super.commit(commit);
            }
        };
        CompletableFuture<Void> ended = ending(new LastPods(busy, clock));
        awaitMark("busy");
        assertThat(refused).hasValue(4);
        gone("busy");
        ended.get(60, TimeUnit.SECONDS);
    }

    /** It took the square of their number. */
    @Test
    void howManyPodsThereAreIsAskedOnce() throws Exception {
        for (int i = 0; i < 50; i++) {
            pod("many-" + i);
        }
        Watched counting = new Watched();
        CompletableFuture<Void> ended = ending(new LastPods(counting, clock));
        for (int i = 0; i < 50; i++) {
            awaitMark("many-" + i);
            gone("many-" + i);
        }
        ended.get(60, TimeUnit.SECONDS);
        assertThat(counting.lists).hasValue(1);
    }

    @Test
    void whoeverIsInARushFindsThemMarked() throws Exception {
        pod("one");
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(last::end);
        assertThat(stored("one").metadata().terminating()).isTrue();
        assertThat(last.left()).containsExactly(Key.of("one"));
    }

    private static CompletableFuture<Void> ending(LastPods pods) {
        return CompletableFuture.runAsync(() -> {
            try {
                pods.end();
            } catch (InterruptedException unexpected) {
                throw new IllegalStateException(unexpected);
            }
        });
    }

    private Resource<PodSpec, PodStatus> pod(String name) {
        return store.apply(Pod.named(name).terminationGracePeriod(GRACE).container(c -> c.command("serve")))
                .orThrow();
    }

    private Resource<PodSpec, PodStatus> stored(String name) {
        return store.snapshot().get(Pod.KIND, Key.of(name)).orElseThrow();
    }

    private void awaitMark(String name) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(2))
                .until(() -> store.snapshot().get(Pod.KIND, Key.of(name)).stream()
                        .anyMatch(pod -> pod.metadata().terminating()));
    }

    private void gone(String name) {
        store.remove(stored(name)).orThrow();
    }

    /** What its agent writes of it. */
    private void touch(String name) {
        store.updateStatus(
                Pod.KIND,
                Key.of(name),
                stored(name).metadata().uid(),
                status -> status.waitingFor(
                        stored(name).spec(),
                        List.of("version " + stored(name).metadata().version())));
    }

    /** The store, which counts how often it is asked for all that there is of a kind. */
    private class Watched implements Store {
        final AtomicInteger lists = new AtomicInteger();

        @Override
        public Snapshot snapshot() {
            Snapshot now = store.snapshot();
            return (Snapshot) Proxy.newProxyInstance(
                    Snapshot.class.getClassLoader(), new Class<?>[] {Snapshot.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("list")) {
                            lists.incrementAndGet();
                        }
                        try {
                            return method.invoke(now, arguments);
                        } catch (InvocationTargetException failed) {
                            throw failed.getCause();
                        }
                    });
        }

        @Override
        public CommitResult commit(Commit commit) {
            return store.commit(commit);
        }

        @Override
        public Preview preview(Commit commit) {
            return store.preview(commit);
        }

        @Override
        public <S, T> Watch<S, T> watch(Kind<S, T> kind) {
            return store.watch(kind);
        }

        @Override
        public <S, T> Watch<S, T> watch(Kind<S, T> kind, long after) {
            return store.watch(kind, after);
        }

        @Override
        public Watch<?, ?> watchAll() {
            return store.watchAll();
        }

        @Override
        public Runnable onChange(Runnable callee) {
            return store.onChange(callee);
        }
    }
}
