package dev.corral.reconcile;

import java.util.Optional;

/** Who may claim what, and who lets go. */
record Owning(Draft draft) {
    /** Why a child is not written for an owner; empty if it may be. */
    <S, T> Optional<WriteResult<S, T>> refusal(
            Write.Apply<S, T> write, Optional<Resource<S, T>> child, Resource<?, ?> owner) {
        if (child.isPresent()) {
            return child.get().metadata().ownedBy(owner.metadata())
                    ? Optional.empty()
                    : Optional.of(new WriteResult.Conflict<>(child.get(), "it does not belong to " + owner.title()));
        }
        // What a cleanup has to do outside is recorded for a resource that is being deleted.
        boolean late = write.declared().kind().equals(Intents.KIND)
                && draft.same(owner).isPresent();
        return late
                ? Optional.empty()
                : lost(owner).map(why -> new WriteResult.Refused<>(write.title(), "its owner " + owner.title() + why));
    }

    <S, T> WriteResult<S, T> adopt(Stored<S, T> stored, Write.Adopt<S, T> write) {
        Resource<S, T> current = stored.resource();
        Optional<OwnerReference> controller = current.metadata().owner();
        if (controller.isPresent()) {
            return controller.get().uid().equals(write.owner().metadata().uid())
                    ? new WriteResult.Unchanged<>(current)
                    : new WriteResult.Conflict<>(
                            current,
                            "it belongs to " + controller.get().kind() + " "
                                    + controller.get().name());
        }
        if (current.metadata().terminating()) {
            return new WriteResult.Conflict<>(current, "it is being deleted");
        }
        Optional<String> lost = lost(write.owner());
        if (lost.isPresent()) {
            return new WriteResult.Refused<>(
                    current.title(), "its owner to be " + write.owner().title() + lost.get());
        }
        Metadata metadata = current.metadata()
                .withoutOwners(
                        owner -> owner.uid().equals(write.owner().metadata().uid()))
                .owner(OwnerReference.to(write.owner()));
        return draft.replace(stored, current.metadata(metadata));
    }

    <S, T> WriteResult<S, T> release(Stored<S, T> stored, Write.Release<S, T> write) {
        Resource<S, T> current = stored.resource();
        Metadata metadata = current.metadata()
                .withoutOwners(
                        owner -> owner.uid().equals(write.owner().metadata().uid()));
        return draft.replace(stored, current.metadata(metadata));
    }

    /** Why nothing can belong to an owner any more. */
    private Optional<String> lost(Resource<?, ?> owner) {
        Optional<? extends Resource<?, ?>> now = draft.same(owner).map(Stored::resource);
        if (now.isEmpty()) {
            return Optional.of(" is gone");
        }
        return now.get().metadata().terminating() ? Optional.of(" is being deleted") : Optional.empty();
    }
}
