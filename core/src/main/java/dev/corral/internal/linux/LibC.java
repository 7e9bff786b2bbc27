package dev.corral.internal.linux;

import com.sun.jna.Native;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The system calls about files and descriptors, and about as whom this process makes them: one public method each; a failure
 * becomes an {@link ErrnoException}. Those about other things stand in classes like this one, {@link ProcessCalls} for instance.
 *
 * <p>All of them retry EINTR, save {@link #close}, where Linux has freed the number whatever the answer. The error code is
 * read by the statement after the call, before anything else of this thread can overwrite it. Functions with a variable
 * argument list are declared with fixed ones: for integers the calling conventions of x86-64 and aarch64 Linux are the
 * same for both. Each class maps the functions that it calls itself: JNA looks up every function of a class when that is loaded,
 * and a launch needs few.
 */
public final class LibC {
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0100;
    static final int O_EXCL = 0200;
    public static final int O_TRUNC = 01000;
    public static final int O_APPEND = 02000;
    public static final int O_NONBLOCK = 04000;
    static final int O_DIRECTORY = Machine.X86 ? 0200000 : 040000;
    static final int O_NOFOLLOW = Machine.X86 ? 0400000 : 0100000;
    public static final int O_PATH = 010000000;
    public static final int O_CLOEXEC = 02000000;

    /** What {@link #read} and {@link #write} answer where a non-blocking descriptor would have to wait. */
    public static final int WOULD_BLOCK = -2;

    private static final int SEEK_END = 2;
    private static final int SEEK_DATA = 3;
    private static final int FALLOC_FL_KEEP_SIZE = 1;
    private static final int FALLOC_FL_PUNCH_HOLE = 2;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int F_SETFL = 4;
    private static final int FIONREAD = 0x541b;
    private static final int CAPABILITY_VERSION_3 = 0x2008_0522;
    private static final int PR_CAPBSET_READ = 23;
    private static final int PR_GET_SECUREBITS = 27;
    private static final int PR_CAP_AMBIENT = 47;
    private static final int PR_CAP_AMBIENT_IS_SET = 1;
    private static final int SECBIT_NOROOT = 1;

    private LibC() {}

    // ---------------------------------------------------------------- files

    public static int open(Path path, int flags) {
        return open(path, flags, 0);
    }

    /** Opens a file; close-on-exec is always set. */
    public static int open(Path path, int flags, int mode) {
        byte[] bytes = pathBytes(path);
        while (true) {
            int fd = Raw.open(bytes, flags | O_CLOEXEC, mode);
            if (fd >= 0) {
                return fd;
            }
            int errno = Native.getLastError();
            if (errno != Errno.EINTR) {
                throw new ErrnoException("open", path.toString(), errno);
            }
        }
    }

    /** Opens a file relative to a directory's descriptor; close-on-exec is always set. */
    public static int openAt(int directory, String name, int flags) {
        byte[] bytes = cString(name);
        while (true) {
            int fd = Raw.openat(directory, bytes, flags | O_CLOEXEC, 0);
            if (fd >= 0) {
                return fd;
            }
            int errno = Native.getLastError();
            if (errno != Errno.EINTR) {
                throw new ErrnoException("openat", name, errno);
            }
        }
    }

    /** Closes a descriptor; a failure is of no use to anybody and stays unsaid. */
    static void close(int fd) {
        Raw.close(fd);
    }

    /**
     * Reads into the beginning of the buffer.
     *
     * @return the number of bytes, 0 at the end of the file, {@link #WOULD_BLOCK}
     */
    public static int read(int fd, byte[] buffer, int length) {
        while (true) {
            long n = Raw.read(fd, buffer, (long) length);
            if (n >= 0) {
                return (int) n;
            }
            int errno = Native.getLastError();
            if (errno == Errno.EAGAIN) {
                return WOULD_BLOCK;
            }
            if (errno != Errno.EINTR) {
                throw new ErrnoException("read", "", errno);
            }
        }
    }

    /** Goes on reading where the file begins to hold anything: behind what {@link #giveBack} has taken. */
    public static long seekData(int fd) {
        long position = Raw.lseek(fd, 0, SEEK_DATA);
        if (position < 0) {
            int errno = Native.getLastError();
            if (errno != Errno.ENXIO) {
                throw new ErrnoException("lseek", "", errno);
            }
            position = Raw.lseek(fd, 0, SEEK_END); // there is nothing but a hole
        }
        return position;
    }

    /**
     * Takes the beginning of a file's room back; its bytes read as 0 from then on, and the others stay where they are. False
     * where the file system can't do that.
     */
    public static boolean giveBack(int fd, long length) {
        if (Raw.fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, length) == 0) {
            return true;
        }
        int errno = Native.getLastError();
        if (errno == Errno.EOPNOTSUPP || errno == Errno.ENOSYS || errno == Errno.EINTR) {
            return errno == Errno.EINTR;
        }
        throw new ErrnoException("fallocate", "", errno);
    }

    /** Reads at an offset into the beginning of the buffer; 0 at the end of the file. */
    public static int pread(int fd, byte[] buffer, int length, long offset) {
        while (true) {
            long n = Raw.pread(fd, buffer, (long) length, offset);
            if (n >= 0) {
                return (int) n;
            }
            int errno = Native.getLastError();
            if (errno != Errno.EINTR) {
                throw new ErrnoException("pread", "", errno);
            }
        }
    }

    /**
     * Writes the first bytes of the buffer in one call.
     *
     * @return the number of bytes written, {@link #WOULD_BLOCK}
     */
    public static int write(int fd, byte[] buffer, int length) {
        while (true) {
            long n = Raw.write(fd, buffer, (long) length);
            if (n >= 0) {
                return (int) n;
            }
            int errno = Native.getLastError();
            if (errno == Errno.EAGAIN) {
                return WOULD_BLOCK;
            }
            if (errno != Errno.EINTR) {
                throw new ErrnoException("write", "", errno);
            }
        }
    }

    /** Writes all of the buffer to a blocking descriptor. */
    public static void writeAll(int fd, byte[] buffer) {
        int done = 0;
        while (done < buffer.length) {
            byte[] rest = done == 0 ? buffer : Arrays.copyOfRange(buffer, done, buffer.length);
            done += write(fd, rest, rest.length);
        }
    }

    public static void mkdir(Path path, int mode) {
        if (Raw.mkdir(pathBytes(path), mode) != 0) {
            throw new ErrnoException("mkdir", path.toString(), Native.getLastError());
        }
    }

    /** A close-on-exec pipe: the read end, then the write end. */
    public static int[] pipe() {
        int[] ends = new int[2];
        if (Raw.pipe2(ends, O_CLOEXEC) != 0) {
            throw new ErrnoException("pipe2", "", Native.getLastError());
        }
        return ends;
    }

    /** Gives an open file to another user and group. */
    public static void chown(int fd, long user, long group) {
        if (Raw.fchown(fd, (int) user, (int) group) != 0) {
            throw new ErrnoException("fchown", "", Native.getLastError());
        }
    }

    /** How many bytes a read would give at once. Source: ioctl_tty(2), FIONREAD. */
    public static int available(int fd) {
        int[] count = new int[1];
        if (Raw.ioctl(fd, (long) FIONREAD, count) != 0) {
            throw new ErrnoException("ioctl(FIONREAD)", "", Native.getLastError());
        }
        return count[0];
    }

    public static void setNonBlocking(int fd, int accessMode) {
        if (Raw.fcntl(fd, F_SETFL, (long) (accessMode | O_NONBLOCK)) < 0) {
            throw new ErrnoException("fcntl(F_SETFL)", "", Native.getLastError());
        }
    }

    /** A close-on-exec copy of a descriptor with a number of at least {@code minimum}. */
    public static int duplicate(int fd, int minimum) {
        int copy = Raw.fcntl(fd, F_DUPFD_CLOEXEC, (long) minimum);
        if (copy < 0) {
            throw new ErrnoException("fcntl(F_DUPFD_CLOEXEC)", "", Native.getLastError());
        }
        return copy;
    }

    // --------------------------------------------------------- this process

    /** The size of a memory page of the running kernel, in bytes: 4, 16 or 64 KiB. */
    public static int pageSize() {
        return Raw.getpagesize();
    }

    public static int effectiveUser() {
        return Raw.geteuid();
    }

    public static int effectiveGroup() {
        return Raw.getegid();
    }

    /**
     * Whether the calling thread has one of the capabilities 0 to 31 in effect, in its own user namespace. An effective user
     * id of 0 says nothing about that. Source: capget(2).
     */
    public static boolean isCapable(int capability) {
        int[] header = {CAPABILITY_VERSION_3, 0};
        int[] data = new int[6]; // effective, permitted and inheritable, twice
        if (Raw.capget(header, data) != 0) {
            throw new ErrnoException("capget", "", Native.getLastError());
        }
        return (data[0] >> capability & 1) == 1;
    }

    /**
     * Whether a program that the calling thread executes has a capability: user 0 hands down what the bounding set holds, others
     * the ambient ones. What this process has itself says nothing about that. Source: capabilities(7), "Transformation of
     * capabilities during execve()".
     */
    public static boolean handsDown(int capability) {
        boolean asRoot = effectiveUser() == 0 && (prctl(PR_GET_SECUREBITS, 0, 0) & SECBIT_NOROOT) == 0;
        return (asRoot
                        ? prctl(PR_CAPBSET_READ, capability, 0)
                        : prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability))
                == 1;
    }

    private static int prctl(int option, long first, long second) {
        int answer = Raw.prctl(option, first, second, 0, 0);
        if (answer < 0) {
            throw new ErrnoException("prctl", "option " + option, Native.getLastError());
        }
        return answer;
    }

    // ----------------------------------------------------------------- text

    static byte[] pathBytes(Path path) {
        return closed(FileNames.bytes(path));
    }

    /** The bytes of a text, as {@link FileNames} has them, with the closing NUL; a NUL within is refused, it would cut the text short. */
    public static byte[] cString(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("text with a NUL: " + text.replace("\0", "\\0"));
        }
        return closed(FileNames.bytes(text));
    }

    private static byte[] closed(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    /** The functions of libc as they are. */
    private static final class Raw {
        static {
            NativePart.map(Raw.class);
        }

        private Raw() {}

        static native int open(byte[] path, int flags, int mode);

        static native int openat(int directory, byte[] path, int flags, int mode);

        static native int close(int fd);

        static native long read(int fd, byte[] buffer, long length);

        static native long lseek(int fd, long offset, int whence);

        static native int fallocate(int fd, int mode, long offset, long length);

        static native long pread(int fd, byte[] buffer, long length, long offset);

        static native long write(int fd, byte[] buffer, long length);

        static native int mkdir(byte[] path, int mode);

        static native int pipe2(int[] ends, int flags);

        static native int fchown(int fd, int user, int group);

        static native int ioctl(int fd, long request, int[] argument);

        static native int fcntl(int fd, int command, long argument);

        static native int getpagesize();

        static native int geteuid();

        static native int getegid();

        static native int capget(int[] header, int[] data);

        static native int prctl(int option, long a, long b, long c, long d);
    }
}
