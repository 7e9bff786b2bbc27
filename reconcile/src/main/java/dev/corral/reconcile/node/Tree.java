package dev.corral.reconcile.node;

import dev.corral.ByteSize;
import dev.corral.MountFlag;
import dev.corral.internal.linux.FileNames;
import dev.corral.namespaces.NamespaceType;
import dev.corral.namespaces.RootFilesystem;
import dev.corral.reconcile.workload.Confines;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.RootTree;
import dev.corral.reconcile.workload.SecurityContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The file tree of a container, in words of the library. */
final class Tree {
    private static final Path ROOT = Path.of("/");
    private static final Path PROC = Path.of("/proc");
    private static final Path DEV = Path.of("/dev");
    private static final Path TMP = Path.of("/tmp");
    private static final ByteSize MOST_CONTENT = ByteSize.mebibytes(8);

    private Tree() {}

    /**
     * The tree of a container with its volumes; empty if it is the host's as it is.
     *
     * @param host where the host's tree is seen
     */
    static Optional<RootFilesystem> of(PodSpec pod, Container container, List<Mounted> volumes, Path host) {
        RootTree base = Confines.of(pod, container).root().orElseGet(RootTree.Host::new);
        boolean readOnly = container
                .securityContext()
                .flatMap(SecurityContext::readOnlyRootFilesystem)
                .orElse(false);
        if (base instanceof RootTree.Host && volumes.isEmpty() && !readOnly) {
            return Optional.empty();
        }
        RootFilesystem tree = base(base, readOnly, host);
        Places places = Places.of(pod, container);
        if (places.joined().contains(NamespaceType.PID)) {
            tree = tree.proc();
        } else if (!places.own().contains(NamespaceType.PID)) {
            tree = tree.bind(PROC, PROC, Set.of());
        }
        for (Mounted volume : volumes) {
            tree = with(tree, volume);
        }
        boolean tmpIsPlain =
                volumes.stream().noneMatch(volume -> volume.target().startsWith(TMP));
        if (readOnly && base instanceof RootTree.HostSystem && tmpIsPlain) {
            tree = tree.readOnly(TMP);
        }
        return Optional.of(readOnly ? tree.readOnlyRoot() : tree);
    }

    private static RootFilesystem base(RootTree base, boolean readOnly, Path host) {
        if (base instanceof RootTree.Directory directory) {
            return RootFilesystem.from(FileNames.path(directory.path()));
        }
        if (base instanceof RootTree.Overlay overlay) {
            return RootFilesystem.overlay(
                    overlay.lower().stream().map(FileNames::path).toList());
        }
        return base instanceof RootTree.HostSystem ? RootFilesystem.hostSystem() : asIs(readOnly, host);
    }

    /** What stands in the host's root, in a root of its own, so that places for volumes can be made there. */
    private static RootFilesystem asIs(boolean readOnly, Path host) {
        RootFilesystem tree = RootFilesystem.empty().unmasked();
        for (Path entry : entries(host)) {
            Path target = ROOT.resolve(host.relativize(entry));
            if (Files.isSymbolicLink(entry)) {
                tree = tree.symlink(target, link(entry));
            } else if (!target.equals(PROC)) {
                boolean writable = !readOnly || target.equals(DEV);
                tree = tree.bind(entry, target, writable ? Set.of() : Set.of(MountFlag.READ_ONLY));
            }
        }
        return tree;
    }

    private static List<Path> entries(Path host) {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(host)) {
            List<Path> entries = new ArrayList<>();
            stream.forEach(entries::add);
            Collections.sort(entries);
            return entries;
        } catch (IOException failed) {
            throw new UncheckedIOException("the host's root can't be listed", failed);
        }
    }

    private static String link(Path path) {
        try {
            return Files.readSymbolicLink(path).toString();
        } catch (IOException failed) {
            throw new UncheckedIOException("the host's " + path + " can't be read", failed);
        }
    }

    private static RootFilesystem with(RootFilesystem tree, Mounted volume) {
        if (volume instanceof Mounted.Bound bound) {
            return bound.readOnly()
                    ? tree.bindReadOnly(bound.source(), bound.target())
                    : tree.bind(bound.source(), bound.target());
        }
        if (volume instanceof Mounted.Single single) {
            return tree.file(
                            single.target(),
                            single.file().content().bytes(),
                            single.file().mode())
                    .readOnly(single.target());
        }
        Mounted.Files files = (Mounted.Files) volume;
        RootFilesystem all = tree.tmpfs(files.target(), MOST_CONTENT, 0755);
        for (Map.Entry<Path, Mounted.File> file : files.files().entrySet()) {
            all = all.file(
                    files.target().resolve(file.getKey()),
                    file.getValue().content().bytes(),
                    file.getValue().mode());
        }
        return all.readOnly(files.target());
    }
}
