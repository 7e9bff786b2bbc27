package dev.corral.internal.linux;

import com.sun.jna.Native;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Memory outside of the heap for the arguments and the answers of calls about files, for who makes many of them. Its address is
 * found out once, and nothing is allocated for a call; an array of the heap would be copied there and back by each, which takes a
 * fifth to a third of the time of a short one. Only one thread uses it at a time.
 */
public final class NativeBuffer {
    /** What paths are opened from. */
    private static final int ANYWHERE = -100;

    private static final long AGAIN = -Errno.EINTR;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_INODE = 0x100;
    private static final int STATX_INO = 32;
    /** struct statx. */
    private static final int STATX_SIZE = 256;
    /** As long as the kernel takes a path, with its NUL. */
    private static final int PATH_MAX = 4096;
    /** The name of an extended attribute, with its NUL. */
    private static final int NAME_MAX = 256;
    /** The same with a value that may hold a path, and a little more. */
    private static final int ATTRIBUTE = NAME_MAX + PATH_MAX + 64;

    private final ByteBuffer bytes;
    private final long address;
    private final int capacity;
    /** Behind the answers: a path, the kernel's record of a file, other arguments. */
    private final int path;

    private final int record;
    private final int rest;

    /** With room for so many bytes of a file. */
    public NativeBuffer(int capacity) {
        this.capacity = capacity;
        path = (capacity + 7) & ~7;
        record = path + PATH_MAX;
        rest = record + STATX_SIZE;
        bytes = ByteBuffer.allocateDirect(rest + ATTRIBUTE);
        bytes.order(ByteOrder.nativeOrder());
        address = NativePart.address(bytes);
    }

    public int capacity() {
        return capacity;
    }

    // ------------------------------------------------------------------ files

    /** Opens a file; close-on-exec is always set. */
    public int open(Path file, int flags) {
        int answer = tryOpen(file, flags);
        if (answer < 0) {
            throw new ErrnoException("open", file.toString(), -answer);
        }
        return answer;
    }

    /** Opens something in a directory; a link with its name is not followed. */
    public int openIn(int directory, String name, int flags) {
        int answer = tryOpenIn(directory, name, flags);
        if (answer < 0) {
            throw new ErrnoException("open", name, -answer);
        }
        return answer;
    }

    /** The same for who expects a failure: the error code as a negative number. */
    public int tryOpenIn(int directory, String name, int flags) {
        put(path, Directory.checked(name), PATH_MAX);
        return openat(directory, flags | LibC.O_NOFOLLOW);
    }

    /** Opens a directory, for what is below it. */
    public int directory(Path directory) {
        return open(directory, LibC.O_PATH | LibC.O_DIRECTORY);
    }

    /** Opens for who expects a failure: the error code as a negative number. */
    public int tryOpen(Path file, int flags) {
        put(file);
        return openat(ANYWHERE, flags);
    }

    /** The same for something in a directory, whose links are followed. */
    public int tryOpen(Path directory, String name, int flags) {
        int length = put(directory);
        bytes.put(path + length - 1, (byte) '/');
        put(path + length, name, PATH_MAX - length);
        return openat(ANYWHERE, flags);
    }

    private int openat(int directory, int flags) {
        long answer;
        do {
            answer = answer(Raw.openat(directory, address + path, flags | LibC.O_CLOEXEC, 0));
        } while (answer == AGAIN);
        return (int) answer;
    }

    /** Closes what was opened here; nothing for a negative number. */
    public static void close(int fd) {
        if (fd >= 0) {
            LibC.close(fd);
        }
    }

    /** Fills it from an offset of a file, as far as one call of the kernel does; 0 at the end of the file. */
    public int pread(int fd, long offset) {
        long answer;
        do {
            answer = answer(Raw.pread(fd, address, (long) capacity, offset));
        } while (answer == AGAIN);
        succeed("pread", "", answer);
        return (int) answer;
    }

    /** Copies what is at its beginning. */
    public void copy(byte[] into, int at, int length) {
        Objects.checkFromIndexSize(0, length, capacity);
        bytes.get(0, into, at, length);
    }

    /** What is at its beginning, as text. */
    public String text(int length) {
        byte[] text = new byte[length];
        copy(text, 0, length);
        return FileNames.text(text);
    }

