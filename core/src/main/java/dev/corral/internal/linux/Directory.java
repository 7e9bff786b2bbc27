package dev.corral.internal.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * A directory held open, and the calls about what is in it. A name is one component and never followed if it is a link; only
 * {@link #find} takes a path, and stays below this directory whatever links and renames there are.
 */
public final class Directory implements AutoCloseable {
    private static final int ENTER = LibC.O_PATH | LibC.O_DIRECTORY | LibC.O_NOFOLLOW;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_REMOVEDIR = 0x200;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int STATX_SIZE = 256;
    private static final int STATX_UID = 20;
    private static final int STATX_GID = 24;
    private static final int STATX_MODE = 28;
    private static final int STATX_INO = 32;
    private static final int STATX_FILE_SIZE = 40;
    private static final int STATX_DEV_MAJOR = 136;
    private static final int STATX_DEV_MINOR = 140;
    private static final int PATH_MAX = 4096;
    private static final int PERMISSIONS = 07777;
    private static final long MOST_AT_ONCE = 1 << 30;

    private final Fd fd;

    private Directory(int number) {
        this.fd = new Fd(number);
    }

    /** Opens a directory by a path of the caller's, whose links are followed. */
    public static Directory open(Path path) {
        return new Directory(LibC.open(path, LibC.O_PATH | LibC.O_DIRECTORY));
    }

    /** One that is open already, with an owner of its own. */
    public static Directory of(int open) {
        return new Directory(LibC.openAt(open, ".", ENTER));
    }

    /**
     * Loads every class that the calls of a directory take, by trying those that change nothing. For a thread that is about to give
     * up rights over files: classes are loaded by whoever needs them first, and it may not be able to read them any more.
     */
    public static void load() {
        Class<?> unusedKind = Named.class;
        try (Directory root = open(Path.of("/"));
                Directory found = root.find(".");
                Directory walked = PathWalk.find(root, ".")) {
            List<String> unusedNames = found.names();
            Optional<Stat> unusedStat = walked.stat(".corral-is-not-here");
        }
    }

    // ------------------------------------------------------------------ finding

    /** The directory that a path means if this one is the root: links and ".." never lead out. */
    public Directory find(String path) {
        OptionalInt found = Openat2.inRoot(fd.number(), path.isEmpty() ? "." : path, LibC.O_PATH | LibC.O_DIRECTORY);
        return found.isPresent() ? new Directory(found.getAsInt()) : PathWalk.find(this, path);
    }

    /** A directory in this one. */
    public Directory enter(String name) {
        return new Directory(LibC.openAt(fd.number(), checked(name), ENTER));
    }

    /** This directory once more, with an owner of its own. */
    Directory again() {
        return of(fd.number());
    }

    public Stat stat() {
        return stat("", AT_EMPTY_PATH);
    }

    /** What a name stands for; empty if there is nothing. */
    public Optional<Stat> stat(String name) {
        try {
            return Optional.of(stat(checked(name), AT_SYMLINK_NOFOLLOW));
        } catch (ErrnoException failed) {
            if (failed.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw failed;
        }
    }

    private Stat stat(String name, int flags) {
        return stat(fd.number(), name, flags);
    }

    private static Stat stat(int directory, String name, int flags) {
        byte[] bytes = LibC.cString(name);
        try (Memory buffer = new Memory(STATX_SIZE)) {
            call("statx", name, () -> Raw.statx(directory, bytes, flags, STATX_BASIC_STATS, buffer));
            int mode = buffer.getShort(STATX_MODE);
            return new Stat(
                    Stat.type(mode),
                    mode & PERMISSIONS,
                    buffer.getLong(STATX_FILE_SIZE),
                    Integer.toUnsignedLong(buffer.getInt(STATX_UID)),
                    Integer.toUnsignedLong(buffer.getInt(STATX_GID)),
                    (long) buffer.getInt(STATX_DEV_MAJOR) << 32
                            | Integer.toUnsignedLong(buffer.getInt(STATX_DEV_MINOR)),
                    buffer.getLong(STATX_INO));
        }
    }

    /** The names in this directory, without "." and "..", in the kernel's order and as {@link FileNames} has them. */
    public List<String> names() {
        return Listing.of(fd.number()).stream().map(Listing.Entry::name).toList();
    }

    /** The names of the directories in this one. */
    public List<String> directories() {
        return names(Stat.Type.DIRECTORY);
    }

    /** The names of the regular files. */
    public List<String> files() {
        return names(Stat.Type.FILE);
    }

    private List<String> names(Stat.Type wanted) {
        return Listing.of(fd.number()).stream()
                .filter(entry -> entry.type()
                        .or(() -> stat(entry.name()).map(Stat::type))
                        .filter(wanted::equals)
                        .isPresent())
                .map(Listing.Entry::name)
                .toList();
    }

    /** What a link says; an ErrnoException with EINVAL for anything else. */
    public String readlink(String name) {
        byte[] bytes = LibC.cString(checked(name));
        byte[] buffer = new byte[PATH_MAX];
        int number = fd.number();
        int length = (int) call("readlinkat", name, () -> Raw.readlinkat(number, bytes, buffer, buffer.length));
        return FileNames.text(buffer, 0, length);
    }

    // ------------------------------------------------------------------ files

    /** Opens a regular file to read; EINVAL for what is none, without having opened it: that may have had an effect. */
    public Fd read(String name) {
        try (Fd found = new Fd(LibC.openAt(fd.number(), checked(name), LibC.O_PATH | LibC.O_NOFOLLOW))) {
            if (stat(found.number(), "", AT_EMPTY_PATH).type() != Stat.Type.FILE) {
                throw new ErrnoException("open", name, Errno.EINVAL);
            }
            return new Fd(LibC.open(Path.of("/proc/self/fd/" + found.number()), LibC.O_RDONLY));
        }
    }

    /** Opens what has the name, with flags of {@link LibC}; meant for file systems of the kernel's, whose files are safe to open. */
    public Fd open(String name, int flags) {
        return new Fd(LibC.openAt(fd.number(), checked(name), flags | LibC.O_NOFOLLOW));
    }

    /**
     * Opens a file below this directory. A link on the way, "..", and the file of another file system are an ErrnoException
     * with ELOOP or EXDEV.
     *
     * @param path of one component or more
     * @param flags such as {@link LibC#O_RDONLY}; nothing is created
     */
    public Fd beneath(String path, int flags) {
        OptionalInt found = Openat2.within(fd.number(), path, flags);
        return found.isPresent() ? new Fd(found.getAsInt()) : stepByStep(path, flags);
    }

    /** The same for kernels and filters without the call. */
    Fd stepByStep(String path, int flags) {
        int slash = path.indexOf('/');
        String name = slash < 0 ? path : path.substring(0, slash);
        try (Fd found = new Fd(LibC.openAt(fd.number(), checked(name), LibC.O_PATH | LibC.O_NOFOLLOW))) {
            Stat stat = stat(found.number(), "", AT_EMPTY_PATH);
            if (stat.type() == Stat.Type.SYMLINK) {
                throw new ErrnoException("openat", name, Errno.ELOOP);
            }
            if (stat.device() != stat().device()) {
                throw new ErrnoException("openat", name, Errno.EXDEV);
            }
        }
        if (slash < 0) {
            return new Fd(LibC.openAt(fd.number(), name, flags | LibC.O_NOFOLLOW));
        }
        try (Directory next = enter(name)) {
            return next.stepByStep(path.substring(slash + 1), flags);
        }
    }

    /** Makes a file that was not there, to write to; only its owner may open it so far. */
    public Fd create(String name) {
        byte[] bytes = LibC.cString(checked(name));
        int number = fd.number();
        int flags = LibC.O_WRONLY | LibC.O_CREAT | LibC.O_EXCL | LibC.O_NOFOLLOW | LibC.O_CLOEXEC;
        return new Fd((int) call("openat", name, () -> Raw.openat(number, bytes, flags, 0600)));
    }

    /** Copies up to so many bytes from one file to another; fewer, down to 0, at the end. */
    public static long copy(Fd from, Fd to, long count) {
        int source = from.number();
        int target = to.number();
        return call("sendfile", "", () -> Raw.sendfile(target, source, 0, Math.min(count, MOST_AT_ONCE)));
    }

    /** Sets the permission bits of an open file. */
    public static void chmod(Fd file, int mode) {
        int number = file.number();
        call("fchmod", "", () -> Raw.fchmod(number, mode));
    }

    // ------------------------------------------------------------------ entries

    /** Makes a directory that only its owner may enter so far. */
    public void mkdir(String name) {
        named("mkdirat", name, bytes -> Raw.mkdirat(fd.number(), bytes, 0700));
    }

    /** Sets the permission bits of a directory in this one. */
    public void chmod(String name, int mode) {
        try (Fd open =
                new Fd(LibC.openAt(fd.number(), checked(name), LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_NOFOLLOW))) {
            chmod(open, mode);
        }
    }

    public void chown(String name, long user, long group) {
        named(
                "fchownat",
                name,
                bytes -> Raw.fchownat(fd.number(), bytes, (int) user, (int) group, AT_SYMLINK_NOFOLLOW));
    }

    /** Sets the time of the last change, and of the last access to the same. */
    public void touch(String name, long seconds, long nanos) {
        long[] times = {seconds, nanos, seconds, nanos};
        named("utimensat", name, bytes -> Raw.utimensat(fd.number(), bytes, times, AT_SYMLINK_NOFOLLOW));
    }

    public void symlink(String name, String text) {
        byte[] content = LibC.cString(text);
        named("symlinkat", name, bytes -> Raw.symlinkat(content, fd.number(), bytes));
    }

    /** Gives a file of another directory, or a link itself, one more name here. */
    public void link(String name, Directory from, String existing) {
        byte[] other = LibC.cString(checked(existing));
        named("linkat", name, bytes -> Raw.linkat(from.fd.number(), other, fd.number(), bytes, 0));
    }

    /** Gives another name in this directory, in place of whatever file or link had it. */
    public void rename(String name, String newName) {
        byte[] other = LibC.cString(checked(newName));
        named("renameat", newName, ignored -> {
            byte[] bytes = LibC.cString(checked(name));
            return Raw.renameat(fd.number(), bytes, fd.number(), other);
        });
    }

    /** Removes a file or a link. */
    public void unlink(String name) {
        named("unlinkat", name, bytes -> Raw.unlinkat(fd.number(), bytes, 0));
    }

    /** Removes an empty directory. */
    public void rmdir(String name) {
        named("unlinkat", name, bytes -> Raw.unlinkat(fd.number(), bytes, AT_REMOVEDIR));
    }

    @Override
    public void close() {
        fd.close();
    }

    // ------------------------------------------------------------------ helpers

    @FunctionalInterface
    private interface Named {
        int call(byte[] name);
    }

    private static void named(String call, String name, Named function) {
        byte[] bytes = LibC.cString(checked(name));
        call(call, name, () -> function.call(bytes));
    }

    /** A slash would make a path of it, and "." or ".." another place. */
    static String checked(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
            throw new IllegalArgumentException("\"" + name + "\" is not the name of something in a directory");
        }
        return name;
    }

    private static long call(String call, String subject, LongSupplier function) {
        while (true) {
            long answer = function.getAsLong();
            if (answer >= 0) {
                return answer;
            }
            int errno = Native.getLastError();
            if (errno != Errno.EINTR) {
                throw new ErrnoException(call, subject, errno);
            }
        }
    }

    /** The functions of libc as they are. */
    private static final class Raw {
        static {
            NativePart.map(Raw.class);
        }

        private Raw() {}

        static native int statx(int directory, byte[] path, int flags, int mask, Pointer buffer);

        static native int openat(int directory, byte[] path, int flags, int mode);

        static native int mkdirat(int directory, byte[] name, int mode);

        static native int unlinkat(int directory, byte[] name, int flags);

        static native int symlinkat(byte[] text, int directory, byte[] name);

        static native int linkat(int from, byte[] existing, int to, byte[] name, int flags);

        static native int renameat(int from, byte[] name, int to, byte[] newName);

        static native long readlinkat(int directory, byte[] name, byte[] buffer, long length);

        static native int fchmod(int fd, int mode);

        static native int fchownat(int directory, byte[] name, int user, int group, int flags);

        static native int utimensat(int directory, byte[] name, long[] times, int flags);

        static native long sendfile(int to, int from, long offset, long count);
    }
}
