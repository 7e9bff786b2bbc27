package dev.corral.namespaces;

import static dev.corral.namespaces.NamespaceType.CGROUP;
import static dev.corral.namespaces.NamespaceType.IPC;
import static dev.corral.namespaces.NamespaceType.MNT;
import static dev.corral.namespaces.NamespaceType.NET;
import static dev.corral.namespaces.NamespaceType.UTS;

import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.NamespaceCalls;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What a thread of a JVM can do with namespaces: a part of what a process can. */
final class ThreadNamespaces {
    private static final Set<NamespaceType> POSSIBLE = EnumSet.of(MNT, NET, UTS, IPC, CGROUP);
    private static final String INSTEAD = "run a program instead: give it to Command.with(...)";

    private ThreadNamespaces() {}

    /** Whether a single thread can be in such a namespace while the others are not. */
    static boolean possible(NamespaceType type) {
        return POSSIBLE.contains(type);
    }

    /** Throws for the kinds a thread can't have for itself. */
    static void check(Collection<NamespaceType> types) {
        for (NamespaceType type : types) {
            if (!possible(type)) {
                throw new ImpossibleCall(
                        "a lambda can't run in a " + type.kernelName() + " namespace: " + reason(type) + "; " + INSTEAD,
                        null);
            }
        }
    }

    private static String reason(NamespaceType type) {
        return switch (type) {
            case USER -> "the kernel refuses one to any thread of a process that has several, as a JVM does";
            case PID ->
                "it concerns the children of a thread only, and the JVM could start none once the first had ended";
            default -> "the kernel puts processes with a single thread into one, and a JVM has many";
        };
    }

    /** Gives the calling thread new namespaces. */
    static void unshare(Set<NamespaceType> types, Optional<String> hostname, boolean setUp) {
        try {
            NamespaceCalls.unshare(types.stream().mapToInt(NamespaceType::flag).reduce(0, (all, flag) -> all | flag));
            if (types.contains(MNT)) {
                NamespaceCalls.keepMountsInside();
            }
            hostname.ifPresent(NamespaceCalls::hostName);
            if (setUp && types.contains(NET)) {
                NamespaceCalls.loopbackUp();
            }
        } catch (ErrnoException refused) {
            throw Refusals.of(
                    "run a lambda in new namespaces " + types,
                    refused,
                    "it takes CAP_SYS_ADMIN; without it " + INSTEAD + ", with USER");
        }
    }

    /** Puts the calling thread into a namespace. */
    static void enter(Namespace namespace, Fd file) {
        try {
            if (namespace.type() == MNT) {
                NamespaceCalls.unshare(NamespaceCalls.CLONE_FS);
            }
            NamespaceCalls.setns(file.number(), namespace.type().flag());
        } catch (ErrnoException refused) {
            throw Refusals.of(
                    "run a lambda in " + namespace,
                    refused,
                    "it takes CAP_SYS_ADMIN (and CAP_SYS_CHROOT for mnt); without it " + INSTEAD + " as join()");
        }
    }
}
