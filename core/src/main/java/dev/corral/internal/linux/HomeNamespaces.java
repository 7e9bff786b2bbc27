package dev.corral.internal.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * The namespaces of this JVM's first thread. Any other has those of whoever started it, and that may be one that was sent into
 * others for a piece of work: a thread that lives on, and starts processes, must not stay there.
 */
public final class HomeNamespaces {
    /** Mounts first: the others are found by their paths. Those of users and pids can't be left by a thread. */
    private static final List<Kind> KINDS = List.of(
            new Kind("mnt", NamespaceCalls.CLONE_NEWNS),
            new Kind("net", NamespaceCalls.CLONE_NEWNET),
            new Kind("uts", NamespaceCalls.CLONE_NEWUTS),
            new Kind("ipc", NamespaceCalls.CLONE_NEWIPC),
            new Kind("cgroup", NamespaceCalls.CLONE_NEWCGROUP));

    private record Kind(String name, int type) {}

    private HomeNamespaces() {}

    /** Takes the calling thread there, one of one's own that has just begun. What the kernel refuses is logged. Source: setns(2). */
    public static void enter() {
        for (Kind kind : KINDS) {
            try {
                Path home = Path.of("/proc/self/ns", kind.name);
                if (!Files.readSymbolicLink(Path.of("/proc/thread-self/ns", kind.name))
                        .equals(Files.readSymbolicLink(home))) {
                    enter(home, kind.type);
                }
            } catch (IOException | ErrnoException refused) {
                LoggerFactory.getLogger(HomeNamespaces.class)
                        .warn(
                                "{} stays in another {} namespace",
                                Thread.currentThread().getName(),
                                kind.name,
                                refused);
            }
        }
    }

    private static void enter(Path home, int type) {
        try (Fd namespace = new Fd(LibC.open(home, LibC.O_RDONLY))) {
            if (type == NamespaceCalls.CLONE_NEWNS) { // its root and directory are the process's until then
                NamespaceCalls.unshare(NamespaceCalls.CLONE_FS);
            }
            NamespaceCalls.setns(namespace.number(), type);
        }
    }
}
