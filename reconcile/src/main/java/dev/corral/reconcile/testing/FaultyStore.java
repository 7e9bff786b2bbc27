package dev.corral.reconcile.testing;

import dev.corral.reconcile.Commit;
import dev.corral.reconcile.CommitResult;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Preview;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.Watch;
import dev.corral.reconcile.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A world's store as one process sees it: the real one, on which faults strike, until the process has crashed. */
final class FaultyStore implements Store {
    /** Who commits what effects gave. */
    private static final String EFFECTS = "effects";

    private final SimulatedWorld world;
    private final Store store;
    private final Life life;
    private final Site site;
    private final Cache cache = new Cache();
    private final List<Runnable> listeners = new ArrayList<>();
    private boolean answerLost;
    private boolean dying;

    /** @param site what befalls commits of this process */
    FaultyStore(SimulatedWorld world, Life life, Site site) {
        this.world = world;
        this.store = world.store();
        this.life = life;
        this.site = site;
    }

    Life life() {
        return life;
    }

    Cache cache() {
        return cache;
    }

    List<Strike> strikes(Site where) {
        return site == Site.CONTROLLER_WRITE ? world.strikes(where) : List.of();
    }

    /** Something that happens to this process after a while; then its watches are looked at. */
    void later(String label, Duration delay, Runnable body) {
        life.at(world.now().plus(delay), label, () -> {
            body.run();
            List.copyOf(listeners).forEach(Runnable::run);
        });
    }

    @Override
    public Snapshot snapshot() {
        life.check();
        return store.snapshot();
    }

    @Override
    public Snapshot snapshot(String author) {
        life.check();
        if (author.equals(EFFECTS)) {
            strikes(Site.EFFECT).forEach(this::befallEffect);
        }
        Snapshot seen = cache.seenBy(author, store.snapshot());
        world.timeline().looks(author, seen);
        return seen;
    }

    private void befallEffect(Strike strike) {
        if (strike.trouble() == Trouble.EFFECT_FAILS_BEFORE) {
            throw world.injected(life, "the effect could not be begun");
        }
        dying = dying || strike.trouble() == Trouble.CRASH_AFTER_EFFECT;
        answerLost = answerLost || strike.trouble() == Trouble.EFFECT_SUCCEEDS_BUT_ERRORS;
    }

    @Override
    public CommitResult commit(Commit commit) {
        life.check();
        if (dying && commit.author().equals(EFFECTS)) {
            world.crash(this);
            throw new Life.Killed();
        }
        if (answerLost && commit.author().equals(EFFECTS)) {
            answerLost = false;
            throw world.injected(life, "the effect is done, but its answer is lost");
        }
        List<Strike> strikes = new ArrayList<>(world.strikes(Site.WRITE));
        strikes.addAll(strikes(Site.CONTROLLER_WRITE));
        if (strikes.isEmpty()) {
            return done(commit);
        }
        strikes.forEach(this::before);
        life.check();
        if (struck(strikes, Trouble.WRITE_FAILS_BEFORE)) {
            throw world.injected(life, "the store could not be reached; nothing was written");
        }
        if (struck(strikes, Trouble.CONFLICT)) {
            WriteResult<?, ?> conflict = new WriteResult.Refused<>(commit.toString(), "a conflict that nobody caused");
            return new CommitResult(store.snapshot().version(), List.of(conflict));
        }
        CommitResult result = done(commit);
        if (struck(strikes, Trouble.CRASH_AFTER_WRITE)) {
            world.crash(this);
            throw new Life.Killed();
        }
        if (struck(strikes, Trouble.WRITE_SUCCEEDS_BUT_ERRORS)) {
            throw world.injected(life, "the store did not answer; what was asked of it is done or not");
        }
        return result;
    }

    private void before(Strike strike) {
        switch (strike.trouble()) {
            case CACHE_LAG -> lag(strike.first(), strike.duration());
            case SLOW_RECONCILE -> world.passTime(strike.duration());
            case LEADER_PAUSE -> world.changeLeader(this, strike.duration());
            default -> {} // what befalls the commit itself
        }
    }

    private void lag(String kind, Duration until) {
        cache.freeze(kind, store.snapshot());
        later("the cache of " + kind + " catches up", until, () -> cache.thaw(kind));
    }

    private CommitResult done(Commit commit) {
        long before = store.snapshot().version();
        CommitResult result = store.commit(commit);
        cache.committed(commit.author(), store.snapshot());
        world.committed(site, result, result.version() != before);
        return result;
    }

    private static boolean struck(List<Strike> strikes, Trouble trouble) {
        return strikes.stream().anyMatch(strike -> strike.trouble() == trouble);
    }

    @Override
    public Preview preview(Commit commit) {
        life.check();
        return store.preview(commit);
    }

    @Override
    public boolean transactional() {
        return world.setting().transactions();
    }

    @Override
    public <S, T> Watch<S, T> watch(Kind<S, T> kind) {
        return new FaultyWatch<>(store.watch(kind), this);
    }

    @Override
    public <S, T> Watch<S, T> watch(Kind<S, T> kind, long after) {
        return new FaultyWatch<>(store.watch(kind, after), this);
    }

    @Override
    public Watch<?, ?> watchAll() {
        return faulty(store.watchAll());
    }

    private <S, T> Watch<S, T> faulty(Watch<S, T> watch) {
        return new FaultyWatch<>(watch, this);
    }

    @Override
    public Runnable onChange(Runnable callee) {
        listeners.add(callee);
        return () -> listeners.remove(callee);
    }

    /** Something was written, by anybody. */
    void changed() {
        if (!life.ended()) {
            listeners.forEach(Runnable::run);
        }
    }
}
