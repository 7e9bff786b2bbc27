package dev.corral.reconcile.testing;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.ControllerManager;
import dev.corral.reconcile.ControllerOptions;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Event;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.PlannedChange;
import dev.corral.reconcile.Reconciler;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.workload.ContainerRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A world for the test of a controller: the real store, the real engine, the controllers of the workloads and a node agent, all
 * on one thread, where time, order and processes are simulated. It is driven by hand, or tried with many {@link #seeds}.
 *
 * <p>Before anything is done in it, it can be set up; each such call gives another simulation. What is done by hand is done to
 * this very one. Nothing is left to be closed.
 */
public final class Simulation implements World {
    private static final Duration PATIENCE = Duration.ofHours(1);

    private final Setting setting;
    private final long seed;
    private final List<Action> script = new ArrayList<>();
    private @Nullable SimulatedWorld world;

    /** Adds what shall run to a manager that is about to start: at the beginning, and again after each crash. */
    @FunctionalInterface
    public interface Setup {
        /**
         * Adds controllers and loops.
         *
         * @param store the simulated one, for loops that write
         * @param clock the simulated time, for loops that need it
         */
        void into(ControllerManager manager, Store store, Clock clock);
    }

    private Simulation(Setting setting, long seed) {
        this.setting = setting;
        this.seed = seed;
    }

    /** The controllers of the workloads, and no other. */
    public static Simulation ofWorkloads() {
        return new Simulation(Setting.standard(), 0);
    }

    /** A controller under test, beside those of the workloads; of a kind of theirs, in place of that one. */
    public static <S, T> Simulation of(Kind<S, T> kind, Reconciler<S, T> reconciler) {
        return ofWorkloads().controller(kind, reconciler, UnaryOperator.identity());
    }

    /** A controller under test with options, beside those of the workloads; of a kind of theirs, in place of that one. */
    public static <S, T> Simulation of(
            Kind<S, T> kind, Reconciler<S, T> reconciler, UnaryOperator<ControllerOptions<S, T>> options) {
        return ofWorkloads().controller(kind, reconciler, options);
    }

    /** Whatever a setup adds, beside the controllers of the workloads, or in place of those of their kinds. */
    public static Simulation of(Setup setup) {
        return ofWorkloads().changed(Setting.standard().with(setup));
    }

    /** With another controller. */
    public <S, T> Simulation controller(Kind<S, T> kind, Reconciler<S, T> reconciler) {
        return controller(kind, reconciler, UnaryOperator.identity());
    }

    /** With another controller, and with options. */
    public <S, T> Simulation controller(
            Kind<S, T> kind, Reconciler<S, T> reconciler, UnaryOperator<ControllerOptions<S, T>> options) {
        return changed(setting.with((manager, store, clock) -> manager.controller(kind, reconciler, options)));
    }

    /** With processes that do what scripts say; without it each is a {@link Script#server}. */
    public Simulation processes(Script.Casting casting) {
        return changed(setting.casting(casting));
    }

    /** On a store that carries out a plan write by write, so that faults strike between those too. */
    public Simulation withoutTransactions() {
        return changed(setting.withoutTransactions());
    }

    /** With things happening in another order. */
    public Simulation seed(long number) {
        requireNew();
        return new Simulation(setting, number);
    }

    private Simulation changed(Setting other) {
        requireNew();
        return new Simulation(other, seed);
    }

    private void requireNew() {
        if (world != null) {
            throw new IllegalStateException("something was done in this world already: set it up before that");
        }
    }

    /**
     * A user applies something. Nothing comes of it before the world is settled or its time advanced.
     *
     * @throws dev.corral.reconcile.InvalidSpec if it breaks rules of its kind
     */
    public Simulation apply(Declared<?, ?> declared) {
        return act(new Action.Apply(declared));
    }

    /** A user deletes something, if it is there. */
    public Simulation delete(Kind<?, ?> kind, String name) {
        return act(new Action.Delete(kind, name));
    }

    /** A user does something else to the store, named for reports. It must do the same each time. */
    public Simulation act(String what, Consumer<Store> body) {
        return act(new Action.Act(what, body));
    }

    private Simulation act(Action.Writing action) {
        action.perform(world().store());
        script.add(action);
        return this;
    }

    /** Lets a time pass, and everything happen at its own time. */
    public Simulation advance(Duration duration) {
        world().progress().pass(duration);
        script.add(new Action.Advance(duration));
        return intact();
    }

    /**
     * Lets everything happen until nothing more is to come within an hour but what comes again and again and changes nothing, such
     * as a probe; the time jumps as it must.
     *
     * @throws AssertionError if the world doesn't come to rest within an hour, with what still happens
     */
    public Simulation settle() {
        boolean settled = world().progress().settle(PATIENCE);
        script.add(new Action.Settle());
        intact();
        if (!settled) {
            throw new AssertionError("the world has not come to rest within " + PATIENCE + "; it still has "
                    + world().progress().recent());
        }
        return this;
    }

    private Simulation intact() {
        world().progress().broken().ifPresent(broken -> {
            throw new AssertionError(broken.oracle() + ": " + broken.message());
        });
        return this;
    }

    /** What applying something would change; see {@link ControllerManager#plan}. The world stays as it is. */
    public List<PlannedChange> dryRun(Declared<?, ?> declared) {
        return world().plan(declared);
    }

    /**
     * Tries what was done so far with these many seeds: what was done up to the last {@link #settle} while all is well, what was
     * done since then while faults strike.
     *
     * @param count 0 or more; with 0 only the run without faults is looked at
     */
    public Trials seeds(int count) {
        if (count < 0) {
            throw new IllegalArgumentException(count + " seeds: it must be 0 or more");
        }
        return Trials.of(Scenario.of(setting, script), count);
    }

    /**
     * Has one run happen again exactly as it did, where trials asked nothing besides what every controller must keep.
     *
     * @throws SimulationFailure if it breaks a promise again
     */
    public void replay(String line) {
        seeds(0).replay(line);
    }

    @Override
    public Snapshot snapshot() {
        return world().snapshot();
    }

    @Override
    public Instant now() {
        return world().now();
    }

    @Override
    public List<ContainerRuntime.Identity> running() {
        return world().running();
    }

    @Override
    public List<ContainerRuntime.Identity> ending() {
        return world().ending();
    }

    @Override
    public List<Event> events() {
        return world().events();
    }

    private SimulatedWorld world() {
        SimulatedWorld there = world;
        if (there == null) {
            there = new SimulatedWorld(setting, seed, Injector.named(List.of()), Timeline.none());
            world = there;
        }
        return there;
    }
}
