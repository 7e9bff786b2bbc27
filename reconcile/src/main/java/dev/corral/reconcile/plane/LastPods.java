package dev.corral.reconcile.plane;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.StoreEvent;
import dev.corral.reconcile.Watch;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/** The pods of a plane that ends: all are marked, also those that somebody declares meanwhile, and waited for. Used once. */
final class LastPods {
    /** What is left of an end after the grace: a kill, the removal of groups, a few passes. */
    private static final Duration AFTER_GRACE = Duration.ofSeconds(10);

    private final Store store;
    private final Clock clock;
    /** Told by the watch alone: to list them at each change would take the square of their number. */
    private final Set<Key> left = new TreeSet<>();

    LastPods(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Marks them and waits until all are gone, or the longest grace is over. */
    void end() throws InterruptedException {
        try (Watch<PodSpec, PodStatus> watch = store.watch(Pod.KIND)) {
            watch.poll().forEach(this::heard);
            Instant end = clock.now().plus(longestGrace()).plus(AFTER_GRACE);
            while (!left.isEmpty()) {
                Duration rest = Duration.between(clock.now(), end);
                if (rest.isNegative() || rest.isZero()) {
                    return;
                }
                watch.await(rest).forEach(this::heard);
            }
        }
    }

    /** Those that are there still. */
    Set<Key> left() {
        return left;
    }

    private void heard(StoreEvent<PodSpec, PodStatus> event) {
        event.before().map(Resource::key).ifPresent(left::remove);
        event.after().ifPresent(pod -> {
            left.add(pod.key());
            if (!pod.metadata().terminating()) {
                mark(pod.key());
            }
        });
    }

    /** What was heard of it may be old. If it is written to before it is marked, that is heard too, and it is tried again. */
    private void mark(Key key) {
        store.snapshot()
                .get(Pod.KIND, key)
                .filter(pod -> !pod.metadata().terminating())
                .ifPresent(store::delete);
    }

    private Duration longestGrace() {
        return store.snapshot().list(Pod.KIND).stream()
                .flatMap(pod -> pod.metadata().deletion().stream())
                .map(deletion -> Duration.between(clock.now(), deletion.deadline()))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }
}
