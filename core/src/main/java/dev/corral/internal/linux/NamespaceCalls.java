package dev.corral.internal.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The system calls about namespaces, one public method each; a failure becomes an {@link ErrnoException}.
 *
 * <p>{@link #unshare}, {@link #setns}, {@link #hostName} and {@link #loopbackUp} concern the calling thread alone, and for
 * good: whoever calls them does so on a platform thread that nobody else uses and that ends afterwards.
 */
public final class NamespaceCalls {
    /** Apart the current directory, root and umask of a thread; joining a mount namespace demands it. */
    public static final int CLONE_FS = 0x200;

    public static final int CLONE_NEWTIME = 0x80;
    public static final int CLONE_NEWNS = 0x20000;
    public static final int CLONE_NEWCGROUP = 0x2000000;
    public static final int CLONE_NEWUTS = 0x4000000;
    public static final int CLONE_NEWIPC = 0x8000000;
    public static final int CLONE_NEWUSER = 0x10000000;
    public static final int CLONE_NEWPID = 0x20000000;
    public static final int CLONE_NEWNET = 0x40000000;

    /** The file system of namespace files. Source: linux/magic.h. */
    private static final long NSFS_MAGIC = 0x6e736673L;

    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_INO = 0x100;
    private static final int STATX_SIZE = 256;
    private static final int STATX_INO_AT = 32;

    private static final long NS_GET_USERNS = 0xb701;
    private static final long NS_GET_PARENT = 0xb702;
    private static final long NS_GET_NSTYPE = 0xb703;
    private static final long NS_GET_OWNER_UID = 0xb704;

    private static final long MS_NOSUID = 2;
    private static final long MS_NODEV = 4;
    private static final long MS_BIND = 4096;
    private static final long MS_REC = 16384;
    private static final long MS_SLAVE = 1 << 19;
    private static final int MNT_DETACH = 2;
    private static final int UMOUNT_NOFOLLOW = 8;

    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;
    private static final long SIOCSIFFLAGS = 0x8914;
    private static final int IFF_UP = 1;

    private NamespaceCalls() {}

    /** Gives the calling thread new namespaces. */
    public static void unshare(int flags) {
        if (Raw.unshare(flags) != 0) {
            throw new ErrnoException("unshare", "", Native.getLastError());
        }
    }

    /** Puts the calling thread into the namespace of a descriptor. */
    public static void setns(int fd, int type) {
        if (Raw.setns(fd, type) != 0) {
            throw new ErrnoException("setns", "", Native.getLastError());
        }
    }

    /** Whether a descriptor is that of a namespace. */
    public static boolean isNamespace(int fd) {
        try (Memory buffer = new Memory(STATX_SIZE)) {
            if (Raw.fstatfs(fd, buffer) != 0) {
                throw new ErrnoException("fstatfs", "", Native.getLastError());
            }
            return buffer.getLong(0) == NSFS_MAGIC;
        }
    }

    /** The number of the file behind a descriptor: for a namespace its identity. Source: statx(2). */
    public static long inode(int fd) {
        try (Memory buffer = new Memory(STATX_SIZE)) {
            if (Raw.statx(fd, LibC.cString(""), AT_EMPTY_PATH, STATX_INO, buffer) != 0) {
                throw new ErrnoException("statx", "", Native.getLastError());
            }
            return buffer.getLong(STATX_INO_AT);
        }
    }

    /** The kind of the namespace of a descriptor, one of the CLONE_NEW constants. Source: ioctl_ns(2). */
    public static int type(int fd) {
        int type = Raw.ioctl(fd, NS_GET_NSTYPE, new int[1]);
        if (type < 0) {
            throw new ErrnoException("ioctl(NS_GET_NSTYPE)", "", Native.getLastError());
        }
        return type;
    }

    /**
     * A new descriptor of the user namespace that owns a namespace; empty where it lies outside of what the calling process
     * may see, or there is none.
     */
    public static Optional<Fd> owner(int fd) {
        return related("ioctl(NS_GET_USERNS)", fd, NS_GET_USERNS);
    }

    /**
     * A new descriptor of the parent of a user or pid namespace; empty for the other kinds, for the first of all, and where
     * it lies outside of what the calling process may see.
     */
    public static Optional<Fd> parent(int fd) {
        return related("ioctl(NS_GET_PARENT)", fd, NS_GET_PARENT);
    }

    private static Optional<Fd> related(String call, int fd, long request) {
        int related = Raw.ioctl(fd, request, new int[1]);
        if (related >= 0) {
            return Optional.of(new Fd(related));
        }
        int errno = Native.getLastError();
        if (errno == Errno.EPERM || errno == Errno.EINVAL) {
            return Optional.empty();
        }
        throw new ErrnoException(call, "", errno);
    }

    /** The user who made a user namespace, as the calling process sees that id; empty for the other kinds. */
    public static Optional<Long> ownerUser(int fd) {
        int[] uid = new int[1];
        if (Raw.ioctl(fd, NS_GET_OWNER_UID, uid) == 0) {
            return Optional.of(Integer.toUnsignedLong(uid[0]));
        }
        int errno = Native.getLastError();
        if (errno == Errno.EINVAL) {
            return Optional.empty();
        }
        throw new ErrnoException("ioctl(NS_GET_OWNER_UID)", "", errno);
    }

    /** Makes a file or directory visible at a second place. */
    public static void bind(Path source, Path target) {
        mount(LibC.pathBytes(source), target, MS_BIND);
    }

    /** Lets no mount of the calling thread's namespace show anywhere else from now on; those of others still come in. */
    public static void keepMountsInside() {
        mount(LibC.cString("none"), Path.of("/"), MS_REC | MS_SLAVE);
    }

    private static void mount(byte[] source, Path target, long flags) {
        mount(source, target, Pointer.NULL, flags, Pointer.NULL);
    }

    private static void mount(byte[] source, Path target, Pointer type, long flags, Pointer data) {
        if (Raw.mount(source, LibC.pathBytes(target), type, flags, data) != 0) {
            throw new ErrnoException("mount", target.toString(), Native.getLastError());
        }
    }

    /**
     * Mounts a new file system in memory on a directory, without devices and setuid files. Source: tmpfs(5).
     *
     * @param size of its files, in bytes; the kernel rounds up to whole pages
     * @param mode of its root
     */
    public static void memory(Path target, long size, int mode) {
        byte[] kind = LibC.cString("tmpfs");
        byte[] options = LibC.cString("size=" + size + ",mode=" + Integer.toOctalString(mode));
        try (Memory type = new Memory(kind.length);
                Memory data = new Memory(options.length)) {
            type.write(0, kind, 0, kind.length);
            data.write(0, options, 0, options.length);
            mount(kind, target, type, MS_NOSUID | MS_NODEV, data);
        }
    }

    /** Takes a mount out of the tree at once; it goes when nobody uses it any more. A symbolic link is not followed. */
    public static void detach(Path target) {
        if (Raw.umount2(LibC.pathBytes(target), MNT_DETACH | UMOUNT_NOFOLLOW) != 0) {
            throw new ErrnoException("umount2", target.toString(), Native.getLastError());
        }
    }

    /** Sets the host name of the calling thread's uts namespace. */
    public static void hostName(String name) {
        byte[] bytes = LibC.cString(name);
        if (Raw.sethostname(bytes, bytes.length - 1L) != 0) {
            throw new ErrnoException("sethostname", name, Native.getLastError());
        }
    }

    /** Brings up the loopback device of the calling thread's network namespace. Source: netdevice(7). */
    public static void loopbackUp() {
        int socket = Raw.socket(AF_INET, SOCK_DGRAM | LibC.O_CLOEXEC, 0);
        if (socket < 0) {
            throw new ErrnoException("socket", "", Native.getLastError());
        }
        try (Fd owned = new Fd(socket)) {
            int[] request = new int[10]; // struct ifreq: 16 bytes of name, then the flags
            request[0] = 'l' | 'o' << 8;
            request[4] = IFF_UP;
            if (Raw.ioctl(owned.number(), SIOCSIFFLAGS, request) != 0) {
                throw new ErrnoException("ioctl(SIOCSIFFLAGS)", "lo", Native.getLastError());
            }
        }
    }

    /** The functions of libc as they are. */
    private static final class Raw {
        static {
            NativePart.map(Raw.class);
        }

        private Raw() {}

        static native int setns(int fd, int type);

        static native int unshare(int flags);

        static native int mount(byte[] source, byte[] target, Pointer type, long flags, Pointer data);

        static native int umount2(byte[] target, int flags);

        static native int sethostname(byte[] name, long length);

        static native int fstatfs(int fd, Pointer buffer);

        static native int statx(int directory, byte[] path, int flags, int mask, Pointer buffer);

        static native int ioctl(int fd, long request, int[] argument);

        static native int socket(int domain, int type, int protocol);
    }
}
