package dev.corral.namespaces;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.NamespaceCalls;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Namespaces that a bind mount keeps alive. */
final class KeptNamespace {
    private static final String PRIVILEGE =
            "a mount takes CAP_SYS_ADMIN: run as root, or keep a process in the namespace, or a handle open";

    private KeptNamespace() {}

    static void keep(Namespace namespace, Fd file, Path path) {
        String what = "keep " + namespace + " at " + path;
        boolean made = makeFile(what, path);
        try {
            NamespaceCalls.bind(Path.of("/proc/self/fd", Integer.toString(file.number())), path);
        } catch (ErrnoException refused) {
            if (made) {
                try {
                    delete(path);
                } catch (NamespaceRefused stays) {
                    refused.addSuppressed(stays);
                }
            }
            if (refused.errno() == Errno.EINVAL && namespace.type() == NamespaceType.MNT) {
                throw new NamespaceRefused(
                        "can't " + what + ": " + refused.getMessage() + ": a mount namespace can be kept only below a"
                                + " private mount (mount --make-private), and only by an older mount namespace",
                        refused);
            }
            throw Refusals.of(what, refused, PRIVILEGE);
        }
    }

    /** Whether the file had to be made. */
    private static boolean makeFile(String what, Path path) {
        try {
            Files.createFile(path);
            return true;
        } catch (FileAlreadyExistsException there) {
            if (isNamespace(path)) {
                throw new NamespaceRefused("can't " + what + ": a namespace is kept there already", there);
            }
            if (!isEmptyFile(path)) {
                throw new NamespaceRefused("can't " + what + ": there is something else than an empty file", there);
            }
            return false;
        } catch (NoSuchFileException absent) {
            throw new NamespaceRefused("can't " + what + ": there is no such directory: make it first", absent);
        } catch (IOException failed) {
            throw new NamespaceRefused("can't " + what + ": the file can't be made: " + failed, failed);
        }
    }

    private static boolean isEmptyFile(Path path) {
        try {
            return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && Files.size(path) == 0;
        } catch (IOException failed) {
            return false;
        }
    }

    private static boolean isNamespace(Path path) {
        try {
            NamespaceHandle.at(path).close();
            return !Files.isSymbolicLink(path);
        } catch (NamespaceGone another) {
            return false;
        }
    }

    static void release(Path path) {
        if (!isNamespace(path)) {
            throw new NamespaceGone("no namespace is kept at " + path, null);
        }
        try {
            NamespaceCalls.detach(path);
        } catch (ErrnoException refused) {
            throw Refusals.of("release the namespace at " + path, refused, "it takes CAP_SYS_ADMIN");
        }
        delete(path);
    }

    /** A file that stays is an empty one, and the next keepAt takes it. */
    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException failed) {
            throw new NamespaceRefused("the empty file " + path + " can't be deleted: " + failed, failed);
        }
    }
}
