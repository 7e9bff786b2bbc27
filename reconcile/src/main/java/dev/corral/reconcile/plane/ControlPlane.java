package dev.corral.reconcile.plane;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Event;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.LabelSelector;
import dev.corral.reconcile.PlannedChange;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.Subscription;
import dev.corral.reconcile.Watch;
import dev.corral.reconcile.workload.ContainerLog;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.DeploymentSpec;
import dev.corral.reconcile.workload.LogLine;
import dev.corral.reconcile.workload.LogQuery;
import dev.corral.reconcile.workload.ReplicaSet;
import dev.corral.reconcile.workload.ReplicaSetSpec;
import dev.corral.reconcile.workload.Revision;
import dev.corral.reconcile.workload.Revisioned;
import dev.corral.reconcile.workload.StatefulSet;
import dev.corral.reconcile.workload.StatefulSetSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Keeps what is declared running as child processes of this JVM. Everything is in the default namespace. Belongs to who started
 * it; closing it ends every process it has started. Safe for any thread.
 */
public final class ControlPlane implements AutoCloseable {
    private final Store store;
    private final Machinery machinery;
    private final Rollouts rollouts;

    ControlPlane(Store store, Machinery machinery) {
        this.store = store;
        this.rollouts = new Rollouts(store);
        this.machinery = machinery;
    }

    /** A control plane within this JVM, to be started. */
    public static LocalPlane local() {
        return LocalPlane.standard();
    }

    /**
     * Makes it so: creates what is declared, or changes what is there.
     *
     * @throws dev.corral.reconcile.InvalidSpec if it breaks rules of its kind; the message lists all that is wrong
     * @throws PlaneClosed during and after {@link #close}
     */
    public <S, T> Resource<S, T> apply(Declared<S, T> declared) {
        return machinery.whileOpen(() -> store.apply(declared).orThrow());
    }

    /**
     * A dry run: what would change if this were applied, by it and by the plans that follow from it. Nothing is stored or
     * started; what controllers do later, when statuses have changed, isn't part of it.
     *
     * @throws dev.corral.reconcile.InvalidSpec if it breaks rules of its kind; the message lists all that is wrong
     * @throws Exception whatever a reconciler throws
     */
    public List<PlannedChange> plan(Declared<?, ?> declared) throws Exception {
        return machinery.controllers().plan(declared);
    }

    /**
     * Has a resource deleted, with everything it owns; false if there is none. Processes end within their grace.
     *
     * @throws PlaneClosed during and after {@link #close}, which deletes everything that runs
     */
    public boolean delete(Kind<?, ?> kind, String name) {
        return machinery.whileOpen(() -> deleteStored(kind, name));
    }

    /**
     * Has what was declared deleted, with everything it owns; false if it is not there.
     *
     * @throws PlaneClosed during and after {@link #close}, which deletes everything that runs
     */
    public boolean delete(Declared<?, ?> declared) {
        return delete(declared.kind(), declared.name());
    }

    /**
     * The templates that a Deployment, StatefulSet or DaemonSet had, and the one it has, oldest first; empty if there is none,
     * or nothing has looked at it yet.
     */
    public <S, T> List<Revision> history(Revisioned<S, T> workload) {
        return rollouts.history(workload);
    }

    /**
     * Goes back to the template before the present one; the rest of what is declared stays as it is. A Deployment that is paused
     * goes back once it is resumed.
     *
     * @return the revision it goes back to, as it was before that
     * @throws NoSuchRevision if there is none before the present one, or what was declared isn't there
     * @throws PlaneClosed during and after {@link #close}
     */
    public <S, T> Revision undo(Revisioned<S, T> workload) {
        return machinery.whileOpen(() -> rollouts.undo(workload));
    }

    /**
     * Goes back to the template of a revision, by its number in the {@link #history}.
     *
     * @return the revision, as it was before that
     * @throws NoSuchRevision if it isn't known, or not any more, or what was declared isn't there
     * @throws PlaneClosed during and after {@link #close}
     */
    public <S, T> Revision undo(Revisioned<S, T> workload, long revision) {
        return machinery.whileOpen(() -> rollouts.undo(workload, revision));
    }

    /**
     * Lets a changed template of a Deployment wait, also in the middle of a rollout; pods that end are still replaced, and a
     * changed size is still followed. It holds until {@link #resume}, also for what is applied meanwhile, unless that says
     * {@link Deployment#paused} itself. False if it isn't there.
     *
     * @throws PlaneClosed during and after {@link #close}
     */
    public boolean pause(Deployment deployment) {
        return machinery.whileOpen(() -> rollouts.pause(deployment, true));
    }

    /**
     * Lets a Deployment that was paused go on, with the whole progress deadline before it. False if it isn't there.
     *
     * @throws PlaneClosed during and after {@link #close}
     */
    public boolean resume(Deployment deployment) {
        return machinery.whileOpen(() -> rollouts.pause(deployment, false));
    }

