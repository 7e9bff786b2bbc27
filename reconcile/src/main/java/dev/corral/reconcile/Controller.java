package dev.corral.reconcile;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** Asks a reconciler for plans and carries them out. */
final class Controller<S, T> implements Body {
    /** How often a plan may be outdated before that counts as a failure. */
    private static final int TRIES = 4;

    private final Kind<S, T> kind;
    private final Planner<S, T> planner;
    private final ControllerOptions<S, T> options;
    private final Set<Change> wakeOn;
    private final Store store;
    private final World world;
    private final Events events;
    private final BiConsumer<Resource<?, ?>, List<Effect>> effects;
    private final Shown shown;
    private final String authorPrefix;
    private final Map<Subject, Trail<S, T>> trails = new ConcurrentHashMap<>();

    /** @param effects told of a plan's effects once it is carried out */
    Controller(
            Planner<S, T> planner,
            ControllerOptions<S, T> options,
            Store store,
            World world,
            Events events,
            BiConsumer<Resource<?, ?>, List<Effect>> effects) {
        this.kind = planner.kind();
        this.planner = planner;
        this.options = options;
        this.wakeOn = options.wakeOn.orElseGet(Change::standard);
        this.store = store;
        this.world = world;
        this.events = events;
        this.effects = effects;
        this.shown = new Shown(kind);
        this.authorPrefix = name() + " controller, ";
    }

    @Override
    public String name() {
        return kind.name();
    }

    @Override
    public Optional<Kind<?, ?>> kind() {
        return Optional.of(kind);
    }

    Planner<S, T> planner() {
        return planner;
    }

    /** Itself, its controller owner and whoever would adopt it. */
    @Override
    public Set<Subject> wokenBy(StoreEvent<?, ?> event) {
        Resource<?, ?> before = event.before().orElse(null);
        Resource<?, ?> after = event.after().orElse(null);
        Resource<?, ?> latest = after != null ? after : before;
        if (latest == null || !(concerned(latest) || (before != null && concerned(before)))) {
            return Set.of();
        }
        Set<Subject> woken = new LinkedHashSet<>();
        if (latest.kind().equals(kind) && (before == null || after == null || Change.any(wakeOn, before, after))) {
            woken.add(Subject.of(latest));
        }
        if (before != null
                && (after == null
                        || !before.metadata().owners().equals(after.metadata().owners()))) {
            addOwner(before, woken);
        }
        if (after != null) {
            addOwner(after, woken);
            addAdopters(after, woken);
        }
        return woken;
    }

    /** False only if a resource, as it is, has surely nothing to do with this controller: as most have. */
    private boolean concerned(Resource<?, ?> changed) {
        if (changed.kind().equals(kind)) {
            return true;
        }
        for (OwnerReference owner : changed.metadata().owners()) {
            if (owner.kind().equals(kind.name())) {
                return true;
            }
        }
        for (Adoption<S, ?, ?> adoption : options.adoptions) {
            if (changed.kind().equals(adoption.kind())) {
                return true;
            }
        }
        return false;
    }

    private void addOwner(Resource<?, ?> changed, Set<Subject> woken) {
        if (!wakeOn.contains(Change.CHILD)) {
            return;
        }
        for (OwnerReference owner : changed.metadata().owners()) {
            if (owner.controller() && owner.kind().equals(kind.name())) {
                woken.add(new Subject(kind, new Key(changed.metadata().namespace(), owner.name())));
            }
        }
    }

    private void addAdopters(Resource<?, ?> changed, Set<Subject> woken) {
        for (Adoption<S, ?, ?> adoption : options.adoptions) {
            if (changed.kind().equals(adoption.kind())
                    && changed.metadata().owner().isEmpty()) {
                store.snapshot().list(kind, changed.metadata().namespace()).stream()
                        .filter(owner -> adoption.wants(owner, changed))
                        .forEach(owner -> woken.add(Subject.of(owner)));
            }
        }
    }

