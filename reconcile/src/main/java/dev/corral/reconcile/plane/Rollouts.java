package dev.corral.reconcile.plane;

import dev.corral.reconcile.Key;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.WriteResult;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.DeploymentSpec;
import dev.corral.reconcile.workload.DeploymentStatus;
import dev.corral.reconcile.workload.Revision;
import dev.corral.reconcile.workload.Revisioned;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a person does to a rollout: looks back, goes back, stops it and lets it go on. */
record Rollouts(Store store) {
    <S, T> List<Revision> history(Revisioned<S, T> workload) {
        Snapshot snapshot = store.snapshot();
        return stored(workload, snapshot)
                .map(found -> workload.history(snapshot, found))
                .orElse(List.of());
    }

    <S, T> Revision undo(Revisioned<S, T> workload) {
        return undo(
                workload,
                history -> history.stream()
                        .filter(revision -> !revision.present())
                        .max(Comparator.comparingLong(Revision::number))
                        .orElseThrow(() -> NoSuchRevision.before(workload)));
    }

    <S, T> Revision undo(Revisioned<S, T> workload, long number) {
        return undo(
                workload,
                history -> history.stream()
                        .filter(revision -> revision.number() == number)
                        .findFirst()
                        .orElseThrow(() -> NoSuchRevision.of(workload, number, history)));
    }

    private <S, T> Revision undo(Revisioned<S, T> workload, Function<List<Revision>, Revision> choice) {
        while (true) {
            Snapshot snapshot = store.snapshot();
            Resource<S, T> found = stored(workload, snapshot).orElseThrow(() -> NoSuchRevision.absent(workload));
            Revision revision = choice.apply(workload.history(snapshot, found));
            if (written(found.spec(workload.withTemplate(found.spec(), revision.template())))) {
                return revision;
            }
        }
    }

    boolean pause(Deployment deployment, boolean paused) {
        while (true) {
            Optional<Resource<DeploymentSpec, DeploymentStatus>> found = stored(deployment, store.snapshot());
            if (found.isEmpty()) {
                return false;
            }
            if (written(found.get().spec(found.get().spec().paused(paused)))) {
                return true;
            }
        }
    }

    private static <S, T> Optional<Resource<S, T>> stored(Revisioned<S, T> workload, Snapshot snapshot) {
        return snapshot.get(workload.kind(), Key.of(workload.name()));
    }

    /** False if somebody else was faster, so that it has to be looked at again. */
    private <S, T> boolean written(Resource<S, T> changed) {
        WriteResult<S, T> result = store.update(changed);
        if (result instanceof WriteResult.Conflict<S, T> || result instanceof WriteResult.NotFound<S, T>) {
            return false;
        }
        result.orThrow();
        return true;
    }
}
