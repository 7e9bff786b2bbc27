package dev.corral.reconcile.testing;

import dev.corral.reconcile.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * What happens in every run.
 *
 * @param prepared done first, and settled, while all is well
 * @param actions done then, while faults strike
 */
record Scenario(Setting setting, List<Action> prepared, List<Action> actions) {
    Scenario {
        prepared = List.copyOf(prepared);
        actions = List.copyOf(actions);
    }

    /** Splits what was done by hand: up to the last time when somebody had the world settle, and after that. */
    static Scenario of(Setting setting, List<Action> script) {
        int split = 0;
        for (int i = 0; i < script.size(); i++) {
            split = script.get(i) instanceof Action.Settle ? i + 1 : split;
        }
        return new Scenario(setting, script.subList(0, split), script.subList(split, script.size()));
    }

    /** The same end by the shortest way: of each resource only what was applied last, and nothing that was deleted. */
    Scenario straight() {
        List<Action> all = new ArrayList<>(prepared);
        all.addAll(actions);
        List<Action> last = new ArrayList<>();
        for (Action action : all) {
            if (action instanceof Action.Apply apply) {
                remove(last, apply.declared().kind(), apply.declared().name());
                last.add(apply);
            } else if (action instanceof Action.Delete delete) {
                remove(last, delete.kind(), delete.name());
            }
        }
        return new Scenario(setting, List.of(), last);
    }

    /** Whether a shorter way is known: with actions that say nothing about their end, there is none. */
    boolean hasDetours() {
        List<Action> all = new ArrayList<>(prepared);
        all.addAll(actions);
        long writes = all.stream().filter(Action.Writing.class::isInstance).count();
        boolean known = all.stream().noneMatch(action -> action instanceof Action.Act);
        return known && writes > straight().actions().size();
    }

    private static void remove(List<Action> actions, Kind<?, ?> kind, String name) {
        actions.removeIf(action -> action instanceof Action.Apply apply && apply.concerns(kind, name));
    }
}
