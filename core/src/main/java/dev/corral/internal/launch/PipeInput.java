package dev.corral.internal.launch;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.PollCalls;
import dev.corral.internal.linux.Poller;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The JVM's end of a pipe that a payload writes to. Safe for any thread; readers take turns. */
public final class PipeInput extends InputStream {
    private static final int MOST = 1 << 16;

    private final PipeEnd end;
    private final boolean terminal;

    public PipeInput(Fd fd, Poller poller) {
        this(new PipeEnd(fd, poller, LibC.O_RDONLY), false);
    }

    private PipeInput(PipeEnd end, boolean terminal) {
        this.end = end;
        this.terminal = terminal;
    }

    /** The JVM's end of a terminal, whose reads fail with EIO once nobody has the other end open. */
    public static PipeInput ofTerminal(Fd fd, Poller poller) {
        return new PipeInput(new PipeEnd(fd, poller, LibC.O_RDWR), true);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        byte[] chunk = new byte[Math.min(length, MOST)];
        int n = end.transfer(PollCalls.POLLIN, fd -> read(fd, chunk));
        if (n == 0) {
            return -1;
        }
        System.arraycopy(chunk, 0, bytes, offset, n);
        return n;
    }

    private int read(int fd, byte[] chunk) {
        try {
            return LibC.read(fd, chunk, chunk.length);
        } catch (ErrnoException failed) {
            if (terminal && failed.errno() == Errno.EIO) {
                return 0;
            }
            throw failed;
        }
    }

    @Override
    public int available() throws IOException {
        try {
            return end.available();
        } catch (ErrnoException failed) {
            throw new IOException(failed);
        }
    }

    /** From now on a read that would have to wait is at the end of the stream; one that waits already, too. */
    public void endWhenEmpty() {
        end.endWhenEmpty();
    }

    /** Ends a read that waits, with an IOException. */
    @Override
    public void close() {
        end.close();
    }
}
