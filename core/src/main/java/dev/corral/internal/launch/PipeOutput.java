package dev.corral.internal.launch;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.PollCalls;
import dev.corral.internal.linux.Poller;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/** The JVM's end of a pipe that a payload reads from. Safe for any thread; writers take turns. */
public final class PipeOutput extends OutputStream {
    private static final int MOST = 1 << 16;

    private final PipeEnd end;

    public PipeOutput(Fd fd, Poller poller) {
        this.end = new PipeEnd(fd, poller, LibC.O_WRONLY);
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int done = 0;
        while (done < length) {
            int from = offset + done;
            byte[] chunk = Arrays.copyOfRange(bytes, from, from + Math.min(length - done, MOST));
            done += end.transfer(PollCalls.POLLOUT, fd -> LibC.write(fd, chunk, chunk.length));
        }
    }

    @Override
    public void close() {
        end.close();
    }
}
