package dev.corral.reconcile.node;

import dev.corral.Adopted;
import dev.corral.CorralException;
import dev.corral.Signal;
import dev.corral.SignalDenied;
import dev.corral.reconcile.Clock;
import dev.corral.reconcile.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What runs from before and has not been asked for so far, and its end. Safe for any thread. */
final class Unwanted {
    private static final Logger LOG = LoggerFactory.getLogger(Unwanted.class);
    private static final Duration AFTER_GRACE = Duration.ofSeconds(10);

    private final Ledger ledger;
    private final Clock clock;
    private final Consumer<RunRecord> release;
    private final Map<Key, List<RunRecord>> waiting = new TreeMap<>();
    private final Map<Key, CompletableFuture<Void>> ending = new HashMap<>();
    private final Duration longest;

    /**
     * All that there is at the beginning.
     *
     * @param release hears of each run that was ended, once nothing of it is left
     */
    Unwanted(List<RunRecord> all, Ledger ledger, Clock clock, Consumer<RunRecord> release) {
        this.ledger = ledger;
        this.clock = clock;
        this.release = release;
        this.longest =
                all.stream().map(RunRecord::grace).max(Duration::compareTo).orElse(Duration.ZERO);
        all.forEach(record ->
                waiting.computeIfAbsent(record.pod(), pod -> new ArrayList<>()).add(record));
    }

    synchronized List<RunRecord> all() {
        return waiting.values().stream().flatMap(List::stream).toList();
    }

    /** Done when what is being ended of a pod has ended; empty if nothing is. */
    synchronized Optional<CompletableFuture<Void>> ending(Key pod) {
        return Optional.ofNullable(ending.get(pod));
    }

    /** What there is of a pod, which is wanted from now on; empty if there is nothing. */
    synchronized List<RunRecord> take(Key pod) {
        return Optional.ofNullable(waiting.remove(pod)).orElse(List.of());
    }

    /** Puts back what was taken. */
    synchronized void putBack(Key pod, List<RunRecord> records) {
        waiting.put(pod, records);
    }

    /** Begins to end all there is; each pod is told before. */
    void end(BiConsumer<Key, String> told) {
        List<Key> pods;
        synchronized (this) {
            pods = List.copyOf(waiting.keySet());
        }
        for (Key pod : pods) {
            List<RunRecord> records;
            synchronized (this) {
                records = take(pod);
                if (!records.isEmpty()) {
                    ending.put(pod, new CompletableFuture<>());
                }
            }
            if (!records.isEmpty()) {
                told.accept(
                        pod,
                        "its containers "
                                + records.stream().map(RunRecord::container).collect(Collectors.joining(", "))
                                + " run from before, nobody wants them, and they are ended");
                CompletableFuture<Void> unused = end(pod, records);
            }
        }
    }

    /**
     * In order: SIGTERM to all, SIGKILL after the grace; then nothing of the pod is left, and it is forgotten. What can't be
     * ended stays on record.
     */
    CompletableFuture<Void> end(Key pod, List<RunRecord> records) {
        CompletableFuture<Void> over;
        synchronized (this) {
            over = ending.computeIfAbsent(pod, any -> new CompletableFuture<>());
        }
        CompletableFuture<?>[] each = records.stream().map(this::end).toArray(CompletableFuture<?>[]::new);
        CompletableFuture<Void> unused = CompletableFuture.allOf(each).handle((done, failed) -> {
            try {
                synchronized (this) {
                    ending.remove(pod);
                    if (failed == null) {
                        ledger.remove(pod);
                    } else {
                        LOG.warn("what runs of pod {} could not be ended", pod, failed);
                        putBack(pod, records);
                    }
                }
            } finally { // whoever waits for the pod's name goes on, whatever is left of the files
                over.complete(null);
            }
            return null;
        });
        return over;
    }

    private CompletableFuture<Void> end(RunRecord record) {
        try {
            Optional<Adopted> process = record.process();
            if (process.isEmpty()) {
                left(record);
                return CompletableFuture.completedFuture(null);
            }
            Adopted running = process.get();
            signal(running, Signal.TERM);
            Clock.Timer kill = clock.at(clock.now().plus(record.grace()), () -> signal(running, Signal.KILL));
            return running.onExit().thenRun(() -> {
                kill.cancel();
                running.close();
                left(record);
            });
        } catch (CorralException failed) {
            return CompletableFuture.failedFuture(failed);
        }
    }

    /** Gives back what is left of a run besides its process. */
    private void left(RunRecord record) {
        record.removeGroup();
        release.accept(record);
    }

    private static void signal(Adopted process, Signal signal) {
        try {
            process.signal(signal);
        } catch (SignalDenied | IllegalStateException ended) {
            LOG.warn("{} could not be sent {}", process, signal, ended);
        }
    }

    /** Waits until what is being ended has ended, for its grace and a little more. */
    void await() {
        CompletableFuture<Void> all;
        synchronized (this) {
            all = CompletableFuture.allOf(ending.values().toArray(CompletableFuture<?>[]::new));
        }
        try {
            all.get(longest.plus(AFTER_GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException hangs) {
            LOG.warn("containers of {} did not end; they stay on record", ending.keySet());
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("the end of a container failed", impossible.getCause());
        }
    }
}
