package dev.corral.internal.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;

/**
 * A directory held open, and the calls about what is in it. A name is one component and never followed if it is a link; only
 * {@link #find} takes a path, and stays below this directory whatever links and renames there are.
 */
public final class Directory implements AutoCloseable {
    private static final boolean X86 = "amd64".equals(System.getProperty("os.arch"));
    static final int O_DIRECTORY = X86 ? 0200000 : 040000;
    static final int O_NOFOLLOW = X86 ? 0400000 : 0100000;
    private static final int O_EXCL = 0200;
    private static final int ENTER = LibC.O_PATH | O_DIRECTORY | O_NOFOLLOW;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_REMOVEDIR = 0x200;
    private static final int SYS_OPENAT2 = 437;
    private static final int SYS_GETDENTS64 = X86 ? 217 : 61;
    private static final int RESOLVE_NO_MAGICLINKS = 2;
    private static final int RESOLVE_IN_ROOT = 16;
    /** Not out of the directory, over no link, into no other file system. */
    private static final int RESOLVE_WITHIN = 8 | 4 | RESOLVE_NO_MAGICLINKS | 1;

    /** struct open_how: flags, mode, resolve, 64 bits each. */
    private static final int HOW_RESOLVE = 16;

    private static final int HOW_SIZE = 24;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int STATX_SIZE = 256;
    private static final int STATX_UID = 20;
    private static final int STATX_GID = 24;
    private static final int STATX_MODE = 28;
    private static final int STATX_INO = 32;
    private static final int STATX_FILE_SIZE = 40;
    private static final int STATX_DEV_MAJOR = 136;
    private static final int STATX_DEV_MINOR = 140;
    /** struct linux_dirent64. */
    private static final int DIRENT_LENGTH = 16;

    private static final int DIRENT_TYPE = 18;
    private static final int DIRENT_NAME = 19;
    private static final int DT_UNKNOWN = 0;
    private static final int DT_DIR = 4;
    private static final int DT_REG = 8;
    private static final int DIRENT_BUFFER = 32 * 1024;
    private static final int PATH_MAX = 4096;
    private static final int PERMISSIONS = 07777;
    /** How often a lookup is begun again because somebody renames directories under it. */
    private static final int RACES = 128;

    private static final long MOST_AT_ONCE = 1 << 30;

    private final Fd fd;

    private Directory(int number) {
        this.fd = new Fd(number);
    }

    /** Opens a directory by a path of the caller's, whose links are followed. */
    public static Directory open(Path path) {
        return new Directory(LibC.open(path, LibC.O_PATH | O_DIRECTORY));
    }

    /** One that is open already, with an owner of its own. */
    public static Directory of(int open) {
        return new Directory(LibC.openAt(open, ".", ENTER));
    }

    // ------------------------------------------------------------------ finding

    /** The directory that a path means if this one is the root: links and ".." never lead out. */
    public Directory find(String path) {
        byte[] bytes = LibC.cString(path.isEmpty() ? "." : path);
        try (Memory how = new Memory(HOW_SIZE)) {
            how.clear();
            how.setLong(0, LibC.O_PATH | O_DIRECTORY | LibC.O_CLOEXEC);
            how.setLong(HOW_RESOLVE, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
            int number = fd.number();
            int errno = Errno.EAGAIN;
            for (int i = 0; i < RACES && (errno == Errno.EAGAIN || errno == Errno.EINTR); i++) {
                long found = Raw.syscall(SYS_OPENAT2, number, bytes, how, HOW_SIZE);
                if (found >= 0) {
                    return new Directory((int) found);
                }
                errno = Native.getLastError();
            }
            // EPERM: a seccomp filter around the JVM that is older than the call.
            if (errno == Errno.ENOSYS || errno == Errno.EPERM) {
                return PathWalk.find(this, path);
            }
            throw new ErrnoException("openat2", path, errno);
        }
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

    /**
     * The names in this directory, without "." and "..", in the kernel's order.
     *
     * @return names that aren't UTF-8 with the bytes in question replaced: nothing is found by those
     */
    public List<String> names() {
        return names((name, type) -> true);
    }

    /** The names of the directories in this one. */
    public List<String> directories() {
        return names(DT_DIR, Stat.Type.DIRECTORY);
    }

    /** The names of the regular files. */
    public List<String> files() {
        return names(DT_REG, Stat.Type.FILE);
    }

    private List<String> names(int listed, Stat.Type wanted) {
        return names((name, type) -> type == DT_UNKNOWN
                ? stat(name).filter(stat -> stat.type() == wanted).isPresent()
                : type == listed);
    }

    private List<String> names(BiPredicate<String, Integer> which) {
        List<String> names = new ArrayList<>();
        try (Fd listing = new Fd(LibC.openAt(fd.number(), ".", LibC.O_RDONLY | O_DIRECTORY));
                Memory buffer = new Memory(DIRENT_BUFFER)) {
            int number = listing.number();
            while (true) {
                long length = call("getdents64", "", () -> Raw.syscall(SYS_GETDENTS64, number, buffer, DIRENT_BUFFER));
                if (length == 0) {
                    return names;
                }
                for (long at = 0; at < length; at += Short.toUnsignedInt(buffer.getShort(at + DIRENT_LENGTH))) {
                    String name = buffer.getString(at + DIRENT_NAME, StandardCharsets.UTF_8.name());
                    boolean here = name.equals(".") || name.equals("..");
                    if (!here && which.test(name, (int) buffer.getByte(at + DIRENT_TYPE))) {
                        names.add(name);
                    }
                }
            }
        }
    }

    /** What a link says; an ErrnoException with EINVAL for anything else. */
    public String readlink(String name) {
        byte[] bytes = LibC.cString(checked(name));
        byte[] buffer = new byte[PATH_MAX];
        int number = fd.number();
        int length = (int) call("readlinkat", name, () -> Raw.readlinkat(number, bytes, buffer, buffer.length));
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(buffer, 0, length))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw new ErrnoException("readlinkat", name, Errno.EINVAL);
        }
    }

