package dev.corral.reconcile.testing;

import dev.corral.reconcile.CommitResult;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Event;
import dev.corral.reconcile.PlannedChange;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.StoreEvent;
import dev.corral.reconcile.Watch;
import dev.corral.reconcile.node.LocalNode;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * One world: a store, controllers and a node agent, all real, on one thread; time, order and processes are simulated. All that
 * could happen next lies in a bag, from which the seed draws.
 */
final class SimulatedWorld implements World {
    private static final Map<String, Quantity> CAPACITY =
            Map.of("cpu", Quantity.of(8), "memory", Quantity.parse("16Gi"), "pids", Quantity.of(32_768));

    private final Setting setting;
    private final Injector injector;
    private final Timeline timeline;
    private final SplittableRandom random;
    private final Time time = new Time();
    private final Bag bag;
    private final Life user;
    private final Store store;
    private final Watch<?, ?> record;
    private final ScriptedRuntime runtime;
    private final Progress progress;
    private final List<Event> told = new ArrayList<>();
    private final List<Injected> injected = new ArrayList<>();
    private final List<Long> effective = new ArrayList<>();
    private List<Check> always = List.of();
    private Controllers controllers;
    private Agent agent;
    private long uids;
    private long epoch;
    private int depth;

    /** A failure that was thrown into the code of a process. */
    record Injected(Life life, String message) {}

    SimulatedWorld(Setting setting, long seed, Injector injector, Timeline timeline) {
        this.setting = setting;
        this.injector = injector;
        this.timeline = timeline;
        this.random = new SplittableRandom(seed);
        this.bag = new Bag(random.split());
        this.user = new Life("user", bag, time);
        Life processes = new Life("processes", bag, time);
        this.store = Store.inMemory(user.clock(), () -> "uid-" + ++uids);
        LocalNode.register(store, user.clock(), CAPACITY);
        this.record = store.watchAll();
        store.onChange(this::noted);
        this.runtime = new ScriptedRuntime(processes.clock(), this::cast);
        this.progress = new Progress(this);
        this.agent = Agent.start(this, new Life("node", bag, time), random.nextLong());
        this.controllers = startControllers();
    }

    private Controllers startControllers() {
        return Controllers.start(this, new Life("controllers", bag, time), ++epoch);
    }

    /** The node agent crashes, and all processes with it; it is started again later. */
    void crashAgent() {
        timeline.line("  CRASH of the node agent");
        told.addAll(agent.manager().events());
        agent.end();
        runtime.crash();
        user.add("the node agent starts again", () -> {
            if (agent.ended()) {
                agent = Agent.start(this, new Life("node", bag, time), random.nextLong());
            }
        });
    }

    /** Ends the controllers where they stand and starts others, which know only what is stored. */
    void restartControllers() {
        endControllers();
        controllers = startControllers();
    }

    private void endControllers() {
        told.addAll(controllers.manager().events());
        controllers.end();
    }

    /** The process whose store this is crashes; it is started again later. */
    void crash(FaultyStore of) {
        if (of == controllers.store()) {
            timeline.line("  CRASH of the controllers");
            endControllers();
            user.add("the controllers start again", () -> {
                if (controllers.ended()) {
                    controllers = startControllers();
                }
            });
        }
        of.life().end();
    }

    /** The leader stands still; another one leads from now on; then the first one goes on, and finds out. */
    void changeLeader(FaultyStore of, Duration pause) {
        Controllers old = controllers;
        if (of != old.store() || depth > 0) {
            return;
        }
        timeline.line("  PAUSE of the leader");
        of.life().pause();
        controllers = startControllers();
        passTime(pause);
        of.life().goOn();
        user.add("the old leader finds out", () -> {
            told.addAll(old.manager().events());
            old.end();
        });
    }

    /** Lets other things happen in the middle of one. */
    void passTime(Duration duration) {
        if (depth > 0) {
            return;
        }
        depth++;
        try {
            progress.pass(duration);
        } finally {
            depth--;
        }
    }