    @Override
    public boolean own(StoreEvent<?, ?> event, Subject subject) {
        return event.author().startsWith(authorPrefix) && event.author().equals(author(subject));
    }

    @Override
    public void woken(Subject subject) {
        Trail<S, T> trail = trails.get(subject);
        if (trail != null) {
            trail.disturbed();
        }
    }

    @Override
    public Outcome handle(Subject subject, Round round) throws Exception {
        String author = author(subject);
        for (int tries = 1; ; tries++) {
            Snapshot snapshot = store.snapshot(author);
            Optional<Resource<S, T>> resource =
                    snapshot.get(kind, subject.key()).filter(planner::concerns);
            if (resource.isEmpty()) {
                trails.remove(subject);
                return new Outcome.Done();
            }
            if (adopt(author, snapshot, resource.get())) {
                continue;
            }
            Instant now = world.clock().now();
            Trail<S, T> trail = trails.computeIfAbsent(subject, absent -> new Trail<>());
            Context<S, T> context =
                    new Pass<>(snapshot, resource.get(), now, round.attempt(), trail.previous(), store.transactional());
            Plan<T> plan = round.guard().call(() -> planner.plan(context));
            Commit commit = planner.commit(author, context, plan, shown);
            CommitResult result = carryOut(commit);
            if (result.ok()) {
                return done(trail, round, context, plan, new Carried(commit, result));
            }
            if (tries == TRIES) {
                throw new PlanOutdated(subject, result.refusal().orElseThrow());
            }
        }
    }

    /** Answers whether something was adopted or released, so that the pass begins again. */
    private boolean adopt(String author, Snapshot snapshot, Resource<S, T> resource) {
        boolean changed = false;
        for (Adoption<S, ?, ?> adoption : options.adoptions) {
            Commit commit = adoption.commit(author, snapshot, resource);
            if (commit.size() > 0) {
                changed = carryOut(commit).ok() || changed;
            }
        }
        return changed;
    }

    /** Nothing to write is done without the store; a store without transactions gets one write after the other. */
    private CommitResult carryOut(Commit commit) {
        CommitResult last = new CommitResult(0, List.of());
        if (commit.size() == 0) {
            return last;
        }
        Commit fenced = commit.epoch(world.leadership().epoch().orElseThrow(LeadershipLost::new));
        for (Commit step : store.transactional() ? List.of(fenced) : fenced.steps()) {
            last = store.commit(step);
            if (last.refusal().orElse(null) instanceof WriteResult.Fenced<?, ?> refusal) {
                throw new LeadershipLost(refusal);
            }
            if (!last.ok()) {
                break;
            }
        }
        return last;
    }

    /** A commit that was carried out. */
    private record Carried(Commit commit, CommitResult result) {
        boolean wrote() {
            for (WriteResult<?, ?> each : result.results()) {
                if (each instanceof WriteResult.Written) {
                    return true;
                }
            }
            return false;
        }
    }

    private Outcome done(Trail<S, T> trail, Round round, Context<S, T> context, Plan<T> plan, Carried carried) {
        Instant now = context.now();
        Subject subject = Subject.of(context.resource());
        tellPutBack(subject, round, context, carried, trail.last());
        plan.told().forEach(told -> tell(told.type(), subject, told.reason(), told.message(), round));
        trail.passed(context.resource(), plan, carried.wrote(), now)
                .ifPresent(differences ->
                        tell(Event.Type.WARNING, subject, "HotLoop", hotLoop(differences, carried.commit()), round));
        if (!plan.effects().isEmpty()) {
            effects.accept(context.resource(), plan.effects());
        }
        if (plan.failing().isPresent()) {
            Plan.Failing why = plan.failing().get();
            return new Outcome.Failed(why.reason(), why.message(), Optional.empty());
        }
        Optional<Instant> wake = plan.wake(now);
        Optional<Instant> earliest = trail.penalty().map(world.clock().now()::plus);
        if (wake.isPresent() && earliest.isPresent() && wake.get().isBefore(earliest.get())) {
            wake = earliest;
        }
        return wake.<Outcome>map(Outcome.WakeAt::new).orElseGet(Outcome.Done::new);
    }

