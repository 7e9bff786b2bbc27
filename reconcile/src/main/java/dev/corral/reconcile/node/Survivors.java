package dev.corral.reconcile.node;

import dev.corral.Adopted;
import dev.corral.Cause;
import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Exit;
import dev.corral.Stdio;
import dev.corral.cgroups.Cgroup;
import dev.corral.reconcile.Clock;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.ContainerState;
import dev.corral.reconcile.workload.PodSpec;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has containers outlive the JVM, and finds again what a JVM before it has left. A container is created, written down, and only
 * then let go on to its program: whatever runs is on record, and whatever has no record ends with the JVM. Safe for any thread.
 */
final class Survivors implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Survivors.class);

    private final StateDirectory state;
    private final Clock clock;
    private final Ledger ledger;
    private final Unwanted unwanted;
    /** Whose the records of a pod's name are. */
    private final Map<Key, String> owners = new HashMap<>();

    private Survivors(StateDirectory state, Clock clock, Consumer<RunRecord> release) {
        this.state = state;
        this.clock = clock;
        this.ledger = new Ledger(state);
        this.unwanted = new Unwanted(state.records(), ledger, clock, release);
        state.keepOnly(unwanted.all().stream().map(RunRecord::pod).collect(Collectors.toSet()));
    }

    /**
     * Takes a directory, and reads what is there.
     *
     * @param release hears of each run from before that is not taken over, once nothing of it is left
     */
    static Survivors in(AdoptPolicy policy, Clock clock, Consumer<RunRecord> release) {
        StateDirectory state = StateDirectory.open(policy.directory());
        try {
            return new Survivors(state, clock, release);
        } catch (RuntimeException | Error failed) {
            state.close();
            throw failed;
        }
    }

    /** All from before that nobody has asked for so far. */
    List<RunRecord> unwanted() {
        return unwanted.all();
    }

    /** Where the directories of pods' volumes are, which go with their pods. */
    Storage.KeptVolumes volumes() {
        return state.volumes();
    }

    /**
     * A container that is on record and runs.
     *
     * @param output what it writes
     */
    record Started(Child child, GrowingFile output) {}

    /** Starts a container in such a way that it can be found again, wherever this JVM is killed meanwhile. */
    Started start(ContainerRuntime.Order order, Map<String, Integer> ports, LastWordsFile words, Command command) {
        ContainerRuntime.Identity run = order.identity();
        Key pod = new Key(run.namespace(), run.pod());
        GrowingFile output = GrowingFile.open(state.output(pod, run.container(), run.attempt()));
        try {
            Child child = command.output(Stdio.appendTo(state.output(pod, run.container(), run.attempt())))
                    .outliveJvm(state.exit(pod, run.container(), run.attempt()))
                    .create();
            try {
                begin(order, ports, words, child);
            } catch (RuntimeException | Error failed) {
                child.close();
                throw failed;
            }
            CompletableFuture<Void> unused = child.exited().handle((exit, unreadable) -> {
                output.end();
                return null;
            });
            return new Started(child, output);
        } catch (RuntimeException | Error failed) {
            output.close();
            throw failed;
        }
    }

    private void begin(ContainerRuntime.Order order, Map<String, Integer> ports, LastWordsFile words, Child child) {
        ContainerRuntime.Identity run = order.identity();
        Optional<Cgroup> group = child.find(Cgroup.class);
        Key pod = new Key(run.namespace(), run.pod());
        // Whether it ran out of memory is counted there, for the next plane; another JVM must not sweep it away
        // meanwhile.
        group.ifPresent(own -> own.handTo(child.pid(), state.exit(pod, run.container(), run.attempt())));
        RunRecord record = new RunRecord(
                pod,
                run.container(),
                order.pod().digest(),
                run.attempt(),
                child.id(),
                clock.now(),
                order.pod().terminationGracePeriod(),
                ports,
                group.map(Cgroup::paths).orElse(List.of()),
                child.applied().dropped().stream()
                        .map(entry -> entry.feature() + " " + entry.requested() + ": " + entry.note())
                        .toList(),
                words,
                order.history(),
                Optional.empty());
        ledger.write(record);
        try {
            child.start();
        } catch (RuntimeException | Error failed) {
            Instant now = clock.now();
            ledger.write(record.ended(new ContainerState.Terminated(
                    ContainerRun.CANNOT_EXECUTE,
                    Optional.empty(),
                    ContainerState.START_ERROR,
                    String.valueOf(failed.getMessage()),
                    now,
                    now)));
            throw failed;
        }
        state.forgetBefore(record);
    }

    /** Writes down how a run ended, of which nothing is left. */
    void ended(Key pod, String container, ContainerRuntime.Ended how) {
        ledger.ended(pod, container, known -> terminated(known, how, clock.now()));
    }

    /** What is left of a pod from now on is to be ended by whoever finds it. */
    void leaving(Key pod) {
        state.leaving(pod);
    }

    /** What is done after this start has been done. */
    void postStarted(Key pod, String container, int attempt) {
        state.postStarted(pod, container, attempt);
    }

    /** What is on record of a pod is by this spec from now on. */
    void respecified(Key pod, PodSpec spec) {
        ledger.respecified(pod, spec.digest());
    }

    /** Has nobody find the newest run of a container again: the next one begins anew. */
    void forget(Key pod, String container) {
        ledger.forget(pod, container);
    }

    private static ContainerState.Terminated terminated(RunRecord record, ContainerRuntime.Ended how, Instant at) {
        String left = record.words().text();
        return new ContainerState.Terminated(
                how.exitCode(), how.signal(), how.reason(), left.isEmpty() ? how.message() : left, record.since(), at);
    }

    /** Makes a run of what goes on, which has not begun. */
    interface Maker {
        AdoptedRun of(Adopted process, RunRecord record, Container container, Optional<Cgroup> group);
    }

    /** What is there of a pod; if it is of another spec, or was being ended already, that is ended before. */
    CompletableFuture<List<ContainerRuntime.Former>> takeOver(Key pod, String uid, PodSpec spec, Maker maker) {
        List<RunRecord> records;
        synchronized (this) {
            Optional<CompletableFuture<Void>> under = unwanted.ending(pod);
            if (under.isPresent()) {
                return under.get().thenCompose(done -> takeOver(pod, uid, spec, maker));
            }
            String before = owners.put(pod, uid);
            if (before != null && !before.equals(uid)) {
                ledger.remove(pod); // nothing of that one is left, and what is to be removed must not be this one's
            }
            records = unwanted.take(pod);
        }
        if (records.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        if (!records.stream().allMatch(record -> record.digest().equals(spec.digest()))) {
            LOG.info("pod {}: what runs of it is of another spec and is ended", pod);
            return unwanted.end(pod, records).thenApply(done -> List.of());
        }
        if (state.isLeaving(pod)) {
            LOG.info("pod {}: it was being ended when its JVM died, and is ended", pod);
            return unwanted.end(pod, records).thenApply(done -> List.of());
        }
        List<AdoptedRun> made = new ArrayList<>();
        try {
            List<ContainerRuntime.Former> found = records.stream()
                    .flatMap(record -> spec.allContainers().stream()
                            .filter(container -> container.name().equals(record.container()))
                            .map(container -> former(record, container, maker, made)))
                    .toList();
            made.forEach(AdoptedRun::begin);
            return CompletableFuture.completedFuture(found);
        } catch (RuntimeException | Error failed) {
            made.forEach(AdoptedRun::letGo); // who asks again gets all of them, or none
            synchronized (this) {
                unwanted.putBack(pod, records);
                owners.remove(pod);
            }
            throw failed;
        }
    }

    private ContainerRuntime.Former former(RunRecord record, Container container, Maker maker, List<AdoptedRun> made) {
        ledger.known(record);
        Optional<Adopted> process = record.process();
        if (process.isPresent()) {
            AdoptedRun run = owning(process.get(), () -> maker.of(process.get(), record, container, record.group()));
            made.add(run);
            return new ContainerRuntime.Former(
                    record.container(),
                    record.attempt(),
                    record.since(),
                    Optional.of(run),
                    Optional.empty(),
                    state.isPostStarted(record.pod(), record.container(), record.attempt()),
                    record.history());
        }
        Optional<Exit> exit = record.end().isPresent() ? Optional.empty() : exit(record);
        if (exit.flatMap(known -> known.cause(Cause.NeverExecuted.class)).isPresent()) {
            return neverBegan(record);
        }
        ContainerState.Terminated end = record.end().orElseGet(() -> {
            ContainerRuntime.Ended how = HowEnded.recorded(exit, record.group());
            record.removeGroup();
            Instant at =
                    exit.map(known -> record.since().plus(known.duration())).orElseGet(clock::now);
            ContainerState.Terminated found = terminated(record, how, at);
            ledger.write(record.ended(found));
            return found;
        });
        return new ContainerRuntime.Former(
                record.container(),
                record.attempt(),
                record.since(),
                Optional.empty(),
                Optional.of(end),
                true,
                record.history());
    }

    /** Its JVM died between the record and the program: the same start is still to be made, and nothing has failed. */
    private ContainerRuntime.Former neverBegan(RunRecord record) {
        record.removeGroup();
        ledger.forget(record.pod(), record.container());
        return new ContainerRuntime.Former(
                record.container(),
                record.attempt(),
                record.since(),
                Optional.empty(),
                Optional.empty(),
                false,
                record.history());
    }

    private static AdoptedRun owning(Adopted process, Supplier<AdoptedRun> run) {
        try {
            return run.get();
        } catch (RuntimeException | Error failed) {
            process.close();
            throw failed;
        }
    }

    /** How a run ended of whose group something is left. */
    ContainerRuntime.Ended ended(RunRecord record) {
        return HowEnded.recorded(exit(record), record.group());
    }

    private Optional<Exit> exit(RunRecord record) {
        try {
            return Exit.recorded(state.exit(record.pod(), record.container(), record.attempt()), record.since());
        } catch (UncheckedIOException lost) {
            LOG.warn("pod {}: how container {} ended is not known", record.pod(), record.container(), lost);
            return Optional.empty();
        }
    }

    /** What it writes, from where somebody has stopped to read. */
    GrowingFile output(RunRecord record) {
        return GrowingFile.resume(state.output(record.pod(), record.container(), record.attempt()));
    }

    /** Ends, after the patience, whatever nobody has asked for by then; each pod is told before. */
    Clock.Timer endUnwanted(Duration patience, Executor executor, BiConsumer<Key, String> told) {
        return clock.at(clock.now().plus(patience), () -> {
            try {
                executor.execute(() -> endUnwanted(told));
            } catch (RejectedExecutionException closing) {
                LOG.debug("what nobody wants is ended by the end of the plane", closing);
            }
        });
    }

    /** Begins to end what nobody has asked for so far; {@link #close} waits for it. */
    void endUnwanted(BiConsumer<Key, String> told) {
        unwanted.end(told);
    }

    /** Forgets a pod of which nothing runs any more. */
    synchronized void gone(String uid) {
        List<Key> keys = owners.entrySet().stream()
                .filter(owner -> owner.getValue().equals(uid))
                .map(Map.Entry::getKey)
                .toList();
        for (Key pod : keys) { // one at most
            owners.remove(pod);
            ledger.remove(pod);
        }
    }

    /** Ends what nobody has asked for. */
    @Override
    public void close() {
        try {
            endUnwanted((pod, what) -> LOG.info("pod {}: {}", pod, what));
            unwanted.await();
        } finally {
            state.close();
        }
    }
}
