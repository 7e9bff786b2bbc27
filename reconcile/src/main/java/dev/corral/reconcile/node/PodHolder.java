package dev.corral.reconcile.node;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Confinement;
import dev.corral.Stdio;
import dev.corral.namespaces.IdMap;
import dev.corral.namespaces.Isolation;
import dev.corral.namespaces.NamespaceHandle;
import dev.corral.namespaces.NamespaceType;
import dev.corral.namespaces.Namespaces;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The namespaces that the containers of a pod share, held open by descriptors of this JVM, with which they go. Only a shared
 * namespace of processes takes a process: its init, which goes with the JVM too.
 */
final class PodHolder implements AutoCloseable {
    private final Map<NamespaceType, NamespaceHandle> handles;
    private final Optional<Child> init;

    private PodHolder(Map<NamespaceType, NamespaceHandle> handles, Optional<Child> init) {
        this.handles = handles;
        this.init = init;
    }

    /**
     * Makes them.
     *
     * @param types which; with USER among them it owns the others
     * @param ids which ids are whose in the user namespace; the library's choice if empty
     */
    static PodHolder of(Set<NamespaceType> types, String hostname, Optional<IdMap> ids) {
        Child child = command(types, hostname, ids).start();
        Map<NamespaceType, NamespaceHandle> handles = new EnumMap<>(NamespaceType.class);
        try {
            for (NamespaceType type : types) {
                handles.put(type, Namespaces.open(child.payloadPid(), type));
            }
        } catch (RuntimeException | Error failed) {
            handles.values().forEach(NamespaceHandle::close);
            child.close();
            throw failed;
        }
        if (types.contains(NamespaceType.PID)) {
            return new PodHolder(handles, Optional.of(child));
        }
        child.close();
        return new PodHolder(handles, Optional.empty());
    }

    /** Holds those that a container runs in which a JVM before this one has started. */
    static PodHolder found(Set<NamespaceType> types, long pid) {
        Map<NamespaceType, NamespaceHandle> handles = new EnumMap<>(NamespaceType.class);
        try {
            for (NamespaceType type : types) {
                handles.put(type, Namespaces.open(pid, type));
            }
        } catch (RuntimeException | Error failed) {
            handles.values().forEach(NamespaceHandle::close);
            throw failed;
        }
        return new PodHolder(handles, Optional.empty());
    }

    static Command command(Set<NamespaceType> types, String hostname, Optional<IdMap> ids) {
        Set<NamespaceType> others = EnumSet.complementOf(EnumSet.copyOf(types));
        Isolation isolation = Isolation.full().without(NamespaceType.TIME, others.toArray(NamespaceType[]::new));
        isolation = types.contains(NamespaceType.UTS) ? isolation.hostname(hostname) : isolation;
        isolation = ids.isPresent() ? isolation.idMap(ids.get()) : isolation;
        return Command.of("sleep", "infinity")
                .input(Stdio.nothing())
                .output(Stdio.nothing())
                .error(Stdio.nothing())
                .with(isolation);
    }

    /** Whether they can still be joined: processes can't once their init has ended. */
    boolean alive() {
        return init.map(Child::isAlive).orElse(true);
    }

    /** Lets a child run in some of them. */
    Confinement join(Set<NamespaceType> types) {
        List<NamespaceHandle> joined = new ArrayList<>();
        for (NamespaceType type : List.of(NamespaceType.USER, NamespaceType.PID)) {
            if (types.contains(type)) {
                joined.add(handle(type));
            }
        }
        types.stream()
                .filter(type -> type != NamespaceType.USER && type != NamespaceType.PID)
                .forEach(type -> joined.add(handle(type)));
        return Namespaces.join(joined.get(0), joined.subList(1, joined.size()).toArray(NamespaceHandle[]::new));
    }

    private NamespaceHandle handle(NamespaceType type) {
        NamespaceHandle handle = handles.get(type);
        if (handle == null) {
            throw new IllegalStateException("the pod shares no " + type + " namespace, only " + handles.keySet());
        }
        return handle;
    }

    @Override
    public void close() {
        handles.values().forEach(NamespaceHandle::close);
        init.ifPresent(Child::close);
    }
}
