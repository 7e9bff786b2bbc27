package dev.corral.namespaces;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One look at all processes and mounts. */
final class NamespaceScan {
    private static final Logger LOG = LoggerFactory.getLogger(NamespaceScan.class);

    private final Path proc;
    private final Set<NamespaceType> types;
    private final Map<Long, List<String>> userNames;
    private final Map<Namespace, Found> found =
            new TreeMap<>(Comparator.comparingLong(Namespace::inode).thenComparing(Namespace::type));
    private int unreadable;

    NamespaceScan(Path proc, Path etc, Set<NamespaceType> types) {
        this.proc = proc;
        this.types = types;
        this.userNames = ProcessText.userNames(ProcFiles.textOrEmpty(etc.resolve("passwd")));
    }

    /** What is known of one namespace so far. */
    private static final class Found {
        private final List<Path> ways = new ArrayList<>();
        private final List<Path> mounts = new ArrayList<>();
        private int processes;
        private Optional<NamespaceInfo.First> first = Optional.empty();
        private Relations relations = Relations.UNKNOWN;
    }

    private record Relations(Optional<Namespace> parent, Optional<Namespace> owner, Optional<Long> ownerUser) {
        private static final Relations UNKNOWN = new Relations(Optional.empty(), Optional.empty(), Optional.empty());
    }

    NamespaceList run() {
        pids().forEach(this::process);
        mounts();
        // A copy: parents and owners that nobody is in are added on the way.
        List.copyOf(found.keySet()).forEach(this::relate);
        List<NamespaceInfo> all = new ArrayList<>();
        found.forEach((namespace, about) -> all.add(new NamespaceInfo(
                namespace,
                about.processes,
                about.first,
                about.mounts,
                about.relations.parent,
                about.relations.owner,
                about.relations.ownerUser)));
        return new NamespaceList(all, unreadable);
    }

    private List<Long> pids() {
        try (Stream<Path> entries = Files.list(proc)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches("[0-9]{1,10}"))
                    .map(Long::valueOf)
                    .sorted()
                    .toList();
        } catch (IOException failed) {
            throw new NamespacesUnreadable("the processes of this host can't be listed: " + failed, failed);
        }
    }

    private void process(long pid) {
        Path directory = proc.resolve(Long.toString(pid));
        Map<Namespace, Path> links = new LinkedHashMap<>();
        try {
            for (NamespaceType type : types) {
                Path link = directory.resolve("ns").resolve(type.kernelName());
                link(link).ifPresent(namespace -> links.put(namespace, link));
            }
        } catch (AccessDeniedException refused) {
            unreadable++;
            return;
        }
        boolean news = links.keySet().stream().anyMatch(namespace -> isWithoutProcess(namespace));
        Optional<NamespaceInfo.First> self = news ? describe(directory, pid) : Optional.empty();
        if (news && self.isEmpty()) {
            return; // gone meanwhile
        }
        links.forEach((namespace, link) -> {
            Found about = found.computeIfAbsent(namespace, added -> new Found());
            about.first = about.first.isEmpty() ? self : about.first;
            about.processes++;
            about.ways.add(link);
        });
    }

    private boolean isWithoutProcess(Namespace namespace) {
        Found about = found.get(namespace);
        return about == null || about.first.isEmpty();
    }

    /** Empty for a process that is gone or a zombie, and for a kind the kernel does not know. */
    private static Optional<Namespace> link(Path link) throws AccessDeniedException {
        try {
            return Namespace.parse(Files.readSymbolicLink(link).toString());
        } catch (AccessDeniedException refused) {
            throw refused;
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private Optional<NamespaceInfo.First> describe(Path directory, long pid) {
        String status = ProcFiles.textOrEmpty(directory.resolve("status"));
        String command = ProcessText.command(ProcFiles.textOrEmpty(directory.resolve("cmdline")), status);
        return ProcessText.effectiveUser(status).map(uid -> new NamespaceInfo.First(pid, uid, userName(uid), command));
    }

    private Optional<String> userName(long uid) {
        return Optional.ofNullable(userNames.get(uid)).map(names -> names.get(0));
    }

    private void mounts() {
        byte[] mountInfo;
        try {
            mountInfo = Files.readAllBytes(proc.resolve("self/mountinfo"));
        } catch (IOException absent) {
            return;
        }
        for (MountedNamespace mounted : MountedNamespace.parse(mountInfo)) {
            if (types.contains(mounted.namespace().type())) {
                Found about = found.computeIfAbsent(mounted.namespace(), added -> new Found());
                about.mounts.add(mounted.path());
                about.ways.add(mounted.path());
            }
        }
    }

    /** Asks the kernel by whichever way still leads to the namespace. */
    private void relate(Namespace namespace) {
        Found about = found.get(namespace);
        for (Path way : about == null ? List.<Path>of() : about.ways) {
            try (NamespaceHandle handle = NamespaceHandle.at(way)) {
                if (handle.namespace().equals(namespace)) {
                    relate(handle);
                    return;
                }
            } catch (NamespaceGone | NamespacesUnreadable closed) {
                LOG.trace("{} is not reached by {} any more", namespace, way, closed); // perhaps by the next
            }
        }
    }

    private void relate(NamespaceHandle handle) {
        Optional<Namespace> parent = handle.openParent().map(this::ancestor);
        Optional<Namespace> owner = handle.openOwner().map(this::ancestor);
        Optional.ofNullable(found.get(handle.namespace()))
                .ifPresent(about -> about.relations = new Relations(parent, owner, handle.ownerUser()));
    }

    /** One that nobody is in shows only here, and may have such ancestors itself. */
    private Namespace ancestor(NamespaceHandle opened) {
        try (opened) {
            Namespace namespace = opened.namespace();
            if (types.contains(namespace.type()) && !found.containsKey(namespace)) {
                found.put(namespace, new Found());
                relate(opened);
            }
            return namespace;
        }
    }
}
