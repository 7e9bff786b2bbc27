package dev.corral.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A commit under way: the next state and the events that lead to it, both thrown away if a write is refused. */
final class Transaction {
    private final long version;
    private final Instant now;
    private final Supplier<String> uids;
    private final String author;
    private final List<Change> changes = new ArrayList<>();
    private final Map<Path, Integer> lastChange = new HashMap<>();
    private State state;

    Transaction(State state, Instant now, Supplier<String> uids, String author) {
        this.state = state;
        this.version = state.version() + 1;
        this.now = now;
        this.uids = uids;
        this.author = author;
    }

    /** The state after the writes so far. */
    State state() {
        return changes.isEmpty() ? state : new State(version, state.resources(), state.index(), state.kinds());
    }

    /** One event for each resource that the writes so far have changed, in the order of the first change. */
    List<StoreEvent<?, ?>> events() {
        return changes.stream()
                .flatMap(change -> change.event(version, author).stream())
                .toList();
    }

    <S, T> WriteResult<S, T> perform(Write<S, T> write) {
        if (write instanceof Write.Create<S, T> create) {
            return create(create);
        } else if (write instanceof Write.Apply<S, T> apply) {
            return apply(apply);
        } else if (write instanceof Write.Update<S, T> update) {
            return update(update.resource());
        } else if (write instanceof Write.UpdateStatus<S, T> update) {
            return updateStatus(update);
        } else if (write instanceof Write.Delete<S, T> delete) {
            return delete(delete);
        } else if (write instanceof Write.Remove<S, T> remove) {
            return remove(remove.resource());
        } else if (write instanceof Write.Require<S, T> require) {
            return require(require.resource());
        }
        throw new AssertionError("not a write: " + write);
    }

    private <S, T> WriteResult<S, T> create(Write.Create<S, T> write) {
        Declared<S, T> declared = write.declared();
        Optional<Stored<S, T>> existing = state.find(declared.kind(), write.key());
        if (existing.isPresent()) {
            return new WriteResult.Conflict<>(existing.get().resource(), "the name is taken");
        }
        return insert(write.key(), declared.kind(), wanted(declared), "", Optional.empty());
    }

    private <S, T> WriteResult<S, T> apply(Write.Apply<S, T> write) {
        Declared<S, T> declared = write.declared();
        Stored.Applied<S> wanted = wanted(declared);
        Optional<Stored<S, T>> existing = state.find(declared.kind(), write.key());
        if (existing.isEmpty()) {
            return insert(write.key(), declared.kind(), wanted, write.applier(), write.owner());
        }
        Stored<S, T> stored = existing.get();
        if (write.owner().isPresent() && !stored.resource().metadata().owner().equals(write.owner())) {
            return new WriteResult.Conflict<>(
                    stored.resource(), "it does not belong to " + write.owner().get());
        }
        return replace(
                stored.applied(write.applier(), wanted),
                checked(stored.resource(), stored.merged(write.applier(), wanted)));
    }

    private <S, T> WriteResult<S, T> update(Resource<S, T> wanted) {
        Optional<Stored<S, T>> existing = same(wanted);
        if (existing.isEmpty()) {
            return new WriteResult.NotFound<>(wanted.kind(), wanted.key());
        }
        Resource<S, T> current = existing.get().resource();
        if (differs(current, wanted)) {
            return outdated(current, wanted);
        }
        Resource<S, T> next = current.spec(wanted.spec())
                .labels(wanted.metadata().labels())
                .annotations(wanted.metadata().annotations());
        return replace(existing.get(), checked(current, next));
    }

    private <S, T> WriteResult<S, T> updateStatus(Write.UpdateStatus<S, T> write) {
        Resource<S, T> wanted = write.resource();
        Optional<Stored<S, T>> existing = same(wanted);
        if (existing.isEmpty()) {
            return new WriteResult.NotFound<>(wanted.kind(), wanted.key());
        }
        Resource<S, T> current = existing.get().resource();
        if (write.sameVersion() && differs(current, wanted)) {
            return outdated(current, wanted);
        }
        if (!write.sameVersion() && moved(current, wanted)) {
            return undecided(current);
        }
        return replace(existing.get(), current.status(wanted.status()));
    }

