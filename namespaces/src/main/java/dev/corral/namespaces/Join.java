package dev.corral.namespaces;

import static dev.corral.namespaces.NamespaceType.USER;

import dev.corral.Confinement;
import dev.corral.Launch;
import dev.corral.internal.linux.Fd;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Running in namespaces that are there already. */
final class Join {
    private static final Path PROC = Path.of("/proc");
    private static final Path OWN_USER_NAMESPACE = Path.of("/proc/self/ns/user");

    private Join() {}

    static Confinement of(List<NamespaceHandle> handles) {
        return launch -> join(launch, handles);
    }

    static Confinement of(NamespaceLink link) {
        return launch -> {
            try (NamespaceHandle handle = link.open()) {
                join(launch, List.of(handle));
            }
        };
    }

    static Confinement of(Path file) {
        return launch -> {
            try (NamespaceHandle handle = NamespaceHandle.at(file)) {
                join(launch, List.of(handle));
            }
        };
    }

    /** All at once, by the process itself. */
    static Confinement of(ProcessNamespaces process, Collection<NamespaceType> types) {
        return launch -> {
            Set<NamespaceType> foreign = foreign(process, types);
            process.check(foreign);
            if (!foreign.isEmpty()) {
                launch.join(names(foreign), process.pid());
            }
            process.check(foreign); // afterwards too: what was opened in between is the same process
        };
    }

    /** By a pidfd, which means one process only, whatever becomes of its pid. */
    static Confinement of(int pidfd, Collection<NamespaceType> types) {
        return launch -> {
            Set<NamespaceType> foreign = foreign(ProcessNamespaces.of(PROC, pidfd), types);
            if (!foreign.isEmpty()) {
                launch.joinPidfd(names(foreign), pidfd);
            }
        };
    }

    private static List<String> names(Set<NamespaceType> types) {
        return types.stream().map(NamespaceType::kernelName).toList();
    }

    /** Those, and the user namespace that gives the right to them, as far as the JVM is not in them. */
    private static Set<NamespaceType> foreign(ProcessNamespaces process, Collection<NamespaceType> types) {
        ProcessNamespaces own =
                ProcessNamespaces.read(PROC, ProcessHandle.current().pid());
        Set<NamespaceType> foreign = EnumSet.noneOf(NamespaceType.class);
        foreign.addAll(types);
        foreign.add(USER);
        foreign.removeIf(type -> process.find(type).equals(own.find(type)));
        return foreign;
    }

    private static void join(Launch launch, List<NamespaceHandle> handles) {
        Set<Namespace> entered = new LinkedHashSet<>();
        entered.add(ownUserNamespace());
        for (NamespaceHandle handle : handles) {
            if (handle.type() != USER) {
                handle.openOwner().ifPresent(owner -> {
                    try (owner) {
                        enter(launch, owner, entered);
                    }
                });
            }
            enter(launch, handle, entered);
        }
    }

    /** Once each: the kernel refuses to enter a user namespace that a process is in. */
    private static void enter(Launch launch, NamespaceHandle handle, Set<Namespace> entered) {
        if (entered.add(handle.namespace())) {
            Fd copy = handle.copy();
            launch.own(copy);
            launch.join(handle.type().kernelName(), Path.of("/proc/self/fd", Integer.toString(copy.number())));
        }
    }

    private static Namespace ownUserNamespace() {
        try (NamespaceHandle own = NamespaceHandle.at(OWN_USER_NAMESPACE)) {
            return own.namespace();
        }
    }
}
