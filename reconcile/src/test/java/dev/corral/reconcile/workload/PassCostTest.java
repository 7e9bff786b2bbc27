package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Reconciler;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.testing.ManualClock;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a pass looks at: as much as there is of its own, however many pods others have. */
class PassCostTest {
    private static final int OTHERS = 200;

    private final ManualClock clock = ManualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
    private final Set<String> uids = new HashSet<>();
    private final Store store = Store.inMemory(clock, this::uid);

    private String uid() {
        String uid = "uid-" + uids.size();
        uids.add(uid);
        return uid;
    }

    @Test
    void aReplicaSetDoesNotListThePodsOfOthers() throws Exception {
        others();
        assertThat(created(
                        ReplicaSet.named("web").replicas(3).container(c -> c.command("serve")),
                        ReplicaSetController::reconcile))
                .isEqualTo(1);
    }

    @Test
    void aJobDoesNotListThePodsOfOthers() throws Exception {
        others();
        assertThat(created(
                        Job.named("sums").completions(3).parallelism(3).container(c -> c.command("sum")),
                        JobController::reconcile))
                .isEqualTo(3);
    }

    @Test
    void aDaemonSetDoesNotListThePodsOfOthers() throws Exception {
        others();
        store.apply(Node.named("here"));
        assertThat(created(DaemonSet.named("agent").container(c -> c.command("watch")), DaemonSetController::reconcile))
                .isEqualTo(1);
    }

    private void others() {
        IntStream.range(0, OTHERS)
                .forEach(i -> store.apply(Pod.named("other-" + i).container(c -> c.command("serve"))));
    }

    /** How many pods one pass creates; an error if what it reads grows with the pods of others. */
    private <S, T> long created(Declared<S, T> declared, Reconciler<S, T> reconciler) throws Exception {
        store.apply(declared).orThrow();
        Snapshot snapshot = counted(store.snapshot());
        Kind<S, T> kind = declared.kind();
        Plan<T> plan = reconciler.reconcile(
                Context.of(snapshot, snapshot.get(kind, Key.of(declared.name())).orElseThrow(), clock.now()));
        return plan.listed().stream()
                .filter(child -> child.kind().equals(Pod.KIND))
                .count();
    }

    /** The same snapshot, but no list of it may be as long as what others have. */
    private static Snapshot counted(Snapshot snapshot) {
        return (Snapshot) Proxy.newProxyInstance(
                Snapshot.class.getClassLoader(), new Class<?>[] {Snapshot.class}, (proxy, method, arguments) -> {
                    try {
                        Object answer = method.invoke(snapshot, arguments);
                        if (answer instanceof Collection<?> list) {
                            assertThat(list.size()).as("read by %s", method).isLessThan(OTHERS);
                        }
                        return answer;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
