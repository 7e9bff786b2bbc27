package dev.corral.namespaces;

import static dev.corral.namespaces.NamespaceType.PID;
import static dev.corral.namespaces.NamespaceType.TIME;
import static dev.corral.namespaces.NamespaceType.USER;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Confinement;
import dev.corral.NamespaceDenied;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Namespaces of this host: asking for new ones, finding those that are there, opening and keeping them. */
public final class Namespaces {
    private static final Path PROC = Path.of("/proc");
    private static final Path ETC = Path.of("/etc");

    private Namespaces() {}

    /**
     * New namespaces of just these kinds, as {@code unshare} makes them: with {@link NamespaceType#USER} the usual id map,
     * and nothing else. {@link Isolation} has more to choose from.
     */
    public static Isolation unshare(NamespaceType first, NamespaceType... more) {
        return Isolation.of(EnumSet.of(first, more));
    }

    /**
     * The namespaces a process is in, at this moment.
     *
     * @throws NamespacesUnreadable if there is no such process, or the JVM may not look: it takes the same user without
     *     raised privileges, or CAP_SYS_PTRACE. An init of Corral's never lets an ordinary user look: ask for the payload
     */
    public static ProcessNamespaces of(long pid) {
        return ProcessNamespaces.read(PROC, pid);
    }

    /** All namespaces of this host that the JVM can see, as {@code lsns} shows them; see {@link NamespaceList}. */
    public static NamespaceList list() {
        return new NamespaceScan(PROC, ETC, EnumSet.allOf(NamespaceType.class)).run();
    }

    /** Those of one kind. */
    public static NamespaceList list(NamespaceType type) {
        return new NamespaceScan(PROC, ETC, EnumSet.of(type)).run();
    }

    /**
     * Opens the namespace of a file: one kept by {@link NamespaceHandle#keepAt}, by {@code ip netns} or by {@code unshare},
     * or a link in {@code /proc/PID/ns}. The handle belongs to the caller, who closes it.
     *
     * @throws NamespaceGone if there is no file, or one that is no namespace
     * @throws NamespacesUnreadable if this user may not open it
     */
    public static NamespaceHandle open(Path file) {
        return NamespaceHandle.at(file);
    }

    /**
     * Opens a namespace of a process. The handle belongs to the caller, who closes it.
     *
     * @throws NamespaceGone if the process ends or moves meanwhile
     * @throws NamespacesUnreadable as for {@link #of}
     */
    public static NamespaceHandle open(long pid, NamespaceType type) {
        return of(pid).get(type).open();
    }

    /**
     * Makes a namespace that no process is in: the handle, a path ({@link NamespaceHandle#keepAt}) or who joins it keeps it
     * alive. Nothing is set up inside. Where the JVM lacks the privilege, a user namespace is made along with it, which owns
     * it. The handle belongs to the caller, who closes it.
     *
     * @throws ImpossibleCall for {@link NamespaceType#PID}: such a namespace takes no process any more once its first one has
     *     ended
     * @throws dev.corral.CorralException if the kernel refuses
     */
    public static NamespaceHandle create(NamespaceType type) {
        if (type == PID) {
            throw new ImpossibleCall(
                    "a pid namespace without a process is of no use: it lives and dies with its first one", null);
        }
        if (ThreadNamespaces.possible(type)) {
            Optional<NamespaceHandle> made = byThread(type);
            if (made.isPresent()) {
                return made.get();
            }
        }
        if (type == TIME) { // for the children of the one that asks for it
            try {
                return byProcess(EnumSet.of(type), type);
            } catch (NamespaceDenied lacking) {
                return byProcess(EnumSet.of(type, USER), type);
            }
        }
        return byProcess(EnumSet.of(type, USER), type);
    }

    private static NamespaceHandle byProcess(Set<NamespaceType> types, NamespaceType type) {
        try (Child waiting = Command.of("cat").with(Isolation.of(types)).start()) {
            return open(waiting.payloadPid(), type);
        }
    }

    /** Empty where the privilege is lacking. */
    private static Optional<NamespaceHandle> byThread(NamespaceType type) {
        try {
            Path own = PROC.resolve("thread-self/ns").resolve(type.kernelName());
            return Optional.of(Isolation.of(EnumSet.of(type)).call(() -> NamespaceHandle.at(own)));
        } catch (NamespaceRefused refused) {
            if (refused.getCause() instanceof ErrnoException call && call.errno() == Errno.EPERM) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /**
     * Lets a child run in the namespace that a file shows at the time of the launch; see {@link #open(Path)} and {@link
     * NamespaceHandle#join()}.
     */
    public static Confinement join(Path file) {
        return Join.of(file);
    }

    /** Lets a child run in several open namespaces at once, in that order; see {@link NamespaceHandle#join()}. */
    public static Confinement join(NamespaceHandle first, NamespaceHandle... more) {
        List<NamespaceHandle> handles = new ArrayList<>(List.of(first));
        handles.addAll(List.of(more));
        return Join.of(List.copyOf(handles));
    }

    /**
     * Lets a child run in namespaces of the process that an open pidfd means, entered all at once, and in its user namespace.
     * The descriptor stays the caller's. A launch throws {@link NamespaceGone} if the process has ended, and
     * IllegalArgumentException for a descriptor that is no pidfd. Source: pidfd_open(2), setns(2).
     */
    public static Confinement joinPidfd(int pidfd, NamespaceType first, NamespaceType... more) {
        return Join.of(pidfd, EnumSet.of(first, more));
    }

    /**
     * Ends what {@link NamespaceHandle#keepAt} began: takes the namespace away from the path and deletes the file. The
     * namespace goes when nothing else keeps it.
     *
     * @throws NamespaceGone if no namespace is kept there; nothing is touched then
     * @throws NamespaceRefused if the JVM has no CAP_SYS_ADMIN, or the file can't be deleted
     */
    public static void release(Path path) {
        KeptNamespace.release(path);
    }
}
