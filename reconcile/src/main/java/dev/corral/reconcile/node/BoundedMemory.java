package dev.corral.reconcile.node;

import dev.corral.ByteSize;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.NamespaceCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Directories in memory on which a file system of a limited size is mounted, where this JVM may mount; what an ordinary user can
 * mount, in a namespace, several containers can't share. Not safe for several threads.
 */
final class BoundedMemory {
    private static final Logger LOG = LoggerFactory.getLogger(BoundedMemory.class);
    /** Source: capabilities(7). */
    private static final int CAP_SYS_ADMIN = 21;

    private static final int EVERYBODY = 0777;

    private static final String DEVICE = "unix:dev";

    private final Set<Path> mounted = new HashSet<>();

    /** Lets a directory hold so much and no more, unless it does already; nothing happens where nothing may be mounted. */
    void bound(Path directory, ByteSize most) {
        if (!mounted.contains(directory) && mount(directory, most)) {
            mounted.add(directory);
        }
    }

    /** Mounts on a directory; false where nothing may be mounted. */
    static boolean mount(Path directory, ByteSize most) {
        if (!LibC.isCapable(CAP_SYS_ADMIN)) {
            return false;
        }
        try {
            NamespaceCalls.memory(directory, most.bytes(), EVERYBODY);
            return true;
        } catch (ErrnoException refused) {
            if (refused.errno() != Errno.EPERM && refused.errno() != Errno.EACCES) {
                throw new VolumeUnusable(
                        String.valueOf(directory.getFileName()),
                        "its memory can't be mounted: " + refused.getMessage(),
                        refused);
            }
            LOG.info("{} is looked at instead of bounded: {}", directory, refused.getMessage());
            return false;
        }
    }

    /** Whether a file system of its own is mounted on a directory. */
    static boolean isMountPoint(Path directory) {
        Path above = Objects.requireNonNull(directory.getParent());
        try {
            return !Files.getAttribute(directory, DEVICE, LinkOption.NOFOLLOW_LINKS)
                    .equals(Files.getAttribute(above, DEVICE, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException gone) {
            return false;
        }
    }

    boolean has(Path directory) {
        return mounted.contains(directory);
    }

    /** Gives back those below a directory. Their files go first: whoever has a copy of the mount would keep them. */
    void remove(Path above) {
        List<Path> below = mounted.stream()
                .filter(directory -> directory.startsWith(above))
                .toList();
        for (Path directory : below) {
            mounted.remove(directory);
            release(directory);
        }
    }

    /** Gives back what is mounted on a directory, its files first. */
    static void release(Path directory) {
        Removal.within(directory);
        try {
            NamespaceCalls.detach(directory);
        } catch (ErrnoException refused) {
            LOG.warn("{} is still mounted", directory, refused);
        }
    }
}
