package dev.corral.reconcile;

import java.util.List;
import java.util.Optional;

/** Carries out the writes of a commit, one after the other, on a draft that is thrown away if one of them is refused. */
final class Transaction {
    private final Draft draft;
    private final Deleting deleting;
    private final Owning owning;

    Transaction(Draft draft) {
        this.draft = draft;
        this.deleting = new Deleting(draft);
        this.owning = new Owning(draft);
    }

    <S, T> WriteResult<S, T> perform(Write<S, T> write) {
        if (write instanceof Write.Create<S, T> create) {
            return create(create);
        } else if (write instanceof Write.Apply<S, T> apply) {
            return apply(apply);
        } else if (write instanceof Write.OfResource<S, T> known) {
            Optional<Stored<S, T>> existing = draft.same(known.resource());
            return existing.isPresent()
                    ? perform(known, existing.get())
                    : new WriteResult.NotFound<>(
                            known.resource().kind(), known.resource().key());
        }
        throw new AssertionError("not a write: " + write);
    }

    private <S, T> WriteResult<S, T> perform(Write.OfResource<S, T> write, Stored<S, T> stored) {
        if (write instanceof Write.Update<S, T> update) {
            return update(stored, update.resource());
        } else if (write instanceof Write.UpdateStatus<S, T> update) {
            return updateStatus(stored, update.resource());
        } else if (write instanceof Write.Decide<S, T> decide) {
            return decide(stored, decide);
        } else if (write instanceof Write.Delete<S, T> delete) {
            return deleting.delete(stored, delete);
        } else if (write instanceof Write.Remove<S, T>) {
            return deleting.remove(stored);
        } else if (write instanceof Write.LetGo<S, T> agreed) {
            return deleting.letGo(stored, agreed.finalizer());
        } else if (write instanceof Write.Adopt<S, T> adopt) {
            return owning.adopt(stored, adopt);
        } else if (write instanceof Write.Release<S, T> release) {
            return owning.release(stored, release);
        } else if (write instanceof Write.Require<S, T> require) {
            Resource<S, T> current = stored.resource();
            return moved(current, require.resource()) ? undecided(current) : new WriteResult.Unchanged<>(current);
        }
        throw new AssertionError("not a write: " + write);
    }

    private <S, T> WriteResult<S, T> create(Write.Create<S, T> write) {
        Declared<S, T> declared = write.declared();
        Optional<Stored<S, T>> existing = draft.find(declared.kind(), write.key());
        if (existing.isPresent()) {
            return new WriteResult.Conflict<>(existing.get().resource(), "the name is taken");
        }
        return draft.insert(
                write.key(),
                declared.kind(),
                wanted(write.key(), declared),
                new Draft.Birth("", List.of(), declared.finalizers()));
    }

    private <S, T> WriteResult<S, T> apply(Write.Apply<S, T> write) {
        Declared<S, T> declared = write.declared();
        Optional<Stored<S, T>> existing = draft.find(declared.kind(), write.key());
        if (write.owner().isPresent()) {
            Optional<WriteResult<S, T>> refused = owning.refusal(
                    write, existing.map(Stored::resource), write.owner().get());
            if (refused.isPresent()) {
                return refused.get();
            }
        }
        boolean stored =
                existing.isPresent() && existing.get().resource().spec().equals(declared.spec());
        Stored.Applied<S> wanted = stored ? applied(declared) : wanted(write.key(), declared);
        if (existing.isEmpty()) {
            List<OwnerReference> owners = write.owner()
                    .map(owner -> List.of(OwnerReference.to(owner)))
                    .orElse(List.of());
            return draft.insert(
                    write.key(),
                    declared.kind(),
                    wanted,
                    new Draft.Birth(write.applier(), owners, declared.finalizers()));
        }
        Stored<S, T> before = existing.get();
        return draft.replace(
                before.applied(write.applier(), wanted),
                draft.admitted().next(before.resource(), before.merged(write.applier(), wanted)));
    }

    private <S, T> WriteResult<S, T> update(Stored<S, T> stored, Resource<S, T> wanted) {
        Resource<S, T> current = stored.resource();
        if (differs(current, wanted)) {
            return outdated(current, wanted);
        }
        Metadata metadata = wanted.metadata();
        if (current.metadata().terminating() && !current.metadata().finalizers().containsAll(metadata.finalizers())) {
            return new WriteResult.Conflict<>(current, "it is being deleted, so no finalizer can be added");
        }
        Resource<S, T> next = current.spec(wanted.spec())
                .metadata(current.metadata()
                        .labels(metadata.labels())
                        .annotations(metadata.annotations())
                        .owners(metadata.owners())
                        .finalizers(metadata.finalizers()));
        return draft.replace(stored, draft.admitted().next(current, next));
    }

    private <S, T> WriteResult<S, T> updateStatus(Stored<S, T> stored, Resource<S, T> wanted) {
        Resource<S, T> current = stored.resource();
        return differs(current, wanted)
                ? outdated(current, wanted)
                : draft.replace(stored, current.status(wanted.status()));
    }

    private <S, T> WriteResult<S, T> decide(Stored<S, T> stored, Write.Decide<S, T> write) {
        Resource<S, T> current = stored.resource();
        Resource<S, T> wanted = write.resource();
        if (moved(current, wanted)) {
            return undecided(current);
        }
        Metadata metadata = current.metadata().observed(wanted.metadata().generation());
        if (write.cleanup().isPresent()) {
            metadata = write.cleanup().get() && !metadata.terminating()
                    ? metadata.finalizer(Finalizers.CLEANUP)
                    : metadata.withoutFinalizer(Finalizers.CLEANUP);
        }
        return draft.replace(stored, current.status(wanted.status()).metadata(metadata));
    }

    private <S> Stored.Applied<S> wanted(Key key, Declared<S, ?> declared) {
        draft.admitted().requireGiven(declared.kind(), key, declared.spec());
        return applied(declared);
    }

    private static <S> Stored.Applied<S> applied(Declared<S, ?> declared) {
        return new Stored.Applied<>(
                declared.kind().defaulted(declared.spec()),
                Sorted.of(declared.labels()),
                Sorted.of(declared.annotations()));
    }

    static boolean differs(Resource<?, ?> current, Resource<?, ?> wanted) {
        return current.metadata().version() != wanted.metadata().version();
    }

    static <S, T> WriteResult<S, T> outdated(Resource<S, T> current, Resource<S, T> wanted) {
        return new WriteResult.Conflict<>(
                current,
                "it was read at version " + wanted.metadata().version() + " and is at version "
                        + current.metadata().version() + " now");
    }

    /** The deletion mark counts too: it raises the generation. */
    private static boolean moved(Resource<?, ?> current, Resource<?, ?> wanted) {
        return current.metadata().generation() != wanted.metadata().generation();
    }

    private static <S, T> WriteResult<S, T> undecided(Resource<S, T> current) {
        return new WriteResult.Conflict<>(
                current,
                current.metadata().terminating()
                        ? "it is being deleted"
                        : "its spec has changed; it is at generation "
                                + current.metadata().generation() + " now");
    }
}
