package dev.corral.reconcile.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Key;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.StoreEvent;
import dev.corral.reconcile.Watch;
import dev.corral.reconcile.workload.ConfigMap;
import dev.corral.reconcile.workload.ConfigMapSpec;
import dev.corral.reconcile.workload.ConfigMapStatus;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MissedTest {
    private final Store store = Store.inMemory(ManualClock.startingAt(Instant.EPOCH), () -> "uid");
    private final Watch<ConfigMapSpec, ConfigMapStatus> watch = store.watch(ConfigMap.KIND);

    @BeforeEach
    void listed() {
        assertThat(watch.poll()).singleElement().isInstanceOf(StoreEvent.Synced.class);
    }

    @AfterEach
    void close() {
        watch.close();
    }

    /** A ReplicaSet had counted a pod that a snapshot showed, and was never told that it had gone: seed 70d of a rollout. */
    @Test
    void whatCameAndWentMeanwhileIsToldToBeGone() {
        store.apply(ConfigMap.named("brief")).orThrow();
        store.delete(store.snapshot().get(ConfigMap.KIND, Key.of("brief")).orElseThrow())
                .orThrow();

        assertThat(Missed.listed(watch.poll())).singleElement().isInstanceOf(StoreEvent.Deleted.class);
    }

    @Test
    void whatCameAndChangedIsNew() {
        store.apply(ConfigMap.named("brief")).orThrow();
        store.apply(ConfigMap.named("brief").data("key", "value")).orThrow();

        assertThat(Missed.listed(watch.poll())).singleElement().isInstanceOf(StoreEvent.Added.class);
    }
}