    private <S, T> boolean deleteStored(Kind<S, T> kind, String name) {
        Optional<Resource<S, T>> found = get(kind, name);
        while (found.isPresent() && !store.delete(found.get()).ok()) {
            found = get(kind, name);
        }
        return found.isPresent();
    }

    /** A resource as it is now. */
    public <S, T> Optional<Resource<S, T>> get(Kind<S, T> kind, String name) {
        return store.snapshot().get(kind, Key.of(name));
    }

    /** What was declared, as it is now. */
    public <S, T> Optional<Resource<S, T>> get(Declared<S, T> declared) {
        return get(declared.kind(), declared.name());
    }

    /** All resources of a kind, ordered by name. */
    public <S, T> List<Resource<S, T>> list(Kind<S, T> kind) {
        return store.snapshot().list(kind, Key.DEFAULT_NAMESPACE);
    }

    /**
     * Waits until what was declared is in a condition, such as {@link Deployment#AVAILABLE}.
     *
     * @return the resource in that condition; empty when the time is up
     * @throws PlaneClosed if {@link #close} ends before that, or has ended, and the condition does not hold
     */
    public <S, T> Optional<Resource<S, T>> await(
            Declared<S, T> declared, Predicate<? super Resource<S, T>> condition, Duration timeout)
            throws InterruptedException {
        return await(declared.kind(), declared.name(), condition, timeout);
    }

    /**
     * Waits until a resource exists and is in a condition. The condition is asked about spec and status of one version. If the
     * kind has a controller, it is not asked before that has made a plan for the newest spec: a status of an older one proves
     * nothing.
     *
     * @return the resource in that condition; empty when the time is up
     * @throws PlaneClosed if {@link #close} ends before that, or has ended, and the condition does not hold
     */
    public <S, T> Optional<Resource<S, T>> await(
            Kind<S, T> kind, String name, Predicate<? super Resource<S, T>> condition, Duration timeout)
            throws InterruptedException {
        return machinery
                .waiting()
                .on(
                        kind,
                        timeout,
                        () -> get(kind, name)
                                .filter(found -> found.metadata().observed()
                                        || !machinery.controllers().controls(kind))
                                .filter(condition));
    }

    /**
     * Waits as {@link #await(Declared, Predicate, Duration)} does, and goes on only if the condition is reached.
     *
     * @return the resource in that condition
     * @throws NotReached when the time is up; it says how far the resource is and what it waits for, or what its controller told
     *     last
     * @throws PlaneClosed if {@link #close} ends before that, or has ended, and the condition does not hold
     */
    public <S, T> Resource<S, T> require(
            Declared<S, T> declared, Predicate<? super Resource<S, T>> condition, Duration timeout)
            throws InterruptedException {
        return require(declared.kind(), declared.name(), condition, timeout);
    }

    /**
     * Waits as {@link #await(Kind, String, Predicate, Duration)} does, and goes on only if the condition is reached.
     *
     * @return the resource in that condition
     * @throws NotReached when the time is up; it says how far the resource is and what it waits for, or what its controller told
     *     last
     * @throws PlaneClosed if {@link #close} ends before that, or has ended, and the condition does not hold
     */
    public <S, T> Resource<S, T> require(
            Kind<S, T> kind, String name, Predicate<? super Resource<S, T>> condition, Duration timeout)
            throws InterruptedException {
        Optional<Resource<S, T>> reached = await(kind, name, condition, timeout);
        return reached.orElseThrow(() -> notReached(kind, name, timeout));
    }

    private NotReached notReached(Kind<?, ?> kind, String name, Duration timeout) {
        String title = kind.name() + "/" + name;
        Snapshot snapshot = store.snapshot();
        return snapshot.get(kind, Key.of(name))
                .map(found -> NotReached.of(
                        title,
                        timeout,
                        new Hindrance(snapshot, events(), machinery.clock().now())
                                .of(found, machinery.controllers().controls(kind))))
                .orElseGet(() -> NotReached.absent(title, timeout));
    }

    /** The pods of a Deployment that can take traffic. */
    public Endpoints endpoints(Deployment deployment) {
        return endpoints(deployment, DeploymentSpec::selector);
    }

    /** The pods of a ReplicaSet that can take traffic. */
    public Endpoints endpoints(ReplicaSet set) {
        return endpoints(set, ReplicaSetSpec::selector);
    }

    /** The pods of a StatefulSet that can take traffic. */
    public Endpoints endpoints(StatefulSet set) {
        return endpoints(set, StatefulSetSpec::selector);
    }

    /** By the selector as it is stored, or as it is declared before that. */
    private <S, T> Endpoints endpoints(Declared<S, T> declared, Function<S, LabelSelector> selector) {
        return new Endpoints(
                store,
                machinery.waiting(),
                machinery.agent().rotation(),
                snapshot -> selector.apply(snapshot.get(declared.kind(), Key.of(declared.name()))
                        .map(Resource::spec)
                        .orElse(declared.spec())),
                machinery::watch);
    }

