package dev.corral.reconcile.workload;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** With whom a container shares a namespace. */
public enum Sharing {
    /** With nobody. */
    PRIVATE,
    /** With the other containers of its pod that share it too. */
    POD,
    /** With this JVM, and so with the host. */
    HOST;

    /**
     * With whom a container of a pod shares each kind. Unless {@link Confines} say otherwise the network is the host's (a pod
     * with {@code hostNetwork} false has one of its own), shared memory and the host name are those of the pod if that has several
     * containers, and the rest is private. What is shared within the pod belongs to one user namespace, the pod's.
     */
    public static Map<NamespaceKind, Sharing> of(PodSpec pod, Container container) {
        Map<NamespaceKind, Sharing> all = new EnumMap<>(NamespaceKind.class);
        for (NamespaceKind kind : NamespaceKind.values()) {
            all.put(kind, PRIVATE);
        }
        boolean several = pod.allContainers().size() > 1;
        all.put(NamespaceKind.NET, pod.hostNetwork().orElse(true) ? HOST : POD);
        all.put(
                NamespaceKind.PID,
                pod.hostPID().orElse(false) ? HOST : pod.shareProcessNamespace().orElse(false) ? POD : PRIVATE);
        all.put(NamespaceKind.IPC, pod.hostIPC().orElse(false) ? HOST : several ? POD : PRIVATE);
        all.put(NamespaceKind.UTS, several ? POD : PRIVATE);
        pod.confines().ifPresent(confines -> all.putAll(confines.namespaces()));
        container.confines().ifPresent(confines -> all.putAll(confines.namespaces()));
        if (all.get(NamespaceKind.USER) == PRIVATE && anyShared(all.values())) {
            all.put(NamespaceKind.USER, POD);
        }
        return Collections.unmodifiableMap(all);
    }

    private static boolean anyShared(Collection<Sharing> all) {
        return all.contains(POD);
    }
}
