package dev.corral.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store within this JVM. A snapshot is a pointer; writers take turns; readers never wait. */
final class MemoryStore implements Store {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryStore.class);

    private final Clock clock;
    private final Supplier<String> uids;
    private final BriefLock lock = new BriefLock();
    private final Condition changed = lock.newCondition();
    private final EventLog log;
    private final Sound sound = new Sound();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile State state = State.empty();

    /** @param remembered how many events a watch may lag behind */
    MemoryStore(Clock clock, Supplier<String> uids, int remembered) {
        this.clock = clock;
        this.uids = uids;
        this.log = new EventLog(remembered);
    }

    @Override
    public Snapshot snapshot() {
        return state;
    }

    @Override
    public CommitResult commit(Commit commit) {
        CommitResult result;
        lock.lock();
        try {
            long before = state.version();
            result = commitLocked(commit);
            if (result.version() == before) {
                return result;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        listeners.forEach(Listener::call);
        return result;
    }

    private CommitResult commitLocked(Commit commit) {
        Outcome outcome = Outcome.of(commit, state, clock.now(), uids, sound);
        state = outcome.state();
        outcome.events().forEach(log::append);
        return outcome.result();
    }

    @Override
    public Preview preview(Commit commit) {
        AtomicInteger number = new AtomicInteger();
        return MemoryPreview.of(commit, state, clock.now(), () -> "preview-" + number.incrementAndGet());
    }

    /**
     * How a commit ends.
     *
     * @param state the next one; the one before if a write was refused
     */
    record Outcome(State state, CommitResult result, List<StoreEvent<?, ?>> events) {
        static Outcome of(Commit commit, State before, Instant now, Supplier<String> uids, Sound sound) {
            State state = before;
            if (commit.epoch().isPresent()) {
                long epoch = commit.epoch().getAsLong();
                if (epoch < before.epoch()) {
                    return refused(before, new WriteResult.Fenced<>(epoch, before.epoch()));
                }
                state = before.epoch(epoch);
            }
            Draft draft = new Draft(state, now, uids, commit.author(), new Admitted(sound));
            Transaction transaction = new Transaction(draft);
            List<WriteResult<?, ?>> results = new ArrayList<>(commit.writes().size());
            for (Write<?, ?> write : commit.writes()) {
                WriteResult<?, ?> result = transaction.perform(write);
                if (!result.ok()) {
                    return refused(state, result);
                }
                results.add(result);
            }
            State next = draft.state();
            return new Outcome(next, new CommitResult(next.version(), results), draft.events());
        }

        private static Outcome refused(State state, WriteResult<?, ?> refusal) {
            return new Outcome(state, new CommitResult(state.version(), List.of(refusal)), List.of());
        }
    }

    @Override
    public <S, T> Watch<S, T> watch(Kind<S, T> kind) {
        return new MemoryWatch<>(this, Optional.of(kind));
    }

    @Override
    public <S, T> Watch<S, T> watch(Kind<S, T> kind, long after) {
        return new MemoryWatch<>(this, Optional.of(kind), after);
    }

    @Override
    public Watch<?, ?> watchAll() {
        return new MemoryWatch<>(this, Optional.empty());
    }

    @Override
    public Runnable onChange(Runnable callee) {
        Listener listener = new Listener(callee);
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** The events from a number on, and the state they lead to. */
    Read read(long from) {
        lock.lock();
        try {
            return new Read(log.from(from), log.next(), log.lastForgotten(), state);
        } finally {
            lock.unlock();
        }
    }

    /** The number of the first event after a version. */
    long numberAfter(long version) {
        lock.lock();
        try {
            return log.after(version).orElseThrow(() -> new WatchExpired(version, log.lastForgotten()));
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a supplier has something or the time is up; the supplier is asked again after each change. */
    <E> List<E> await(Duration timeout, Supplier<List<E>> events, BooleanSupplier over) throws InterruptedException {
        Instant deadline = clock.now().plus(timeout);
        lock.lockInterruptibly();
        try {
            return await(deadline, events, over);
        } finally {
            lock.unlock();
        }
    }

    private <E> List<E> await(Instant deadline, Supplier<List<E>> events, BooleanSupplier over)
            throws InterruptedException {
        Clock.Timer timer = clock.at(deadline, this::wakeWaiters);
        try {
            while (true) {
                List<E> found = events.get();
                if (!found.isEmpty() || over.getAsBoolean() || !clock.now().isBefore(deadline)) {
                    return found;
                }
                changed.await();
            }
        } finally {
            timer.cancel();
        }
    }

    /** Makes everybody who waits look again. */
    void wakeWaiters() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * What a watch reads in one go.
     *
     * @param events empty if some of them are forgotten
     * @param next the number to read from next
     * @param lastForgotten the version of the youngest event forgotten
     * @param state what is stored once they have happened
     */
    record Read(Optional<List<StoreEvent<?, ?>>> events, long next, long lastForgotten, State state) {}

    /** Compared by identity, so that ending one registration leaves an equal one alone. */
    private static final class Listener {
        private final Runnable callee;

        Listener(Runnable callee) {
            this.callee = callee;
        }

        void call() {
            try {
                callee.run();
            } catch (RuntimeException e) {
                LOG.error("a listener of the store threw; the write is done all the same", e);
            }
        }
    }
}
