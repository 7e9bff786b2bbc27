package dev.corral.reconcile.node;

import dev.corral.Command;
import dev.corral.CorralException;
import dev.corral.internal.linux.FileNames;
import dev.corral.namespaces.IdMap;
import dev.corral.namespaces.NamespaceType;
import dev.corral.namespaces.Namespaces;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes a directory that containers could write to. No link in it is followed, whatever is renamed meanwhile. */
final class Removal {
    private static final Logger LOG = LoggerFactory.getLogger(Removal.class);

    private Removal() {}

    /** Removes it with all that is in it; what can't be removed is told in the log. */
    static void of(Path directory) {
        try {
            removed(directory);
        } catch (IOException refused) {
            byItsOwners(directory, refused);
        }
    }

    /** Removes all that is in a directory, and leaves that; what can't be removed is told in the log. */
    static void within(Path directory) {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            if (stream instanceof SecureDirectoryStream<Path> secure) {
                emptied(secure);
            }
        } catch (IOException refused) {
            LOG.warn("{} could not be emptied", directory, refused);
        }
    }

    /** Removes a file, if it is there. */
    static void file(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException refused) {
            LOG.warn("{} could not be removed", file, refused);
        }
    }

    private static void removed(Path directory) throws IOException {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            if (!(stream instanceof SecureDirectoryStream<Path> secure)) {
                throw new IOException(
                        directory + " can't be removed without following links: it is no directory of Linux");
            }
            emptied(secure);
        } catch (NoSuchFileException gone) {
            return;
        }
        Files.deleteIfExists(directory);
    }

    private static void emptied(SecureDirectoryStream<Path> directory) throws IOException {
        for (Path entry : directory) {
            Path name = Objects.requireNonNull(entry.getFileName());
            boolean inner = directory
                    .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes()
                    .isDirectory();
            if (!inner) {
                directory.deleteFile(name);
                continue;
            }
            accessible(directory, name);
            try (SecureDirectoryStream<Path> below = directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                emptied(below);
            } catch (NotDirectoryException swapped) {
                throw new IOException(name + " was replaced while it was removed", swapped);
            }
            directory.deleteDirectory(name);
        }
    }

    /** A program may have taken the rights to its directory from everybody, its owner included. */
    private static void accessible(SecureDirectoryStream<Path> parent, Path name) {
        try {
            parent.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setPermissions(EnumSet.of(
                            PosixFilePermission.OWNER_READ,
                            PosixFilePermission.OWNER_WRITE,
                            PosixFilePermission.OWNER_EXECUTE));
        } catch (IOException others) {
            LOG.trace("{} belongs to another user, or its rights can't be changed", name, others);
        }
    }

    /** What belongs to other ids of a pod's user namespace only those can remove. */
    private static void byItsOwners(Path directory, IOException refused) {
        try {
            Command.of("rm", "-rf", "--", FileNames.text(directory))
                    .with(Namespaces.unshare(NamespaceType.USER).idMap(IdMap.subordinate()))
                    .run()
                    .orThrow();
        } catch (CorralException failed) {
            refused.addSuppressed(failed);
            LOG.warn("{} could not be removed", directory, refused);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            LOG.warn("{} was not removed: interrupted", directory, refused);
        }
    }
}