    RuntimeException injected(Life life, String message) {
        Injected failure = new Injected(life, message + " (failure " + (injected.size() + 1) + ")");
        injected.add(failure);
        timeline.line("  FAILURE: " + failure.message());
        return new StoreFailure(failure.message());
    }

    /**
     * Failures that nobody was told of, among those of processes that still live. Beyond ten of one kind there is one event for all
     * of them, which counts.
     */
    List<String> silent() {
        List<Event> events = events();
        int alike = events.stream()
                .filter(event -> event.message().startsWith(Event.SEVERAL))
                .mapToInt(Event::count)
                .sum();
        List<String> untold = injected.stream()
                .filter(failure -> !failure.life().ended())
                .map(Injected::message)
                .filter(message ->
                        events.stream().noneMatch(event -> event.message().contains(message)))
                .filter(message -> snapshot().all().stream()
                        .noneMatch(resource -> resource.status().toString().contains(message)))
                .toList();
        return untold.size() <= alike ? List.of() : untold;
    }

    /** A process has committed something. */
    void committed(Site site, CommitResult result, boolean changed) {
        if (changed && site == Site.CONTROLLER_WRITE && injector.active()) {
            effective.add(injector.count(site));
        }
        result.refusal().ifPresent(refusal -> timeline.line("  refused: " + refusal));
    }

    private void noted() {
        if (timeline.isKept()) {
            for (StoreEvent<?, ?> event : record.poll()) {
                event.latest()
                        .ifPresent(resource -> timeline.writes(
                                (event.after().isEmpty() ? "-" : event.before().isEmpty() ? "+" : "")
                                        + resource.title(),
                                event.version(),
                                event.author()));
            }
        }
    }

    List<Strike> strikes(Site site) {
        List<Strike> strikes = injector.next(site);
        strikes.forEach(timeline::strikes);
        return strikes;
    }

    private Script cast(ContainerRuntime.Identity identity, Container container) {
        Script script = setting.casting().of(identity, container);
        for (Strike strike : strikes(Site.START)) {
            script = strike.trouble() == Trouble.START_FAILS
                    ? script.cannotStart("it could not be started (" + strike + ")")
                    : script.ignoresSigterm();
        }
        return script;
    }

    Setting setting() {
        return setting;
    }

    Store store() {
        return store;
    }

    Timeline timeline() {
        return timeline;
    }

    Injector injector() {
        return injector;
    }

    Time time() {
        return time;
    }

    Bag bag() {
        return bag;
    }

    Life user() {
        return user;
    }

    ScriptedRuntime runtime() {
        return runtime;
    }

    Progress progress() {
        return progress;
    }

    /** The seed's next number, for what is drawn once. */
    long draw() {
        return random.nextLong();
    }

    /** From now on these are asked after each step. */
    void always(List<Check> checks) {
        always = checks;
    }

    /** What of that doesn't hold now. */
    Optional<String> complaint() {
        for (Check check : always) {
            Optional<String> complaint = check.complaint(this);
            if (complaint.isPresent()) {
                return complaint;
            }
        }
        return Optional.empty();
    }

    List<PlannedChange> plan(Declared<?, ?> declared) {
        try {
            return controllers.manager().plan(declared);
        } catch (RuntimeException failed) {
            throw failed;
        } catch (Exception failed) {
            throw new AssertionError("a reconciler threw in a dry run: " + failed, failed);
        }
    }

    /** The kinds that are stored. */
    List<String> kinds() {
        return snapshot().all().stream()
                .map(resource -> resource.kind().name())
                .distinct()
                .toList();
    }

    /** Which of the controllers' commits have changed anything, by their number. */
    List<Long> effective() {
        return effective;
    }

    @Override
    public Snapshot snapshot() {
        return store.snapshot();
    }

    @Override
    public Instant now() {
        return time.now();
    }

    @Override
    public List<ContainerRuntime.Identity> running() {
        return runtime.running();
    }

    @Override
    public List<ContainerRuntime.Identity> ending() {
        return runtime.ending();
    }

    @Override
    public List<Event> events() {
        List<Event> all = new ArrayList<>(told);
        all.addAll(controllers.manager().events());
        all.addAll(agent.manager().events());
        return all;
    }
}
