package dev.corral.cgroups;

import dev.corral.internal.linux.CloseBatch;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.NativeBuffer;

/**
 * Room for the text of one file, used for one file after the other. Only one thread uses it at a time.
 *
 * <p>The kernel writes into memory outside of the heap: an array of the heap would be copied there and back as a whole for
 * each call.
 */
final class Scratch {
    private static final int BEGIN = 8192;

    final Words words = new Words();
    final Devices devices = new Devices();
    private final CloseBatch open = new CloseBatch();
    private NativeBuffer direct;
    private byte[] bytes = new byte[BEGIN];
    private int length;

    Scratch() {
        this(BEGIN);
    }

    /** With room for so many bytes at the beginning. */
    Scratch(int capacity) {
        direct = new NativeBuffer(capacity);
    }

    /**
     * Takes the whole text of an open file. As long as it fits, that is one call of the kernel and thus one picture; when the
     * buffer was full the rest is read too, and the buffer is large enough the next time.
     */
    void read(int fd) {
        length = 0;
        int n = direct.pread(fd, 0);
        while (n > 0) {
            append(n);
            if (n < direct.capacity()) {
                return;
            }
            direct = new NativeBuffer(2 * direct.capacity());
            n = direct.pread(fd, length);
        }
    }

    /**
     * The same of a file in a directory, which is opened for it, and open until {@link #closeFiles}, unless this JVM may have no
     * more; what the call that opens it answers.
     */
    int readIn(int directory, String file) {
        int fd = direct.tryOpenIn(directory, file, LibC.O_RDONLY);
        if (fd == -Errno.EMFILE && !open.isEmpty()) {
            open.close();
            fd = direct.tryOpenIn(directory, file, LibC.O_RDONLY);
        }
        if (fd >= 0) {
            open.add(fd);
            read(fd);
        }
        return fd;
    }

    /** Closes what was opened here, together, which takes less time than one by one. */
    void closeFiles() {
        open.close();
    }

    /** Takes a text that is there already. */
    void set(byte[] text) {
        bytes = text.length > bytes.length ? new byte[text.length] : bytes;
        System.arraycopy(text, 0, bytes, 0, text.length);
        length = text.length;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** The words from the beginning of the text. */
    Words restart() {
        return words.over(bytes, 0, length);
    }

    private void append(int count) {
        if (bytes.length - length < count) {
            bytes = java.util.Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
        }
        direct.copy(bytes, length, count);
        length += count;
    }
}
