package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.LAMP;
import static dev.corral.reconcile.Stores.TASK;
import static dev.corral.reconcile.Stores.lamp;
import static dev.corral.reconcile.Stores.task;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Stores.LampStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A manager over a store that isn't the one in memory, and doesn't always do what it should. */
class FaultyStoreTest {
    /** Hands everything on, except what the test has switched. */
    private static final class Wrapped implements Store {
        private final Store inner;
        private final List<String> commits = new ArrayList<>();
        private boolean transactional = true;
        private boolean unreadable;
        private boolean expiring;
        private int failing;

        Wrapped(Store inner) {
            this.inner = inner;
        }

        @Override
        public boolean transactional() {
            return transactional;
        }

        @Override
        public Snapshot snapshot() {
            return inner.snapshot();
        }

        @Override
        public CommitResult commit(Commit commit) {
            commits.add(commit.toString());
            if (failing > 0) {
                failing--;
                throw new IllegalStateException("disk full");
            }
            return inner.commit(commit);
        }

        @Override
        public Preview preview(Commit commit) {
            return inner.preview(commit);
        }

        @Override
        public <S, T> Watch<S, T> watch(Kind<S, T> kind) {
            return inner.watch(kind);
        }

        @Override
        public <S, T> Watch<S, T> watch(Kind<S, T> kind, long after) {
            return inner.watch(kind, after);
        }

        @Override
        public Watch<?, ?> watchAll() {
            if (unreadable) {
                throw new IllegalStateException("no connection");
            }
            return new Breaking<>(inner.watchAll());
        }

        @Override
        public Runnable onChange(Runnable callee) {
            return inner.onChange(callee);
        }

        private final class Breaking<S, T> implements Watch<S, T> {
            private final Watch<S, T> watch;

            Breaking(Watch<S, T> watch) {
                this.watch = watch;
            }

            @Override
            public List<StoreEvent<S, T>> poll() {
                List<StoreEvent<S, T>> events = watch.poll();
                if (expiring && !events.isEmpty()) {
                    throw new WatchExpired(1, 2);
                }
                return events;
            }

            @Override
            public List<StoreEvent<S, T>> await(Duration timeout) throws InterruptedException {
                return watch.await(timeout);
            }

            @Override
            public void close() {
                watch.close();
            }
        }
    }

    private final List<Wrapped> wrapped = new ArrayList<>();
    private final Plane plane = new Plane(store -> {
        wrapped.add(new Wrapped(store));
        return wrapped.get(0);
    });

    private final Wrapped store = wrapped.get(0);

    @Test
    void aStoreWithoutTransactionsGetsChildrenThenDeletionsThenTheStatus() {
        store.transactional = false;
        plane.manager.controller(
                LAMP,
                lamp -> Plan.children(
                                task("b-" + lamp.spec().brightness()),
                                task("a-" + lamp.spec().brightness()))
                        .status(new LampStatus(true, "done")));
        plane.start().apply(lamp("hall", 1));
        store.commits.clear();
        plane.apply(lamp("hall", 2));
        assertThat(store.commits)
                .containsExactly(
                        "Lamp controller, default/hall: apply Task default/b-2",
                        "Lamp controller, default/hall: apply Task default/a-2",
                        "Lamp controller, default/hall: delete Task default/b-1",
                        "Lamp controller, default/hall: delete Task default/a-1",
                        "Lamp controller, default/hall: decide Lamp default/hall");
        plane.close();
    }

    @Test
    void aCommitThatFailsIsRepeated() {
        plane.manager.controller(LAMP, lamp -> Plan.children(task("a")));
        plane.start();
        store.failing = 2;
        plane.apply(lamp("hall", 1)).advance(ofSeconds(1));
        assertThat(plane.names(TASK)).containsExactly("a");
        assertThat(plane.told("PassFailed")).containsExactly("java.lang.IllegalStateException: disk full");
        assertThat(plane.manager.failures()).isEmpty();
        plane.close();
    }

    @Test
    void aWatchThatExpiresIsBegunAnewAndNothingIsMissed() {
        List<String> seen = new ArrayList<>();
        plane.manager.loop("agent", TASK, (key, now) -> {
            seen.add(key.name() + (now.get(TASK, key).isPresent() ? "" : " gone"));
            return Optional.empty();
        });
        plane.store.create(lamp("other", 1)).orThrow();
        plane.start().apply(task("dig"));
        seen.clear();
        store.expiring = true;
        Resource<?, ?> marked = plane.store.delete(plane.get(TASK, "dig")).orThrow();
        plane.store.remove(marked).orThrow();
        store.expiring = false;
        plane.store.onChange(() -> {});
        plane.settle();
        assertThat(seen).containsExactly("dig gone");
        plane.close();
    }

    @Test
    void aStoreThatCantBeReadMakesItUnhealthyUntilItCan() {
        plane.manager.controller(LAMP, lamp -> Plan.children(task("a")));
        plane.start();
        store.unreadable = true;
        store.expiring = true;
        plane.apply(lamp("hall", 1));
        assertThat(plane.manager.healthy()).isFalse();
        assertThat(plane.manager.loopStates())
                .filteredOn(state -> state.name().equals("Lamp"))
                .singleElement()
                .satisfies(state -> assertThat(state.problem())
                        .hasValueSatisfying(why -> assertThat(why).contains("no connection")));

        store.unreadable = false;
        store.expiring = false;
        plane.advance(ofSeconds(1));
        assertThat(plane.manager.healthy()).isTrue();
        assertThat(plane.names(TASK)).containsExactly("a");
        plane.close();
    }
}
