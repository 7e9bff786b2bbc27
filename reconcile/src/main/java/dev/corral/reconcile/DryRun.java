package dev.corral.reconcile;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/**
 * The passes that would follow from a commit, on a state that nobody else sees: those of the resource, of the children that its
 * plan would write, and so on down. Nothing is stored, and no effect is run.
 */
final class DryRun {
    /** Where plans answer each other without end, as rollouts may, the first steps say enough. */
    private static final int MOST_PASSES = 1000;

    private final Map<String, Controller<?, ?>> controllers;
    private final Snapshot before;
    private final Instant now;
    private final Queue<Subject> todo = new ArrayDeque<>();
    private final Set<Subject> done = new LinkedHashSet<>();
    private final Set<Subject> touched = new LinkedHashSet<>();
    private Preview preview;

    private DryRun(Map<String, Controller<?, ?>> controllers, Store store, Commit first, Instant now) {
        this.controllers = controllers;
        this.before = store.snapshot();
        this.now = now;
        this.preview = store.preview(first);
        note();
    }

    /** What a commit and the plans that follow from it would change, in the order in which it would come about. */
    static List<PlannedChange> of(
            Collection<Controller<?, ?>> controllers, Store store, Commit first, Subject about, Instant now)
            throws Exception {
        Map<String, Controller<?, ?>> byKind = new LinkedHashMap<>();
        controllers.forEach(controller -> byKind.put(controller.name(), controller));
        DryRun run = new DryRun(byKind, store, first, now);
        run.todo.add(about);
        for (int passes = 0; passes < MOST_PASSES && !run.todo.isEmpty(); passes++) {
            run.pass(run.todo.remove());
        }
        return run.changes();
    }

    private void pass(Subject subject) throws Exception {
        Controller<?, ?> controller = controllers.get(subject.kind().name());
        if (controller != null && done.add(subject)) {
            pass(controller.planner(), subject.key());
        }
    }

    private <S, T> void pass(Planner<S, T> planner, Key key) throws Exception {
        Snapshot snapshot = preview.after();
        Optional<Resource<S, T>> resource = snapshot.get(planner.kind(), key).filter(planner::concerns);
        if (resource.isPresent()) {
            Context<S, T> context = Context.of(snapshot, resource.get(), now);
            Plan<T> plan = planner.plan(context);
            preview = preview.then(planner.commit("dry run", context, plan, new Shown(planner.kind())));
            note();
        }
    }

    private void note() {
        preview.result().refusal().ifPresent(refusal -> {
            throw new WriteRefused(refusal.toString());
        });
        for (StoreEvent<?, ?> event : preview.changes()) {
            event.latest().map(Subject::of).ifPresent(subject -> {
                touched.add(subject);
                todo.add(subject);
            });
        }
    }

    /** Only what a user would see: that a generation was observed is none of it, nor are the records of effects. */
    private List<PlannedChange> changes() {
        List<PlannedChange> changes = new ArrayList<>();
        for (Subject subject : touched) {
            change(subject.kind(), subject.key())
                    .map(PlannedChange::of)
                    .filter(change -> change.action() != PlannedChange.Action.CHANGE
                            || !change.differences().isEmpty())
                    .ifPresent(changes::add);
        }
        return List.copyOf(changes);
    }

    private <S, T> Optional<StoreEvent<?, ?>> change(Kind<S, T> kind, Key key) {
        Touched change = new Touched(
                before.get(kind, key).orElse(null),
                preview.after().get(kind, key).orElse(null));
        return kind.equals(Intents.KIND)
                ? Optional.empty()
                : Optional.ofNullable(change.event(preview.after().version(), ""));
    }
}