    private <S, T> WriteResult<S, T> delete(Write.Delete<S, T> write) {
        Resource<S, T> wanted = write.resource();
        Optional<Stored<S, T>> existing = same(wanted);
        if (existing.isEmpty()) {
            return new WriteResult.NotFound<>(wanted.kind(), wanted.key());
        }
        Resource<S, T> current = existing.get().resource();
        if (differs(current, wanted)) {
            return outdated(current, wanted);
        }
        if (!current.kind().graceful()) {
            return drop(current);
        }
        Duration grace = write.grace().orElseGet(() -> current.kind().grace(current.spec()));
        Deletion mark = new Deletion(now, grace);
        Optional<Deletion> before = current.metadata().deletion();
        if (before.isPresent()) {
            if (!mark.deadline().isBefore(before.get().deadline())) {
                return new WriteResult.Unchanged<>(current);
            }
            mark = shortened(before.get(), mark.deadline());
        }
        return replace(
                existing.get(),
                current.metadata(current.metadata().deletion(mark).nextGeneration()));
    }

    private <S, T> WriteResult<S, T> remove(Resource<S, T> wanted) {
        Optional<Stored<S, T>> existing = same(wanted);
        if (existing.isEmpty()) {
            return new WriteResult.NotFound<>(wanted.kind(), wanted.key());
        }
        Resource<S, T> current = existing.get().resource();
        return current.metadata().terminating()
                ? drop(current)
                : new WriteResult.Conflict<>(current, "it is not being deleted: delete it first");
    }

    private <S, T> WriteResult<S, T> require(Resource<S, T> wanted) {
        Optional<Stored<S, T>> existing = same(wanted);
        if (existing.isEmpty()) {
            return new WriteResult.NotFound<>(wanted.kind(), wanted.key());
        }
        Resource<S, T> current = existing.get().resource();
        return moved(current, wanted) ? undecided(current) : new WriteResult.Unchanged<>(current);
    }

    private <S, T> WriteResult<S, T> insert(
            Key key, Kind<S, T> kind, Stored.Applied<S> wanted, String applier, Optional<OwnerReference> owner) {
        check(kind, key, Optional.empty(), wanted.spec(), wanted.labels(), wanted.annotations());
        Metadata metadata = new Metadata(
                key, uids.get(), version, 1, now, Optional.empty(), wanted.labels(), wanted.annotations(), owner);
        Resource<S, T> resource = new Resource<>(kind, metadata, wanted.spec(), kind.initialStatus());
        record(Optional.empty(), Optional.of(Stored.of(resource, applier, wanted)));
        return new WriteResult.Written<>(resource);
    }

    private <S, T> WriteResult<S, T> replace(Stored<S, T> stored, Resource<S, T> next) {
        Resource<S, T> current = stored.resource();
        if (next.equals(current)) {
            remember(stored);
            return new WriteResult.Unchanged<>(current);
        }
        Metadata metadata = next.metadata().version(version);
        Resource<S, T> written =
                next.metadata(next.spec().equals(current.spec()) ? metadata : metadata.nextGeneration());
        record(Optional.of(current), Optional.of(stored.resource(written)));
        return new WriteResult.Written<>(written);
    }

    private <S, T> WriteResult<S, T> drop(Resource<S, T> current) {
        record(Optional.of(current), Optional.empty());
        return new WriteResult.Written<>(current);
    }

    /** The next form of a resource, defaults filled in, if its kind's rules allow it. */
    private static <S, T> Resource<S, T> checked(Resource<S, T> current, Resource<S, T> next) {
        Resource<S, T> defaulted = next.spec(next.kind().defaulted(next.spec()));
        Metadata metadata = defaulted.metadata();
        check(
                next.kind(),
                next.key(),
                Optional.of(current.spec()),
                defaulted.spec(),
                metadata.labels(),
                metadata.annotations());
        return defaulted;
    }

