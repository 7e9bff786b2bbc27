package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Commit;
import dev.corral.reconcile.CommitResult;
import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Conditions;
import dev.corral.reconcile.Context;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Reconciler;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What a single pass finds, put there by hand. Pods are letters: lower case ones are of an old template. */
final class Stage {
    private final ManualClock clock = ManualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
    private final AtomicInteger uids = new AtomicInteger();
    private final Store store = Store.inMemory(clock, () -> "uid-" + uids.incrementAndGet());

    <S, T> Resource<S, T> put(Declared<S, T> declared) {
        return store.apply(declared).orThrow();
    }

    <S, T> void status(Resource<S, T> resource, T status) {
        store.updateStatus(resource.status(status)).orThrow();
    }

    void child(Resource<?, ?> owner, Declared<?, ?> child) {
        CommitResult result = store.commit(Commit.by("stage").apply(owner, child));
        assertThat(result.ok()).as("%s", result).isTrue();
    }

    /**
     * A pod of an owner, a second younger than the one before: {@code a} available, {@code u} running and not ready, {@code p}
     * pending, {@code f} failed, {@code s} succeeded, {@code t} going.
     */
    void pod(Resource<?, ?> owner, String name, Map<String, String> labels, PodSpec spec, char letter) {
        clock.advance(Duration.ofSeconds(1));
        child(owner, new Pod(name, labels, spec));
        Resource<PodSpec, PodStatus> pod =
                store.snapshot().get(Pod.KIND, Key.of(name)).orElseThrow();
        PodPhase phase = switch (Character.toLowerCase(letter)) {
            case 'p' -> PodPhase.PENDING;
            case 'f' -> PodPhase.FAILED;
            case 's' -> PodPhase.SUCCEEDED;
            case 'a', 'u', 't' -> PodPhase.RUNNING;
            default -> throw new IllegalArgumentException("no state of a pod: " + letter);
        };
        boolean ready = "at".indexOf(Character.toLowerCase(letter)) >= 0;
        Condition condition = new Condition(PodStatus.READY, Condition.Status.of(ready), "", "", 1, clock.now());
        status(pod, pod.status().phase(phase).conditions(Conditions.none().with(condition)));
        if (Character.toLowerCase(letter) == 't') {
            Resource<PodSpec, PodStatus> now =
                    store.snapshot().get(Pod.KIND, Key.of(name)).orElseThrow();
            store.delete(now).orThrow();
        }
    }

    <S, T> Resource<S, T> found(Kind<S, T> kind, String name) {
        return store.snapshot().get(kind, Key.of(name)).orElseThrow();
    }

    <S, T> Context<S, T> context(Resource<S, T> resource) {
        return Context.of(store.snapshot(), resource, clock.now());
    }

    <S, T> Plan<T> plan(Kind<S, T> kind, String name, Reconciler<S, T> reconciler) throws Exception {
        clock.advance(Duration.ofMinutes(1));
        Resource<S, T> resource = store.snapshot().get(kind, Key.of(name)).orElseThrow();
        return reconciler.reconcile(Context.of(store.snapshot(), resource, clock.now()));
    }

    /** The one revision that a plan wants to be the newest. */
    static ControllerRevision revision(Plan<?> plan) {
        return plan.listed().stream()
                .filter(ControllerRevision.class::isInstance)
                .map(ControllerRevision.class::cast)
                .findFirst()
                .orElseThrow();
    }
}
