package dev.corral.reconcile;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Does the effects that plans declare, each until its result is stored. What is to be done is known only to this process: after
 * a restart the next pass of the owner declares it again.
 */
final class EffectBody implements Body {
    private final Store store;
    private final World world;
    private final Map<String, Todo> todos = new ConcurrentHashMap<>();

    private record Todo(Subject owner, Effect effect) {}

    EffectBody(Store store, World world) {
        this.store = store;
        this.world = world;
    }

    @Override
    public String name() {
        return "effects";
    }

    @Override
    public Optional<Kind<?, ?>> kind() {
        return Optional.of(Intents.KIND);
    }

    /** A plan that declares effects has been carried out: those that have no result yet are to be done. */
    void declared(Subject owner, Metadata metadata, List<Effect> effects, Consumer<Subject> queue) {
        Snapshot now = store.snapshot();
        for (Effect effect : effects) {
            Intents.find(now, metadata, effect.key())
                    .filter(record -> !record.status().read().ended())
                    .ifPresent(record -> {
                        // The newest plan's body is the one to run; whether it is queued already doesn't matter.
                        boolean fresh = todos.put(record.metadata().uid(), new Todo(owner, effect)) == null;
                        if (fresh) {
                            queue.accept(Subject.of(record));
                        }
                    });
        }
    }

    /**
     * An intent that is gone needs no doing. One that is to be done is looked at again when its record is told of: a pass may have
     * come before the record could be seen.
     */
    @Override
    public Set<Subject> wokenBy(StoreEvent<?, ?> event) {
        Resource<?, ?> latest = event.latest().orElse(null);
        if (latest == null || !todos.containsKey(latest.metadata().uid())) {
            return Set.of();
        }
        if (event.after().isEmpty()) {
            todos.remove(latest.metadata().uid());
            return Set.of();
        }
        return Set.of(Subject.of(latest));
    }

    @Override
    public Outcome handle(Subject subject, Round round) throws Exception {
        Optional<Resource<Intents.Spec, Intents.Status>> record = store.snapshot(name())
                .get(Intents.KIND, subject.key())
                .filter(found -> !found.status().read().ended());
        Todo todo = record.isEmpty() ? null : todos.get(record.get().metadata().uid());
        if (record.isEmpty() || todo == null) {
            return new Outcome.Done();
        }
        world.leadership().epoch().orElseThrow(LeadershipLost::new);
        Optional<EffectRecording> recording = Recordings.effect();
        String how = "failed";
        try {
            String result = round.guard().call(todo.effect().body()::run);
            how = "done";
            settle(record.get(), Intents.Status.done(result, world.clock().now()));
        } catch (LeadershipLost | InterruptedException | PassTimedOut notItsFault) {
            throw notItsFault;
        } catch (TerminalException hopeless) {
            settle(
                    record.get(),
                    Intents.Status.failed(text(hopeless), world.clock().now()));
            throw new TerminalException("effect '" + todo.effect().key() + "': " + text(hopeless), hopeless);
        } catch (Exception failed) {
            throw new EffectFailed(todo.effect().key(), failed);
        } finally {
            if (recording.isPresent()) {
                recording.get().ended(todo.owner(), todo.effect().key(), how);
            }
        }
        todos.remove(record.get().metadata().uid());
        return new Outcome.Done();
    }

    /** Stores the result; if the intent is gone meanwhile, nobody wants it. */
    private void settle(Resource<Intents.Spec, Intents.Status> record, Intents.Status status) {
        while (true) {
            Optional<Resource<Intents.Spec, Intents.Status>> current = store.snapshot()
                    .get(Intents.KIND, record.key())
                    .filter(found ->
                            found.metadata().uid().equals(record.metadata().uid()));
            if (current.isEmpty()) {
                return;
            }
            long epoch = world.leadership().epoch().orElseThrow(LeadershipLost::new);
            CommitResult result = store.commit(
                    Commit.by(name()).epoch(epoch).updateStatus(current.get().status(status)));
            if (result.ok()) {
                return;
            }
            requireLead(result);
        }
    }

    private static void requireLead(CommitResult result) {
        if (result.refusal().orElseThrow() instanceof WriteResult.Fenced<?, ?> fenced) {
            throw new LeadershipLost(fenced);
        }
    }

    private static String text(Throwable error) {
        return error.getMessage() == null ? error.toString() : error.getMessage();
    }

    /** What goes wrong concerns the resource whose plan declared it. */
    @Override
    public Subject about(Subject subject) {
        return store.snapshot()
                .get(Intents.KIND, subject.key())
                .flatMap(record ->
                        Optional.ofNullable(todos.get(record.metadata().uid())))
                .map(Todo::owner)
                .orElse(subject);
    }

    @Override
    public boolean exists(Subject subject) {
        return false;
    }
}
