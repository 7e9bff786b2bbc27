package dev.corral.reconcile.node;

import dev.corral.reconcile.workload.HostPathType;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** What has to be at a path of the host. */
final class HostPaths {
    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;
    private static final int CHAR_DEVICE = 0020000;
    private static final int BLOCK_DEVICE = 0060000;

    private static final Set<PosixFilePermission> OF_DIRECTORIES = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Set<PosixFilePermission> OF_FILES = PosixFilePermissions.fromString("rw-r--r--");

    private HostPaths() {}

    /** Makes it if its type says so. */
    static void require(String volume, Path path, HostPathType type) {
        try {
            if (Files.notExists(path)) {
                make(path, type);
            }
            if (!holds(path, type)) {
                throw new VolumeUnusable(
                        volume, path + (Files.exists(path) ? " is not of type " + type : " does not exist"), null);
            }
        } catch (IOException failed) {
            throw new VolumeUnusable(volume, path + " can't be made or looked at: " + failed, failed);
        }
    }

    /** With Kubernetes' modes, whatever the umask of this JVM is: the payload may be somebody else. */
    private static void make(Path path, HostPathType type) throws IOException {
        try {
            if (type == HostPathType.DIRECTORY_OR_CREATE) {
                Files.createDirectories(path.toAbsolutePath().getParent(), attribute(OF_DIRECTORIES));
                Files.createDirectory(path, attribute(OF_DIRECTORIES));
                Files.setPosixFilePermissions(path, OF_DIRECTORIES);
            } else if (type == HostPathType.FILE_OR_CREATE) {
                Files.createFile(path, attribute(OF_FILES));
                Files.setPosixFilePermissions(path, OF_FILES);
            }
        } catch (FileAlreadyExistsException meanwhile) {
            return;
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> attribute(Set<PosixFilePermission> permissions) {
        return PosixFilePermissions.asFileAttribute(permissions);
    }

    private static boolean holds(Path path, HostPathType type) throws IOException {
        return Files.exists(path)
                && switch (type) {
                    case UNSET -> true;
                    case DIRECTORY, DIRECTORY_OR_CREATE -> Files.isDirectory(path);
                    case FILE, FILE_OR_CREATE -> Files.isRegularFile(path);
                    case SOCKET -> type(path) == SOCKET;
                    case CHAR_DEVICE -> type(path) == CHAR_DEVICE;
                    case BLOCK_DEVICE -> type(path) == BLOCK_DEVICE;
                };
    }

    /** The bits of st_mode that say what it is. Source: inode(7). */
    private static int type(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:mode") & TYPE;
    }
}
