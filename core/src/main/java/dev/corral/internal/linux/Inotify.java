package dev.corral.internal.linux;

import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells of directory entries that go. A user may have few of these, 128 as a rule, each of which may watch many directories.
 * Source: inotify(7).
 */
public final class Inotify implements AutoCloseable {
    private static final int IN_DELETE = 0x200;
    private static final int IN_Q_OVERFLOW = 0x4000;
    private static final int IN_IGNORED = 0x8000;
    private static final int IN_ONLYDIR = 0x1000000;
    private static final int HEADER = 16;
    private static final int ROOM = 4096;

    private final Fd fd;

    public Inotify() {
        int made = Raw.inotify_init1(LibC.O_CLOEXEC | LibC.O_NONBLOCK);
        if (made < 0) {
            throw new ErrnoException("inotify_init1", "", Native.getLastError());
        }
        fd = new Fd(made);
    }

    /**
     * What happened below a watched directory.
     *
     * @param watch that of the directory; -1 for all of them: some events were lost
     * @param name of the entry that is gone; empty if the directory itself is not watched any more
     */
    public record Event(int watch, String name) {
        public boolean isLost() {
            return watch < 0;
        }
    }

    public int number() {
        return fd.number();
    }

    /** Watches a directory for entries that are removed; the same number again for a directory that is watched already. */
    public int watchRemovals(Path directory) {
        int watch = Raw.inotify_add_watch(fd.number(), LibC.pathBytes(directory), IN_DELETE | IN_ONLYDIR);
        if (watch < 0) {
            throw new ErrnoException("inotify_add_watch", directory.toString(), Native.getLastError());
        }
        return watch;
    }

    /** Watches that directory no longer; of no effect if the kernel has ended that itself. */
    public void forget(int watch) {
        Raw.inotify_rm_watch(fd.number(), watch);
    }

    /** What is there to be told now; none if nothing happened. */
    public List<Event> read() {
        byte[] buffer = new byte[ROOM];
        int length = LibC.read(fd.number(), buffer, ROOM);
        return length == LibC.WOULD_BLOCK ? List.of() : parse(buffer, length);
    }

    static List<Event> parse(byte[] bytes, int length) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length).order(ByteOrder.nativeOrder());
        List<Event> events = new ArrayList<>();
        while (buffer.remaining() >= HEADER) {
            int watch = buffer.getInt();
            int mask = buffer.getInt();
            buffer.getInt();
            byte[] name = new byte[buffer.getInt()];
            buffer.get(name);
            if ((mask & (IN_DELETE | IN_Q_OVERFLOW | IN_IGNORED)) != 0) {
                // the name is padded with NULs
                String text = FileNames.text(name);
                int end = text.indexOf(0);
                events.add(new Event(watch, end < 0 ? text : text.substring(0, end)));
            }
        }
        return events;
    }

    @Override
    public void close() {
        fd.close();
    }

    /** The functions of libc as they are. */
    private static final class Raw {
        static {
            NativePart.map(Raw.class);
        }

        private Raw() {}

        static native int inotify_init1(int flags);

        static native int inotify_add_watch(int inotify, byte[] path, int mask);

        static native int inotify_rm_watch(int inotify, int watch);
    }
}