    private static String hotLoop(List<String> differences, Commit commit) {
        return Trail.HOT + " passes in a row have written although nobody else did anything; "
                + (differences.isEmpty()
                        ? "the last two plans are the same, but what is stored differs from them each time (" + commit
                                + ")"
                        : "the last two plans differ in " + String.join("; ", differences));
    }

    /** A child that the last plan listed in the same way and that had to be written again was changed by somebody else. */
    private void tellPutBack(
            Subject subject, Round round, Context<S, T> context, Carried carried, Optional<Plan<T>> last) {
        if (last.isEmpty() || !carried.wrote()) {
            return;
        }
        List<Declared<?, ?>> before = last.get().listed();
        List<Write<?, ?>> writes = carried.commit().writes();
        List<WriteResult<?, ?>> results = carried.result().results();
        for (int i = 0; i < Math.min(writes.size(), results.size()); i++) {
            if (writes.get(i) instanceof Write.Apply<?, ?> apply
                    && results.get(i) instanceof WriteResult.Written<?, ?> written) {
                context.snapshot()
                        .get(apply.declared().kind(), apply.key())
                        .filter(old -> old.metadata()
                                .uid()
                                .equals(written.written().metadata().uid()))
                        .filter(old -> before.contains(apply.declared()))
                        .ifPresent(old -> tell(
                                Event.Type.WARNING,
                                subject,
                                "PutBack",
                                apply.title() + " was changed by somebody else and is put back: "
                                        + String.join("; ", Differences.between(old, written.written())),
                                round));
            }
        }
    }

    /** Shows what went wrong in the resource's status: what the controller makes of it, or else the engine's condition. */
    @Override
    public void show(Subject subject, Outcome outcome, Round round) {
        Snapshot snapshot = store.snapshot();
        Optional<Resource<S, T>> found = snapshot.get(kind, subject.key());
        if (found.isEmpty()) {
            return;
        }
        Resource<S, T> resource = found.get();
        Instant now = world.clock().now();
        if (options.onError.isPresent() && outcome.error().orElse(null) instanceof Exception error) {
            Context<S, T> context =
                    new Pass<>(snapshot, resource, now, round.attempt(), Optional.empty(), store.transactional());
            Optional<T> status = options.onError.get().status(context, error);
            if (status.isPresent()) {
                write(Commit.by(author(subject)).decide(resource.status(status.get())));
                return;
            }
        }
        condition(resource, outcome)
                .flatMap(reason -> shown.failed(resource, reason, message(outcome), now))
                .filter(status -> !status.equals(resource.status()))
                .ifPresent(status -> write(Commit.by(author(subject)).updateStatus(resource.status(status))));
    }

    /** The reason to show; empty for what may be over at the next try. */
    private static Optional<String> condition(Resource<?, ?> resource, Outcome outcome) {
        if (outcome instanceof Outcome.Failed failed) {
            return Optional.of(failed.reason());
        }
        return outcome.error()
                .filter(error ->
                        error instanceof AlreadyOwned || resource.metadata().terminating())
                .map(error -> error.getClass().getSimpleName());
    }

    private static String message(Outcome outcome) {
        return outcome instanceof Outcome.Failed failed
                ? failed.message()
                : outcome.error().map(Throwable::toString).orElse("");
    }

    /** A refusal is no matter: what has changed meanwhile wakes the key again. */
    private void write(Commit commit) {
        world.leadership().epoch().ifPresent(epoch -> store.commit(commit.epoch(epoch)));
    }

    @Override
    public boolean exists(Subject subject) {
        return store.snapshot().get(kind, subject.key()).isPresent();
    }

    private void tell(Event.Type type, Subject subject, String reason, String message, Round round) {
        events.tell(type, name(), subject, reason, message, round.id());
    }

    private String author(Subject subject) {
        return authorPrefix + subject.key();
    }
}
