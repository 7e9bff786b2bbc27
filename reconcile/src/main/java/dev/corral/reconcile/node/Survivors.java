package dev.corral.reconcile.node;

import dev.corral.Adopted;
import dev.corral.Child;
import dev.corral.ChildGone;
import dev.corral.Command;
import dev.corral.CorralException;
import dev.corral.Exit;
import dev.corral.Signal;
import dev.corral.SignalDenied;
import dev.corral.Stdio;
import dev.corral.cgroups.Cgroup;
import dev.corral.cgroups.CgroupException;
import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.DeletePolicy;
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
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private static final Duration AFTER_GRACE = Duration.ofSeconds(10);

    private final StateDirectory state;
    private final Clock clock;
    private final Consumer<RunRecord> release;
    /** What nobody has asked for so far. */
    private final Map<Key, List<RunRecord>> unwanted = new TreeMap<>();
    /** What is being ended. */
    private final Map<Key, CompletableFuture<Void>> ending = new HashMap<>();
    /** Whose the records of a pod's name are. */
    private final Map<Key, String> owners = new HashMap<>();

    private final Map<Key, Map<String, RunRecord>> newest = new HashMap<>();

    private Survivors(StateDirectory state, Clock clock, Consumer<RunRecord> release) {
        this.state = state;
        this.clock = clock;
        this.release = release;
        state.records()
                .forEach(record -> unwanted.computeIfAbsent(record.pod(), pod -> new ArrayList<>())
                        .add(record));
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

    /** All that there was at the beginning. */
    synchronized List<RunRecord> unwanted() {
        return unwanted.values().stream().flatMap(List::stream).toList();
    }

    /**
     * A container that is on record and runs.
     *
     * @param output what it writes
     */
    record Started(Child child, GrowingFile output) {}

    /** Starts a container in such a way that it can be found again, wherever this JVM is killed meanwhile. */
    Started start(ContainerRuntime.Order order, Map<String, Integer> ports, Command command) {
        ContainerRuntime.Identity run = order.identity();
        Key pod = new Key(run.namespace(), run.pod());
        GrowingFile output = GrowingFile.open(state.output(pod, run.container(), run.attempt()));
        try {
            Child child = command.output(Stdio.appendTo(state.output(pod, run.container(), run.attempt())))
                    .outliveJvm(state.exit(pod, run.container(), run.attempt()))
                    .create();
            try {
                begin(order, ports, child);
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

    private void begin(ContainerRuntime.Order order, Map<String, Integer> ports, Child child) {
        ContainerRuntime.Identity run = order.identity();
        Optional<Cgroup> group = child.find(Cgroup.class);
        group.ifPresent(own -> own.handTo(child.pid()));
        RunRecord record = new RunRecord(
                new Key(run.namespace(), run.pod()),
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
                Optional.empty());
        write(record);
        try {
            child.start();
        } catch (RuntimeException | Error failed) {
            Instant now = clock.now();
            write(record.ended(new ContainerState.Terminated(
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

    private void write(RunRecord record) {
        synchronized (this) {
            newest.computeIfAbsent(record.pod(), pod -> new HashMap<>()).put(record.container(), record);
        }
        state.write(record);
    }

    /** Writes down how a run ended, of which nothing is left. */
    void ended(Key pod, String container, ContainerRuntime.Ended how) {
        Optional<RunRecord> record;
        synchronized (this) {
            record = Optional.ofNullable(newest.getOrDefault(pod, Map.of()).get(container));
        }
        record.ifPresent(known -> write(known.ended(terminated(known, how, clock.now()))));
    }

    private static ContainerState.Terminated terminated(RunRecord record, ContainerRuntime.Ended how, Instant at) {
        return new ContainerState.Terminated(
                how.exitCode(), how.signal(), how.reason(), how.message(), record.since(), at);
    }

    /** Makes a run of what goes on, which has not begun. */
    interface Maker {
        AdoptedRun of(Adopted process, RunRecord record, Container container, Optional<Cgroup> group);
    }

    /** What is there of a pod; if it is of another spec, that is ended before. */
    CompletableFuture<List<ContainerRuntime.Former>> takeOver(Key pod, String uid, PodSpec spec, Maker maker) {
        List<RunRecord> records;
        synchronized (this) {
            CompletableFuture<Void> under = ending.get(pod);
            if (under != null) {
                return under.thenCompose(done -> takeOver(pod, uid, spec, maker));
            }
            String before = owners.put(pod, uid);
            if (before != null && !before.equals(uid)) {
                state.remove(pod); // nothing of that one is left, and what is to be removed must not be this one's
                newest.remove(pod);
            }
            records = Optional.ofNullable(unwanted.remove(pod)).orElse(List.of());
        }
        if (records.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        if (!records.stream().allMatch(record -> record.digest().equals(spec.digest()))) {
            LOG.info("pod {}: what runs of it is of another spec and is ended", pod);
            return end(pod, records).thenApply(done -> List.of());
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
                unwanted.put(pod, records);
                owners.remove(pod);
            }
            throw failed;
        }
    }

    private ContainerRuntime.Former former(RunRecord record, Container container, Maker maker, List<AdoptedRun> made) {
        synchronized (this) {
            newest.computeIfAbsent(record.pod(), pod -> new HashMap<>()).put(record.container(), record);
        }
        Optional<Adopted> process = record.end().isPresent() ? Optional.empty() : find(record);
        if (process.isPresent()) {
            AdoptedRun run = owning(process.get(), () -> maker.of(process.get(), record, container, group(record)));
            made.add(run);
            return new ContainerRuntime.Former(
                    record.container(), record.attempt(), record.since(), Optional.of(run), Optional.empty());
        }
        ContainerState.Terminated end = record.end().orElseGet(() -> {
            removeGroup(record);
            Optional<Exit> exit = exit(record);
            Instant at =
                    exit.map(known -> record.since().plus(known.duration())).orElseGet(clock::now);
            ContainerState.Terminated found = terminated(record, HowEnded.recorded(exit), at);
            write(record.ended(found));
            return found;
        });
        return new ContainerRuntime.Former(
                record.container(), record.attempt(), record.since(), Optional.empty(), Optional.of(end));
    }

    private static AdoptedRun owning(Adopted process, Supplier<AdoptedRun> run) {
        try {
            return run.get();
        } catch (RuntimeException | Error failed) {
            process.close();
            throw failed;
        }
    }

    /** How a run ended, if its init has written it down. */
    Optional<Exit> exit(RunRecord record) {
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

    private static Optional<Adopted> find(RunRecord record) {
        try {
            return Optional.of(Adopted.of(record.child()));
        } catch (ChildGone ended) {
            return Optional.empty();
        }
    }

    static Optional<Cgroup> group(RunRecord record) {
        return record.groups().isEmpty() ? Optional.empty() : Cgroups.detect().at(record.groups());
    }

    static void removeGroup(RunRecord record) {
        try {
            group(record).ifPresent(group -> group.delete(DeletePolicy.KILL_FIRST));
        } catch (CgroupException refused) {
            LOG.warn("the group of container {} of pod {} is left", record.container(), record.pod(), refused);
        }
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

    private void endUnwanted(BiConsumer<Key, String> told) {
        for (Key pod : pods()) {
            List<RunRecord> records;
            synchronized (this) {
                records = Optional.ofNullable(unwanted.remove(pod)).orElse(List.of());
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

    private synchronized List<Key> pods() {
        return List.copyOf(unwanted.keySet());
    }

    /**
     * In order: SIGTERM to all, SIGKILL after the grace; then nothing of the pod is left, and it is forgotten. What can't be
     * ended stays on record.
     */
    private CompletableFuture<Void> end(Key pod, List<RunRecord> records) {
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
                        state.remove(pod);
                    } else {
                        LOG.warn("what runs of pod {} could not be ended", pod, failed);
                        unwanted.put(pod, records);
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
            Optional<Adopted> process = record.end().isPresent() ? Optional.empty() : find(record);
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
        removeGroup(record);
        release.accept(record);
    }

    private static void signal(Adopted process, Signal signal) {
        try {
            process.signal(signal);
        } catch (SignalDenied | IllegalStateException ended) {
            LOG.warn("{} could not be sent {}", process, signal, ended);
        }
    }

    /** Forgets a pod of which nothing runs any more. */
    synchronized void gone(String uid) {
        List<Key> keys = owners.entrySet().stream()
                .filter(owner -> owner.getValue().equals(uid))
                .map(Map.Entry::getKey)
                .toList();
        for (Key pod : keys) { // one at most
            owners.remove(pod);
            newest.remove(pod);
            state.remove(pod);
        }
    }

    /** Ends what nobody has asked for. */
    @Override
    public void close() {
        Duration longest = unwanted().stream()
                .map(RunRecord::grace)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        endUnwanted((pod, what) -> LOG.info("pod {}: {}", pod, what));
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
        } finally {
            state.close();
        }
    }
}
