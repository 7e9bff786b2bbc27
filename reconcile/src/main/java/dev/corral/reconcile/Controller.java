package dev.corral.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Asks a reconciler for plans and carries them out. */
final class Controller<S, T> implements Body {
    /** How often a plan may be outdated before that counts as a failure. */
    private static final int TRIES = 4;

    private final Kind<S, T> kind;
    private final Reconciler<S, T> reconciler;
    private final ControllerOptions<S, T> options;
    private final Store store;
    private final Clock clock;
    private final Leadership leadership;
    private final Events events;

    Controller(
            Kind<S, T> kind,
            Reconciler<S, T> reconciler,
            ControllerOptions<S, T> options,
            Store store,
            World world,
            Events events) {
        this.kind = kind;
        this.reconciler = reconciler;
        this.options = options;
        this.store = store;
        this.clock = world.clock();
        this.leadership = world.leadership();
        this.events = events;
    }

    @Override
    public String name() {
        return kind.name();
    }

    /** Itself, its controller owner and its relations wake; nothing wakes because of what a pass for it wrote. */
    @Override
    public Set<Subject> wokenBy(StoreEvent<?, ?> event) {
        Set<Subject> woken = new HashSet<>();
        if (concernsItself(event)) {
            event.latest().map(Subject::of).filter(this::mine).ifPresent(woken::add);
        }
        event.before().ifPresent(resource -> addRelated(resource, woken));
        event.after().ifPresent(resource -> addRelated(resource, woken));
        event.after().ifPresent(resource -> addAdopters(resource, woken));
        woken.removeIf(subject -> event.author().equals(author(subject)));
        return woken;
    }

    @Override
    public Optional<Duration> handle(Subject subject) throws Exception {
        try {
            return pass(subject);
        } catch (InvalidSpec | AlreadyOwned refused) {
            show(subject, refused);
            throw refused;
        }
    }

    /** Lets the status tell of an error. A refusal is no matter: what has changed meanwhile wakes the key again. */
    private void show(Subject subject, Exception error) {
        Snapshot snapshot = store.snapshot(author(subject));
        Resource<S, T> resource = snapshot.get(kind, subject.key()).orElse(null);
        if (options.onError.isEmpty() || resource == null || resource.metadata().terminating()) {
            return;
        }
        options.onError
                .get()
                .status(Context.of(snapshot, resource, clock.now()), error)
                .filter(status -> !status.equals(resource.status())
                        || !resource.metadata().observed())
                .ifPresent(status -> leadership.epoch().ifPresent(epoch -> store.commit(Commit.by(author(subject))
                        .decide(resource.status(status))
                        .epoch(epoch))));
    }

    private Optional<Duration> pass(Subject subject) throws Exception {
        for (int tries = 1; ; tries++) {
            Snapshot snapshot = store.snapshot(author(subject));
            Optional<Resource<S, T>> resource = snapshot.get(kind, subject.key())
                    .filter(found -> !found.metadata().terminating());
            if (resource.isEmpty()) {
                return Optional.empty();
            }
            if (adopted(subject, snapshot, resource.get())) {
                continue;
            }
            Instant now = clock.now();
            Plan<T> plan = reconciler.reconcile(Context.of(snapshot, resource.get(), now));
            CommitResult result = carryOut(PlanCommit.of(author(subject), snapshot, resource.get(), plan));
            if (result.ok()) {
                plan.told().forEach(told -> events.tell(told.type(), name(), subject, told.reason(), told.message()));
                return plan.wake(now).map(when -> Duration.between(now, when));
            }
            if (tries >= TRIES) {
                throw new PlanOutdated(subject, result.refusal().orElseThrow());
            }
        }
    }

    /**
     * Whether something was adopted or released, so that the pass begins again. What can't be, because it has changed meanwhile,
     * wakes the key again.
     */
    private boolean adopted(Subject subject, Snapshot snapshot, Resource<S, T> resource) {
        boolean changed = false;
        for (Adoption<S, ?, ?> adoption : options.adoptions) {
            Commit commit = adoption.commit(author(subject), snapshot, resource);
            if (commit.size() > 0) {
                long before = store.snapshot().version();
                CommitResult result = carryOut(commit);
                changed |= result.ok() && result.version() != before;
            }
        }
        return changed;
    }

    /** Nothing to write is done without the store; a store without transactions gets one write after the other. */
    private CommitResult carryOut(Commit commit) {
        if (commit.size() == 0) {
            return new CommitResult(store.snapshot().version(), List.of());
        }
        Commit fenced = commit.epoch(leadership.epoch().orElseThrow(LeadershipLost::new));
        if (store.transactional()) {
            return store.commit(fenced);
        }
        CommitResult last = new CommitResult(store.snapshot().version(), List.of());
        for (Commit step : fenced.steps()) {
            last = store.commit(step);
            if (!last.ok()) {
                break;
            }
        }
        return last;
    }

    @Override
    public boolean exists(Subject subject) {
        return store.snapshot().get(kind, subject.key()).isPresent();
    }

    private boolean mine(Subject subject) {
        return subject.kind().equals(kind);
    }

    /** Whether anything but the status has changed. */
    private static boolean concernsItself(StoreEvent<?, ?> event) {
        if (event.before().isEmpty() || event.after().isEmpty()) {
            return true;
        }
        Metadata before = event.before().get().metadata();
        Metadata after = event.after().get().metadata();
        return before.generation() != after.generation()
                || !before.labels().equals(after.labels())
                || !before.annotations().equals(after.annotations());
    }

    private void addRelated(Resource<?, ?> changed, Set<Subject> woken) {
        Metadata metadata = changed.metadata();
        metadata.owner()
                .filter(owner -> owner.kind().equals(kind.name()))
                .ifPresent(owner -> woken.add(new Subject(kind, new Key(metadata.namespace(), owner.name()))));
        options.relations
                .forEach(relation -> relation.keys(changed).forEach(key -> woken.add(new Subject(kind, key))));
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

    private String author(Subject subject) {
        return name() + " controller, " + subject.key();
    }
}
