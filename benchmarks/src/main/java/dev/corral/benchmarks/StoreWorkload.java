package dev.corral.benchmarks;

import dev.corral.reconcile.Commit;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.LabelSelector;
import dev.corral.reconcile.Rounds;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.Watch;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.openjdk.jol.info.GraphLayout;

/** The store by itself. */
final class StoreWorkload {
    private static final int WRITES = 50_000;
    private static final int BATCH = 100;

    private StoreWorkload() {}

    /** Thousands of writes a second, with three watches that are read as one goes and two indexes besides label and owner. */
    static double writes() throws Exception {
        Store store = Store.inMemory();
        for (int i = 0; i < WRITES; i++) {
            store.apply(Things.thing(i, 0));
        }
        List<Watch<?, ?>> watches = List.of(store.watchAll(), store.watch(Things.THING), store.watchAll());
        watches.forEach(Watch::poll);
        int[] round = {0};
        return Rounds.median(4, () -> {
            int number = ++round[0];
            long begun = Rounds.processorTime();
            for (int i = 0; i < WRITES; i++) {
                store.apply(Things.thing(i, number));
                if (i % BATCH == 0) {
                    watches.forEach(Watch::poll);
                }
            }
            return Rounds.thousandsAlone(WRITES, begun);
        });
    }

    private static Snapshot many() {
        Store store = Store.inMemory();
        for (int i = 0; i < Things.MANY; i++) {
            store.apply(Things.thing(i, i));
        }
        return store.snapshot();
    }

    /** Microseconds for a selector that an index answers and that hits one of a thousand. */
    static double indexed() throws Exception {
        Snapshot all = many();
        LabelSelector one = LabelSelector.of(Map.of("tier", "t7"));
        return Rounds.median(20, () -> {
            long begun = Rounds.processorTime();
            int found = 0;
            for (int i = 0; i < 200; i++) {
                found += all.list(Things.THING, one).size();
            }
            require(found == 200 * Things.MANY / 1000);
            return (Rounds.processorTime() - begun) / 1e3 / 200;
        });
    }

    /** Milliseconds for a selector that has to look at everything. */
    static double scanned() throws Exception {
        Snapshot all = many();
        LabelSelector none = LabelSelector.parse("!tier");
        return Rounds.median(20, () -> {
            long begun = Rounds.processorTime();
            require(all.list(Things.THING, none).isEmpty());
            return (Rounds.processorTime() - begun) / 1e6;
        });
    }

    /** Bytes of heap for a pod with two labels and an owner, its spec apart. */
    static double bytes() {
        Store store = Store.inMemory();
        store.apply(Deployment.named("web").container(c -> c.command("serve")));
        var owner = store.snapshot().get(Deployment.KIND, Key.of("web")).orElseThrow();
        long specs = GraphLayout.parseInstance(pod(0).spec(), pod(1).spec()).totalSize()
                - GraphLayout.parseInstance(pod(0).spec()).totalSize();
        long before = used();
        for (int i = 0; i < Things.MANY; i++) {
            store.commit(Commit.by("benchmark").apply(owner, pod(i)));
        }
        double each = (used() - before) / (double) Things.MANY;
        require(store.snapshot().list(Pod.KIND).size() == Things.MANY);
        return each - specs;
    }

    private static Pod pod(int number) {
        return Pod.named("web-" + number)
                .label("app", "web")
                .label("pod-template-hash", "h" + number / 100)
                .container(c ->
                        c.command("serve", "--number", Integer.toString(number)).memory("64Mi"));
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new AssertionError("a benchmark doesn't do what it measures");
        }
    }
}