    private static <S, T> void check(
            Kind<S, T> kind,
            Key key,
            Optional<S> before,
            S spec,
            Map<String, String> labels,
            Map<String, String> annotations) {
        List<Problem> problems = new ArrayList<>(kind.problems(key, before, spec));
        problems.addAll(LabelRule.problems(labels, annotations));
        if (!problems.isEmpty()) {
            throw new InvalidSpec(kind, key, problems);
        }
    }

    private static <S> Stored.Applied<S> wanted(Declared<S, ?> declared) {
        return new Stored.Applied<>(
                declared.kind().defaulted(declared.spec()),
                Map.copyOf(declared.labels()),
                Map.copyOf(declared.annotations()));
    }

    /** What is stored of this very resource; empty if it is gone or another has its name. */
    private <S, T> Optional<Stored<S, T>> same(Resource<S, T> resource) {
        return state.find(resource.kind(), resource.key())
                .filter(stored -> stored.resource()
                        .metadata()
                        .uid()
                        .equals(resource.metadata().uid()));
    }

    private static boolean differs(Resource<?, ?> current, Resource<?, ?> wanted) {
        return current.metadata().version() != wanted.metadata().version();
    }

    private static <S, T> WriteResult<S, T> outdated(Resource<S, T> current, Resource<S, T> wanted) {
        return new WriteResult.Conflict<>(
                current,
                "it was read at version " + wanted.metadata().version() + " and is at version "
                        + current.metadata().version() + " now");
    }

    private static boolean moved(Resource<?, ?> current, Resource<?, ?> wanted) {
        return current.metadata().generation() != wanted.metadata().generation()
                || current.metadata().terminating();
    }

    private static <S, T> WriteResult<S, T> undecided(Resource<S, T> current) {
        return new WriteResult.Conflict<>(
                current,
                current.metadata().terminating()
                        ? "it is being deleted"
                        : "its spec has changed; it is at generation "
                                + current.metadata().generation() + " now");
    }

    private static Deletion shortened(Deletion before, Instant deadline) {
        Duration grace = Duration.between(before.at(), deadline);
        return new Deletion(before.at(), grace.isNegative() ? Duration.ZERO : grace);
    }

    /** Keeps what was applied although nothing came of it: no version, no event. */
    private void remember(Stored<?, ?> stored) {
        Resource<?, ?> resource = stored.resource();
        state = new State(
                state.version(),
                state.resources().put(Path.of(resource.kind(), resource.key()), stored),
                state.index(),
                state.kinds());
    }

    private void record(Optional<Resource<?, ?>> before, Optional<Stored<?, ?>> after) {
        Resource<?, ?> either =
                after.<Resource<?, ?>>map(Stored::resource).or(() -> before).orElseThrow();
        Path path = Path.of(either.kind(), either.key());
        Tree<Path, Path> index = state.index();
        for (Path entry : before.map(State::indexed).orElse(List.of())) {
            index = index.remove(entry);
        }
        for (Path entry : after.map(stored -> State.indexed(stored.resource())).orElse(List.of())) {
            index = index.put(entry, path);
        }
        Tree<Path, Stored<?, ?>> resources = after.isPresent()
                ? state.resources().put(path, after.get())
                : state.resources().remove(path);
        state = new State(state.version(), resources, index, kindsWith(either.kind()));
        note(path, new Change(before, after.map(Stored::resource)));
    }

    private Map<String, Kind<?, ?>> kindsWith(Kind<?, ?> kind) {
        if (state.kinds().containsKey(kind.name())) {
            return state.kinds();
        }
        Map<String, Kind<?, ?>> more = new HashMap<>(state.kinds());
        more.put(kind.name(), kind);
        return Map.copyOf(more);
    }

    /** Several changes of one resource are one; a resource and its successor of the same name are two. */
    private void note(Path path, Change change) {
        Integer earlier = lastChange.get(path);
        if (earlier != null && changes.get(earlier).after().isPresent()) {
            changes.set(earlier, new Change(changes.get(earlier).before(), change.after()));
        } else {
            lastChange.put(path, changes.size());
            changes.add(change);
        }
    }
}
