package dev.corral.reconcile.workload;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import java.util.List;

/**
 * What keeps the templates that it had, so that one of them can come back.
 *
 * @param <S> the spec's type
 * @param <T> the status's type
 */
public sealed interface Revisioned<S, T> extends Declared<S, T> permits Deployment, StatefulSet, DaemonSet {
    /** The revisions of a stored one, oldest first; empty before its controller has looked at it. */
    List<Revision> history(Snapshot snapshot, Resource<S, T> stored);

    /** A spec with another template, and all else as it is. */
    S withTemplate(S old, PodTemplate template);
}
