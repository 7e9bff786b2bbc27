package dev.corral.reconcile.node;

import dev.corral.Confinement;
import dev.corral.namespaces.IdMap;
import dev.corral.namespaces.Isolation;
import dev.corral.namespaces.NamespaceType;
import dev.corral.namespaces.RootFilesystem;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.NamespaceKind;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.Sharing;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * In which namespaces a container runs: its own, those of its pod, and, in neither, the host's.
 *
 * @param own made for it
 * @param joined held for the pod
 */
record Places(Set<NamespaceType> own, Set<NamespaceType> joined) {
    static Places of(PodSpec pod, Container container) {
        Map<NamespaceKind, Sharing> sharing = Sharing.of(pod, container);
        return new Places(with(sharing, Sharing.PRIVATE), with(sharing, Sharing.POD));
    }

    /** What has to be held for a pod: all that any of its containers shares. */
    static Set<NamespaceType> shared(PodSpec pod) {
        Set<NamespaceType> all = EnumSet.noneOf(NamespaceType.class);
        pod.allContainers().forEach(container -> all.addAll(of(pod, container).joined));
        return all;
    }

    private static Set<NamespaceType> with(Map<NamespaceKind, Sharing> sharing, Sharing wanted) {
        Set<NamespaceType> types = EnumSet.noneOf(NamespaceType.class);
        sharing.forEach((kind, with) -> {
            if (with == wanted) {
                types.add(type(kind));
            }
        });
        return types;
    }

    private static NamespaceType type(NamespaceKind kind) {
        return switch (kind) {
            case MNT -> NamespaceType.MNT;
            case PID -> NamespaceType.PID;
            case NET -> NamespaceType.NET;
            case IPC -> NamespaceType.IPC;
            case UTS -> NamespaceType.UTS;
            case USER -> NamespaceType.USER;
            case CGROUP -> NamespaceType.CGROUP;
        };
    }

    /**
     * The namespaces that are made for the container, and what is set up in them.
     *
     * @param ids which ids are whose in a user namespace of its own; the library's choice if empty
     * @param tree its file tree; the host's as it is if empty
     */
    Isolation isolation(String hostname, Optional<IdMap> ids, Optional<RootFilesystem> tree) {
        Set<NamespaceType> others = EnumSet.allOf(NamespaceType.class);
        others.removeAll(own);
        others.remove(NamespaceType.TIME);
        Isolation all = Isolation.full().without(NamespaceType.TIME, others.toArray(NamespaceType[]::new));
        all = own.contains(NamespaceType.UTS) ? all.hostname(hostname) : all;
        all = own.contains(NamespaceType.USER) && ids.isPresent() ? all.idMap(ids.get()) : all;
        return tree.isPresent() ? all.root(tree.get()) : all;
    }

    /** A /proc that shows the processes of the pod, where the file tree is the host's. */
    Optional<Confinement> proc(Optional<RootFilesystem> tree) {
        boolean needed = tree.isEmpty() && joined.contains(NamespaceType.PID) && own.contains(NamespaceType.MNT);
        return needed ? Optional.of(launch -> launch.newProc()) : Optional.empty();
    }
}
