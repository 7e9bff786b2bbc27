package dev.corral.namespaces;

import dev.corral.internal.linux.Directory;
import dev.corral.internal.linux.FileNames;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** One of the two ends of a copy: a directory, and whose rights count in it. */
final class Side implements AutoCloseable {
    private final Directory directory;
    private final Optional<InsideRights> rights;

    private Side(Directory directory, Optional<InsideRights> rights) {
        this.directory = directory;
        this.rights = rights;
    }

    /** The directory of a path of the host's. */
    static Side outside(Path path) {
        return new Side(Directory.open(parent(path)), Optional.empty());
    }

    /** The directory of a path in the child's tree; closes the root. */
    static Side inside(Directory root, Path path, InsideRights rights) {
        try (root) {
            return new Side(root.find(FileNames.text(parent(path))), Optional.of(rights));
        }
    }

    /** The directory that a path names something in; an IllegalArgumentException for the root. */
    static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("path " + path + ": the root itself can't be copied");
        }
        return parent;
    }

    <T> T get(Function<Directory, T> call) {
        return rights.isPresent() ? rights.get().as(() -> call.apply(directory)) : call.apply(directory);
    }

    void run(Consumer<Directory> call) {
        get(open -> {
            call.accept(open);
            return true;
        });
    }

    Side enter(String name) {
        return new Side(get(open -> open.enter(name)), rights);
    }

    @Override
    public void close() {
        directory.close();
    }
}