    /** Writes a text in one call, of which the kernel takes all or nothing. */
    public void write(int fd, String text) {
        byte[] line = text.getBytes(StandardCharsets.UTF_8);
        boolean fits = line.length <= capacity;
        if (fits) {
            bytes.put(0, line);
        }
        long answer;
        do {
            answer =
                    answer(fits ? Raw.write(fd, address, (long) line.length) : Raw.write(fd, line, (long) line.length));
        } while (answer == AGAIN);
        succeed("write", "", answer);
    }

    // ------------------------------------------------------------------ names

    /** The number that tells a directory, or another file, from a later one of the same path; empty if there is none. */
    public Optional<Long> inode(Path file) {
        put(file);
        long answer = statx(ANYWHERE, 0);
        if (answer == -Errno.ENOENT) {
            return Optional.empty();
        }
        succeed("statx", file, answer);
        return Optional.of(bytes.getLong(record + STATX_INO));
    }

    /** The same of what is open. */
    public long inode(int fd) {
        put(path, "", PATH_MAX);
        succeed("statx", "", statx(fd, AT_EMPTY_PATH));
        return bytes.getLong(record + STATX_INO);
    }

    /** Whether a directory has something of a name, as far as can be told. */
    public boolean exists(int directory, String name) {
        put(path, Directory.checked(name), PATH_MAX);
        return statx(directory, AT_SYMLINK_NOFOLLOW) == 0;
    }

    public void mkdir(Path directory, int mode) {
        put(directory);
        long answer;
        do {
            answer = answer(Raw.mkdir(address + path, mode));
        } while (answer == AGAIN);
        succeed("mkdir", directory, answer);
    }

    public void rmdir(Path directory) {
        put(directory);
        long answer;
        do {
            answer = answer(Raw.rmdir(address + path));
        } while (answer == AGAIN);
        succeed("rmdir", directory, answer);
    }

    /**
     * Sets an extended attribute, whether it was there or not.
     *
     * @param value a path and some words at most
     */
    public void setAttribute(Path file, String name, String value) {
        put(file);
        int length = put(rest, name, NAME_MAX);
        int size = put(rest + length, value, ATTRIBUTE - length) - 1;
        long at = address + rest;
        long answer;
        do {
            answer = answer(Raw.setxattr(address + path, at, at + length, (long) size, 0));
        } while (answer == AGAIN);
        succeed("setxattr", file, answer);
    }

    private long statx(int directory, int flags) {
        long answer;
        do {
            answer = answer(Raw.statx(directory, address + path, flags, STATX_INODE, address + record));
        } while (answer == AGAIN);
        return answer;
    }

    // ------------------------------------------------------------------ helpers

    /** Puts a text with a closing NUL somewhere; how many bytes that took. */
    private int put(int at, String text, int room) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("text with a NUL: " + text.replace("\0", "\\0"));
        }
        return put(at, text, FileNames.bytes(text), room);
    }

    private int put(Path file) {
        return put(path, file, FileNames.bytes(file), PATH_MAX);
    }

    private int put(int at, Object text, byte[] plain, int room) {
        if (plain.length >= room) {
            throw new ErrnoException("open", text.toString(), Errno.ENAMETOOLONG);
        }
        bytes.put(at, plain);
        bytes.put(at + plain.length, (byte) 0);
        return plain.length + 1;
    }

    /**
     * What a call answered, or its error code as a negative number, {@link #AGAIN} after a signal. The memory that the call was
     * given is this buffer's, so it must be there until now.
     */
    private long answer(long answer) {
        try {
            return answer >= 0 ? answer : -Native.getLastError();
        } finally {
            Reference.reachabilityFence(bytes);
        }
    }

    private static void succeed(String call, Object subject, long answer) {
        if (answer < 0) {
            throw new ErrnoException(call, subject.toString(), (int) -answer);
        }
    }

    /** The functions of libc as they are. */
    private static final class Raw {
        static {
            NativePart.map(Raw.class);
        }

        private Raw() {}

        static native int openat(int directory, long path, int flags, int mode);

        static native long pread(int fd, long address, long length, long offset);

        static native long write(int fd, long address, long length);

        static native long write(int fd, byte[] buffer, long length);

        static native int mkdir(long path, int mode);

        static native int rmdir(long path);

        static native int setxattr(long path, long name, long value, long length, int flags);

        static native int statx(int directory, long path, int flags, int mask, long buffer);
    }
}
