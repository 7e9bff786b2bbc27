package dev.corral.reconcile.testing;

import dev.corral.reconcile.Event;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** One run of a scenario, from an empty world to its end, with all that must hold in it. */
final class Run {
    private final Scenario scenario;
    private final Promises promises;
    private final SimulatedWorld world;
    private final Queue<Action.Writing> pending = new ArrayDeque<>();
    private List<String> kinds = List.of();
    private NormalForm end = new NormalForm(List.of());

    /**
     * What must hold in a run.
     *
     * @param end what must be stored at the end, from a run without faults; empty in that run itself
     * @param within how long the world may take to settle
     */
    record Promises(List<Check> always, List<Check> eventually, Optional<NormalForm> end, Duration within) {}

    Run(Scenario scenario, Promises promises, long seed, Injector injector, Timeline timeline) {
        this.scenario = scenario;
        this.promises = promises;
        this.world = new SimulatedWorld(scenario.setting(), seed, injector, timeline);
    }

    SimulatedWorld world() {
        return world;
    }

    /** Lets it all happen up to the settled end; answers what is broken, if anything is. */
    Optional<Broken> untilSettled() {
        act(scenario.prepared());
        settle("before anything has gone wrong");
        world.always(promises.always());
        world.injector().begin();
        act(scenario.actions());
        world.progress().settle(promises.within());
        world.injector().end();
        settle("after the last fault");
        return broken();
    }

    /** All of it, with what is asked of the settled world. */
    Optional<Broken> whole() {
        if (untilSettled().isPresent()) {
            return broken();
        }
        wishes();
        end = NormalForm.of(world.snapshot());
        kinds = world.kinds();
        promises.end().ifPresent(this::sameEnd);
        world.always(List.of());
        told();
        idle();
        leaks();
        return broken();
    }

    /** The kinds that were stored then. */
    List<String> kinds() {
        return kinds;
    }

    /** What was stored when the world had settled. */
    NormalForm end() {
        return end;
    }

    Optional<Broken> broken() {
        return world.progress().broken();
    }

    private void act(List<Action> actions) {
        for (Action action : actions) {
            if (action instanceof Action.Writing writing) {
                pending.add(writing);
                if (pending.size() == 1) {
                    offer();
                }
            } else {
                // Whatever the user does next takes place after what has been done before.
                world.progress().until(pending::isEmpty);
                if (action instanceof Action.Advance advance) {
                    world.progress().pass(advance.duration());
                } else {
                    world.progress().settle(promises.within());
                }
            }
        }
        world.progress().until(pending::isEmpty);
    }

    private void offer() {
        Action.Writing next = pending.element();
        world.user().add(next, () -> {
            pending.remove();
            next.perform(world.store());
            if (!pending.isEmpty()) {
                offer();
            }
        });
    }

    private void settle(String when) {
        if (broken().isEmpty() && !world.progress().settle(promises.within())) {
            hotLoops();
            breaks(
                    Broken.CONVERGENCE,
                    "the world has not come to rest within " + promises.within() + " " + when + "; it still has:"
                            + world.progress().recent());
        }
    }

    private void wishes() {
        for (Check check : promises.eventually()) {
            check.complaint(world)
                    .ifPresent(complaint -> breaks(Broken.CONVERGENCE, complaint + " in the settled world"));
        }
    }

    private void sameEnd(NormalForm expected) {
        if (!end.equals(expected)) {
            breaks(Broken.SAME_END, "the world has settled elsewhere:" + end.differenceFrom(expected));
        }
    }

    private void hotLoops() {
        for (Event event : world.events()) {
            if (event.reason().equals("HotLoop")) {
                breaks(Broken.HOT_LOOP, event.kind() + " " + event.key() + ": " + event.message());
            }
        }
    }

    private void told() {
        hotLoops();
        List<String> silent = world.silent();
        if (!silent.isEmpty()) {
            breaks(Broken.SILENCE, "no event and no condition tells of: " + String.join("; ", silent));
        }
    }

    /** One more pass of every key, by controllers that remember nothing. */
    private void idle() {
        Snapshot before = world.snapshot();
        if (broken().isPresent()) {
            return;
        }
        world.restartControllers();
        settle("after one more pass of every key");
        if (broken().isEmpty() && world.snapshot().version() != before.version()) {
            breaks(
                    Broken.IDEMPOTENCE,
                    "one more pass of every key has written:" + Difference.between(before, world.snapshot()));
        }
    }

    private void leaks() {
        if (broken().isPresent()) {
            return;
        }
        List<Resource<?, ?>> roots = new ArrayList<>(world.snapshot().all());
        roots.removeIf(resource -> world.snapshot().owner(resource).isPresent());
        roots.forEach(root -> new Action.Delete(root.kind(), root.name()).perform(world.store()));
        settle("after everything was deleted");
        List<String> left = new ArrayList<>(
                world.snapshot().all().stream().map(Resource::title).toList());
        world.running().forEach(process -> left.add("process " + process));
        if (broken().isEmpty() && !left.isEmpty()) {
            breaks(Broken.LEAK, "after everything was deleted there is still: " + String.join(", ", left));
        }
    }

    private void breaks(String oracle, String message) {
        world.progress().breaks(oracle, message);
    }
}
