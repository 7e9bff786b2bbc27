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
 * namespace of processes takes a process: its init, which goes with the JVM too. Not safe for several threads.
 */
final class PodHolder implements AutoCloseable {
    private final Map<NamespaceType, NamespaceHandle> handles = new EnumMap<>(NamespaceType.class);
    private final Optional<Child> init;

    private PodHolder(Optional<Child> init) {
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
        PodHolder made = new PodHolder(types.contains(NamespaceType.PID) ? Optional.of(child) : Optional.empty());
        try {
            made.find(types, child.payloadPid());
        } catch (RuntimeException | Error failed) {
            child.close();
            throw failed;
        }
        if (made.init.isEmpty()) {
            child.close();
        }
        return made;
    }

    /** Holds nothing so far. */
    static PodHolder nothing() {
        return new PodHolder(Optional.empty());
    }

    /** Holds those of a process as well, unless one of the same type is held: it is the same. */
    void find(Set<NamespaceType> types, long pid) {
        Map<NamespaceType, NamespaceHandle> more = new EnumMap<>(NamespaceType.class);
        try {
            for (NamespaceType type : types) {
                if (!handles.containsKey(type)) {
                    more.put(type, Namespaces.open(pid, type));
                }
            }
        } catch (RuntimeException | Error failed) {
            more.values().forEach(NamespaceHandle::close);
            throw failed;
        }
        handles.putAll(more);
    }

    /**
     * Makes those that are missing, which belong to the user namespace that is held: nothing that has survived the JVM before this
     * was in them.
     */
    void make(Set<NamespaceType> wanted, String hostname) {
        Set<NamespaceType> missing = EnumSet.copyOf(wanted);
        missing.removeAll(handles.keySet());
        if (missing.isEmpty()) {
            return;
        }
        NamespaceHandle user = handles.get(NamespaceType.USER);
        Command command = user == null ? plain() : plain().with(Namespaces.join(user));
        try (Child child = command.with(isolation(missing, hostname)).start()) {
            find(missing, child.payloadPid());
        }
    }

    static Command command(Set<NamespaceType> types, String hostname, Optional<IdMap> ids) {
        Isolation isolation = isolation(types, hostname);
        return plain().with(ids.isPresent() ? isolation.idMap(ids.get()) : isolation);
    }

    private static Isolation isolation(Set<NamespaceType> types, String hostname) {
        Set<NamespaceType> others = EnumSet.complementOf(EnumSet.copyOf(types));
        Isolation isolation = Isolation.full().without(NamespaceType.TIME, others.toArray(NamespaceType[]::new));
        return types.contains(NamespaceType.UTS) ? isolation.hostname(hostname) : isolation;
    }

    private static Command plain() {
        return Command.of("sleep", "infinity")
                .input(Stdio.nothing())
                .output(Stdio.nothing())
                .error(Stdio.nothing());
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