    // ------------------------------------------------------------------ files

    /** Opens a regular file to read; EINVAL for what is none, without having opened it: that may have had an effect. */
    public Fd read(String name) {
        try (Fd found = new Fd(LibC.openAt(fd.number(), checked(name), LibC.O_PATH | O_NOFOLLOW))) {
            if (stat(found.number(), "", AT_EMPTY_PATH).type() != Stat.Type.FILE) {
                throw new ErrnoException("open", name, Errno.EINVAL);
            }
            return new Fd(LibC.open(Path.of("/proc/self/fd/" + found.number()), LibC.O_RDONLY));
        }
    }

    /** Opens what has the name, with flags of {@link LibC}; meant for file systems of the kernel's, whose files are safe to open. */
    public Fd open(String name, int flags) {
        return new Fd(LibC.openAt(fd.number(), checked(name), flags | O_NOFOLLOW));
    }

    /**
     * Opens a file below this directory. A link on the way, "..", and the file of another file system are an ErrnoException
     * with ELOOP or EXDEV.
     *
     * @param path of one component or more
     * @param flags such as {@link LibC#O_RDONLY}; nothing is created
     */
    public Fd beneath(String path, int flags) {
        byte[] bytes = LibC.cString(path);
        try (Memory how = new Memory(HOW_SIZE)) {
            how.clear();
            how.setLong(0, flags | LibC.O_CLOEXEC);
            how.setLong(HOW_RESOLVE, RESOLVE_WITHIN);
            int number = fd.number();
            return new Fd((int) call("openat2", path, () -> Raw.syscall(SYS_OPENAT2, number, bytes, how, HOW_SIZE)));
        } catch (ErrnoException failed) {
            // EPERM: a seccomp filter around the JVM that is older than the call.
            if (failed.errno() == Errno.ENOSYS || failed.errno() == Errno.EPERM) {
                return stepByStep(path, flags);
            }
            throw failed;
        }
    }

    /** The same for kernels and filters without the call. */
    Fd stepByStep(String path, int flags) {
        int slash = path.indexOf('/');
        String name = slash < 0 ? path : path.substring(0, slash);
        try (Fd found = new Fd(LibC.openAt(fd.number(), checked(name), LibC.O_PATH | O_NOFOLLOW))) {
            Stat stat = stat(found.number(), "", AT_EMPTY_PATH);
            if (stat.type() == Stat.Type.SYMLINK) {
                throw new ErrnoException("openat", name, Errno.ELOOP);
            }
            if (stat.device() != stat().device()) {
                throw new ErrnoException("openat", name, Errno.EXDEV);
            }
        }
        if (slash < 0) {
            return new Fd(LibC.openAt(fd.number(), name, flags | O_NOFOLLOW));
        }
        try (Directory next = enter(name)) {
            return next.stepByStep(path.substring(slash + 1), flags);
        }
    }

    /** Makes a file that was not there, to write to; only its owner may open it so far. */
    public Fd create(String name) {
        byte[] bytes = LibC.cString(checked(name));
        int number = fd.number();
        int flags = LibC.O_WRONLY | LibC.O_CREAT | O_EXCL | O_NOFOLLOW | LibC.O_CLOEXEC;
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
        try (Fd open = new Fd(LibC.openAt(fd.number(), checked(name), LibC.O_RDONLY | O_DIRECTORY | O_NOFOLLOW))) {
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
}
