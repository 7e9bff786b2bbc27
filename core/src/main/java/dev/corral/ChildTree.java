package dev.corral;

import dev.corral.internal.launch.LaunchPlan.MountKind;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.FileNames;
import dev.corral.internal.linux.UnnamedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a child that could not be started has found under a path, as far as its plan tells: its file tree is gone with it. Good
 * for a hint only.
 */
final class ChildTree {
    private static final int MOST_LINKS = 40;

    private final Launch launch;

    ChildTree(Launch launch) {
        this.launch = launch;
    }

    /** Whether it can be told what is where: the tree of a joined mount namespace is somebody else's. */
    boolean isKnown() {
        return !launch.joins("mnt");
    }

    /**
     * A file in that tree.
     *
     * @param file where the JVM finds it; empty for content that the plan brings along
     * @param noexec whether nothing on its mount may be executed
     */
    record Place(
            String name, Optional<Path> file, ProgramHead head, boolean directory, boolean marked, boolean noexec) {
        private static Place of(String name, Path file, boolean noexec) {
            return new Place(
                    name,
                    Optional.of(file),
                    ProgramHead.of(file),
                    Files.isDirectory(file),
                    isMarked(file),
                    noexec || forbids(file));
        }

        /** Whether anybody at all may execute it, were it elsewhere. */
        private static boolean isMarked(Path file) {
            try {
                Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
                return mode.contains(PosixFilePermission.OWNER_EXECUTE)
                        || mode.contains(PosixFilePermission.GROUP_EXECUTE)
                        || mode.contains(PosixFilePermission.OTHERS_EXECUTE);
            } catch (IOException closed) {
                return true;
            }
        }

        private static boolean forbids(Path file) {
            try {
                return UnnamedFile.forbidsExecution(file);
            } catch (ErrnoException closed) {
                return false;
            }
        }
    }

    /** Empty where there is nothing, and where that can't be told. */
    Optional<Place> find(String program) {
        return isKnown() ? follow(program, absolute(FileNames.path(program))) : Optional.empty();
    }

    private Path absolute(Path path) {
        Path start = launch.root.isNew() ? Path.of("/") : Path.of("").toAbsolutePath();
        return launch.command()
                .directory()
                .map(Path::toAbsolutePath)
                .orElse(start)
                .resolve(path);
    }

    private Optional<Place> follow(String name, Path absolute) {
        Path path = absolute;
        for (int links = 0; links < MOST_LINKS; links++) {
            Optional<Path> target = link(path);
            if (target.isEmpty()) {
                return at(name, path)
                        .filter(place -> place.file().map(Files::exists).orElse(true));
            }
            path = target.get();
        }
        return Optional.empty();
    }

    /** Where a link leads inside; the JVM's own tree is followed by the kernel. */
    private Optional<Path> link(Path path) {
        for (RootPlan.Entry entry : newestFirst()) {
            if (entry.kind() == MountKind.SYMLINK && path.startsWith(entry.target())) {
                Path parent = Optional.ofNullable(entry.target().getParent()).orElse(entry.target());
                Path rest = entry.target().relativize(path);
                return Optional.of(
                        FileNames.in(parent, entry.text()).resolve(rest).normalize());
            }
        }
        if (!launch.root.isNew()) {
            return Optional.empty();
        }
        return at("", path).flatMap(Place::file).filter(Files::isSymbolicLink).flatMap(file -> target(path, file));
    }

    private static Optional<Path> target(Path path, Path file) {
        try {
            return Optional.of(path.resolveSibling(Files.readSymbolicLink(file)).normalize());
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private Optional<Place> at(String name, Path path) {
        for (RootPlan.Entry entry : newestFirst()) {
            if (entry.kind() == MountKind.OVERLAY && path.startsWith(entry.target())) {
                return layered(name, entry.target(), entry.target().relativize(path));
            }
            if (covers(entry.kind()) && path.startsWith(entry.target())) {
                return covered(name, entry, entry.target().relativize(path));
            }
        }
        if (launch.root.isFresh()) {
            return Optional.empty();
        }
        Path file = launch.root
                .directory()
                .map(top -> top.resolve(Path.of("/").relativize(path)))
                .orElse(path);
        return Optional.of(Place.of(name, file, false));
    }

    /** What the others put there can't be told, or is nothing to execute. */
    private static Optional<Place> covered(String name, RootPlan.Entry entry, Path rest) {
        boolean noexec = (entry.flags() & MountFlag.NOEXEC.bit()) != 0;
        return switch (entry.kind()) {
            case BIND ->
                entry.source().map(source -> Place.of(name, real(source).resolve(rest), noexec));
            case FILE ->
                entry.content()
                        .map(content -> new Place(
                                name,
                                Optional.empty(),
                                new ProgramHead(content),
                                false,
                                (entry.mode() & 0111) != 0,
                                false));
            default -> Optional.empty();
        };
    }

    private Optional<Place> layered(String name, Path target, Path rest) {
        return launch.root.entries().stream()
                .filter(entry -> entry.kind() == MountKind.LAYER
                        && entry.mode() == RootPlan.LOWER
                        && entry.target().equals(target))
                .flatMap(entry -> entry.source().stream())
                .map(lower -> lower.resolve(rest))
                .filter(Files::exists)
                .findFirst()
                .map(file -> Place.of(name, file, false));
    }

    /** A bind follows its source when it is made, and nothing of it afterwards. */
    private static Path real(Path source) {
        try {
            return source.toRealPath();
        } catch (IOException gone) {
            return source;
        }
    }

    private static boolean covers(MountKind kind) {
        return switch (kind) {
            case SYMLINK, DIRECTORY, READ_ONLY, LAYER -> false;
            default -> true;
        };
    }

    private List<RootPlan.Entry> newestFirst() {
        List<RootPlan.Entry> entries = new ArrayList<>(launch.root.entries());
        Collections.reverse(entries);
        return entries;
    }
}
