package dev.corral.namespaces;

import dev.corral.Confinement;
import dev.corral.internal.linux.Pidfd;
import dev.corral.internal.linux.ProcStat;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The namespaces a process was in at one moment; immutable. The process may have ended since, or moved: whatever is done
 * through this looks first whether it is still the same process in the same namespaces. Source: {@code /proc/PID/ns}.
 */
public final class ProcessNamespaces {
    private final Path proc;
    private final long pid;
    private final Optional<Long> started;
    private final Map<NamespaceType, Namespace> namespaces;

    private ProcessNamespaces(Path proc, long pid, Optional<Long> started, Map<NamespaceType, Namespace> namespaces) {
        this.proc = proc;
        this.pid = pid;
        this.started = started;
        this.namespaces = Collections.unmodifiableMap(namespaces);
    }

    static ProcessNamespaces read(Path proc, long pid) {
        Path process = proc.resolve(Long.toString(pid));
        Optional<Long> started = startTime(process);
        Map<NamespaceType, Namespace> found = links(process, pid);
        if (!startTime(process).equals(started)) {
            throw gone(pid, null);
        }
        return new ProcessNamespaces(proc, pid, started, found);
    }

    /** Those of the process that a pidfd means. */
    static ProcessNamespaces of(Path proc, int pidfd) {
        long pid = Pidfd.pid(pidfd);
        if (pid <= 0) {
            throw new NamespaceGone("the process of pidfd " + pidfd + " has ended", null);
        }
        return read(proc, pid);
    }

    /** What the links of a directory like /proc/PID lead to; a kind without a link is absent. */
    private static Map<NamespaceType, Namespace> links(Path process, long pid) {
        Path links = process.resolve("ns");
        Map<NamespaceType, Namespace> found = new EnumMap<>(NamespaceType.class);
        for (NamespaceType type : NamespaceType.values()) {
            Path link = links.resolve(type.kernelName());
            try {
                Namespace.parse(Files.readSymbolicLink(link).toString())
                        .ifPresent(namespace -> found.put(type, namespace));
            } catch (NoSuchFileException absent) {
                if (!Files.exists(links)) {
                    throw gone(pid, absent);
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

    private static NamespacesUnreadable gone(long pid, @Nullable IOException cause) {
        return new NamespacesUnreadable("there is no process with pid " + pid, cause);
    }

    /** Empty where there is no such process. */
    static Optional<Long> startTime(Path process) {
        return ProcStat.parse(ProcFiles.textOrEmpty(process.resolve("stat"))).map(ProcStat::start);
    }

    /** The process that was looked at. */
    public long pid() {
        return pid;
    }

    /**
     * Which namespace of a kind it is in.
     *
     * @throws NamespacesUnreadable if there is none to be seen, because the kernel does not know the kind or the process is
     *     a zombie
     */
    public NamespaceLink get(NamespaceType type) {
        return find(type)
                .orElseThrow(() -> new NamespacesUnreadable(
                        "pid " + pid + " shows no " + type.kernelName()
                                + " namespace: the kernel does not know them, or the process has ended",
                        null));
    }

    /** The same, empty where there is none to be seen. */
    public Optional<NamespaceLink> find(NamespaceType type) {
        return Optional.ofNullable(namespaces.get(type)).map(namespace -> new NamespaceLink(this, namespace));
    }

    /** All of them by kind, unmodifiable; kinds that can't be seen are not in it. */
    public Map<NamespaceType, Namespace> asMap() {
        return namespaces;
    }

    /** Lets a child run in all of them that are not the JVM's own anyway, as {@code nsenter -a} does. */
    public Confinement join() {
        return Join.of(this, namespaces.keySet());
    }

    /**
     * Lets a child run in those of some kinds, entered all at once, and in the user namespace of the process. A process that
     * has made itself another user namespace since gives no privilege over those it had before: join them one by one then,
     * through {@link #get}.
     */
    public Confinement join(NamespaceType first, NamespaceType... more) {
        return Join.of(this, EnumSet.of(first, more));
    }

    Path file(NamespaceType type) {
        return process().resolve("ns").resolve(type.kernelName());
    }

    private Path process() {
        return proc.resolve(Long.toString(pid));
    }

    /** Throws unless it is the same process, in the same namespaces of these kinds. */
    void check(Set<NamespaceType> types) {
        if (!startTime(process()).equals(started)) {
            throw new NamespaceGone("pid " + pid + " has ended", null);
        }
        Map<NamespaceType, Namespace> now = links(process(), pid);
        for (NamespaceType type : types) {
            Namespace before = get(type).namespace();
            if (!before.equals(now.get(type))) {
                throw new NamespaceGone("pid " + pid + " is not in " + before + " any more", null);
            }
        }
    }

    /** Such as {@code pid 4711: [user:[4026531837], net:[4026532289]]}. */
    @Override
    public String toString() {
        return "pid " + pid + ": " + namespaces.values();
    }
}
