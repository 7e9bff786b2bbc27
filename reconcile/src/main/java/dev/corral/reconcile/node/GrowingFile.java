package dev.corral.reconcile.node;

import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * A file that a program writes to while this is read: it has ended when the program has. What was read is given back to the file
 * system, where that can be done, so the file takes no more room than what nobody has read, and whoever opens it later begins
 * with that. Read by one thread.
 */
final class GrowingFile extends InputStream {
    /** How long a line may wait to be seen. */
    private static final long GLANCE_MILLIS = 50;

    private static final int MODE = 0600;

    private final Fd file;
    private long position;
    private long given;
    private boolean givesBack = true;
    /** The file system gives back whole blocks: until something else comes, zeros are what was read of the first one. */
    private boolean resumed;

    private boolean ended;
    private boolean closed;

    private GrowingFile(Fd file, long position, boolean resumed) {
        this.file = file;
        this.position = position;
        this.given = position;
        this.resumed = resumed;
    }

    /** From the beginning; made if it is not there. */
    static GrowingFile open(Path path) {
        return new GrowingFile(new Fd(LibC.open(path, LibC.O_RDWR | LibC.O_CREAT, MODE)), 0, false);
    }

    /** From where somebody before has stopped. */
    static GrowingFile resume(Path path) {
        Fd file = new Fd(LibC.open(path, LibC.O_RDWR | LibC.O_CREAT, MODE));
        try {
            return new GrowingFile(file, LibC.seekData(file.number()), true);
        } catch (RuntimeException | Error failed) {
            file.close();
            throw failed;
        }
    }

    /** Nobody writes any more. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        byte[] chunk = new byte[length];
        while (true) {
            boolean last;
            synchronized (this) {
                last = ended;
                int count = closed ? 0 : readNow(chunk);
                if (count > 0) {
                    System.arraycopy(chunk, 0, buffer, offset, count);
                    return count;
                }
                if (last || closed) {
                    return -1;
                }
                glance();
            }
        }
    }

    private int readNow(byte[] chunk) throws IOException {
        try {
            giveBack();
            int count = LibC.read(file.number(), chunk, chunk.length);
            while (resumed && count > 0) {
                position += count;
                int from = 0;
                while (from < count && chunk[from] == 0) {
                    from++;
                }
                if (from < count) {
                    resumed = false;
                    System.arraycopy(chunk, from, chunk, 0, count - from);
                    return count - from;
                }
                count = LibC.read(file.number(), chunk, chunk.length);
            }
            position += count;
            return count;
        } catch (ErrnoException failed) {
            throw new IOException(failed);
        }
    }

    private void giveBack() {
        if (givesBack && position > given) {
            givesBack = LibC.giveBack(file.number(), position);
            given = givesBack ? position : given;
        }
    }

    @SuppressWarnings("WaitNotInLoop") // its caller looks again
    private void glance() throws IOException {
        try {
            wait(GLANCE_MILLIS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", hurry);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
        file.close();
    }
}
