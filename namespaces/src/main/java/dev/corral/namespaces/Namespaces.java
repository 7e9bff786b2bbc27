package dev.corral.namespaces;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;

/** Namespaces of this host: asking for new ones, and looking at those of a process. */
public final class Namespaces {
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
    public static Map<NamespaceType, Namespace> of(long pid) {
        return of(Path.of("/proc"), pid);
    }

    static Map<NamespaceType, Namespace> of(Path proc, long pid) {
        Path links = proc.resolve(Long.toString(pid)).resolve("ns");
        Map<NamespaceType, Namespace> found = new EnumMap<>(NamespaceType.class);
        for (NamespaceType type : NamespaceType.values()) {
            Path link = links.resolve(type.kernelName());
            try {
                Namespace.parse(Files.readSymbolicLink(link).toString())
                        .ifPresent(namespace -> found.put(type, namespace));
            } catch (NoSuchFileException absent) {
                if (!Files.exists(links)) {
                    throw new NamespacesUnreadable("there is no process with pid " + pid, absent);
                }
            } catch (AccessDeniedException refused) {
                throw new NamespacesUnreadable(
                        "the namespaces of pid " + pid + " may not be read by this user: EACCES on " + link, refused);
            } catch (IOException failed) {
                throw new NamespacesUnreadable("the namespaces of pid " + pid + " can't be read: " + failed, failed);
            }
        }
        return found;
    }
}