    /** Everything that is stored, in a table for each kind, as {@code kubectl get} shows it. */
    public String describe() {
        return description().overview();
    }

    /** All resources of a kind in a table, as {@code kubectl get} shows them. */
    public String describe(Kind<?, ?> kind) {
        Description description = description();
        return description.table(description.snapshot().list(kind, Key.DEFAULT_NAMESPACE), kind.name());
    }

    /**
     * All there is to say about a resource, for people: its spec, how far it is and what it waits for, conditions, what belongs to
     * it, and what was told about all of these. Empty if there is none of this name. Source: {@code kubectl describe}.
     */
    public Optional<String> describe(Kind<?, ?> kind, String name) {
        Description description = description();
        return description.snapshot().get(kind, Key.of(name)).map(description::page);
    }

    /** All there is to say about what was declared; empty if it is not there. */
    public Optional<String> describe(Declared<?, ?> declared) {
        return describe(declared.kind(), declared.name());
    }

    /**
     * How far something is and what it waits for, in a line, as in {@code 2 of 3 updated, 2 available; waits for web-2: ...}. Empty
     * if it is not there, or of a kind that has nothing to tell.
     */
    public Optional<String> progress(Declared<?, ?> declared) {
        Snapshot snapshot = store.snapshot();
        Instant now = machinery.clock().now();
        return snapshot.get(declared.kind(), Key.of(declared.name()))
                .flatMap(resource -> Progress.of(snapshot, resource, now));
    }

    /**
     * Tells in lines all that happens: events, and how far each resource is whenever that changes. It begins with what is there.
     * Told on threads of the plane, one line at a time, until it is closed or the plane has ended.
     *
     * @throws PlaneClosed during and after {@link #close}
     */
    public Subscription follow(Consumer<String> lines) {
        return machinery.follow(Optional.empty(), lines);
    }

    /**
     * Tells in lines what happens to something and to all that belongs to it, such as the pods of a Deployment. Otherwise as
     * {@link #follow(Consumer)}.
     *
     * @throws PlaneClosed during and after {@link #close}
     */
    public Subscription follow(Declared<?, ?> declared, Consumer<String> lines) {
        Follower.Subject root = new Follower.Subject(declared.kind().name(), Key.of(declared.name()));
        return machinery.follow(Optional.of(root), lines);
    }

    private Description description() {
        return new Description(store.snapshot(), events(), machinery.clock().now());
    }

    /** The last 64 KiB that a container of a pod has written in its newest run; empty if it never ran or the pod is gone. */
    public Optional<String> logs(String pod, String container) {
        return machinery.agent().output(Key.of(pod), container);
    }

    /**
     * What a container of a pod has written, line by line and with times; nothing if it never ran, or the pod is gone. How much
     * is kept is said by {@link LocalPlane#logs}.
     */
    public List<LogLine> logs(String pod, String container, LogQuery query) {
        return machinery
                .agent()
                .log(Key.of(pod), container, query.previous())
                .map(log -> query.of(log.lines()))
                .orElse(List.of());
    }

    /**
     * Reads what the newest run of a container has written and goes on to write. It ends with the run; it belongs to the caller.
     *
     * @throws NotRunning if it never ran, or the pod is gone
     */
    public ContainerLog.Follower follow(String pod, String container) {
        return machinery
                .agent()
                .log(Key.of(pod), container, false)
                .map(ContainerLog::follow)
                .orElseThrow(() -> NotRunning.of(store.snapshot(), pod, container, "never ran"));
    }

    /**
     * Starts a command in a container: in its namespaces and groups, with its rights, its variables and its directory. It has
     * streams of its own, belongs to the caller, and ends with the container.
     *
     * @throws NotRunning if the container does not run
     * @throws dev.corral.CorralException if the command can't be started
     */
    public Process exec(String pod, String container, String... command) {
        return machinery
                .agent()
                .running(Key.of(pod), container)
                .orElseThrow(() -> NotRunning.of(store.snapshot(), pod, container, "does not run now"))
                .exec(List.of(command));
    }

    /** Tells all resources of a kind that are there, and then every change. Belongs to the caller. */
    public <S, T> Watch<S, T> watch(Kind<S, T> kind) {
        return store.watch(kind);
    }

    /** What controllers and the agent told, and which passes failed, oldest first; the latest thousand or so. */
    public List<Event> events() {
        return machinery.events();
    }

    /** Everything declared. What is written there after the end is kept, and that is all. */
    public Store store() {
        return store;
    }

    /**
     * Stops all controllers, then ends every process: each pod gets its grace period, and what still runs after that is
     * killed. Returns when no process and no thread is left, but for what {@link #watch watches} need that somebody waits on;
     * when interrupted it kills at once. Whoever awaits something is told that the plane is closed. May be called again.
     */
    @Override
    public void close() {
        machinery.close();
    }
}
