package dev.corral.reconcile.node;

import dev.corral.reconcile.Key;
import dev.corral.reconcile.workload.ContainerState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What is written down of the newest run of each container. Safe for any thread. */
final class Ledger {
    private final StateDirectory state;
    private final Map<Key, Map<String, RunRecord>> newest = new HashMap<>();

    Ledger(StateDirectory state) {
        this.state = state;
    }

    /** Counts a record as the newest that is written down already. */
    synchronized void known(RunRecord record) {
        newest.computeIfAbsent(record.pod(), pod -> new HashMap<>()).put(record.container(), record);
    }

    void write(RunRecord record) {
        known(record);
        state.write(record);
    }

    /**
     * Writes down how a run ended, of which nothing is left; nothing happens if it is not on record, or not any more once that is
     * known: what is forgotten meanwhile stays forgotten.
     */
    void ended(Key pod, String container, Function<RunRecord, ContainerState.Terminated> how) {
        newest(pod, container).ifPresent(known -> {
            RunRecord ended = known.ended(how.apply(known));
            synchronized (this) {
                if (newest(pod, container).equals(Optional.of(known))) {
                    write(ended);
                }
            }
        });
    }

    /** Writes down of all that is on record of a pod by which spec it is now. */
    synchronized void respecified(Key pod, String digest) {
        for (RunRecord known : List.copyOf(newest.getOrDefault(pod, Map.of()).values())) {
            if (!known.digest().equals(digest)) {
                write(known.respecified(digest));
            }
        }
    }

    private synchronized Optional<RunRecord> newest(Key pod, String container) {
        return Optional.ofNullable(newest.getOrDefault(pod, Map.of()).get(container));
    }

    /** Has nobody find the newest run of a container again, of which nothing is left. */
    synchronized void forget(Key pod, String container) {
        newest.getOrDefault(pod, Map.of()).remove(container);
        state.forget(pod, container);
    }

    /** Forgets a pod of which nothing runs any more, and removes its files. */
    synchronized void remove(Key pod) {
        newest.remove(pod);
        state.remove(pod);
    }
}
