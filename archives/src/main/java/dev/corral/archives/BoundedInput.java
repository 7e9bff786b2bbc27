package dev.corral.archives;

import dev.corral.ByteSize;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of an archive, counted. Besides the archive as a whole the description of one entry is bounded: long names and
 * pax headers are read into memory whole.
 */
final class BoundedInput extends FilterInputStream {
    private static final long MOST_HEADER = 1 << 20;

    private final ByteSize most;
    private long count;
    private long header = Long.MAX_VALUE;

    BoundedInput(InputStream input, ByteSize most) {
        super(input);
        this.most = most;
    }

    /** What is read from here on describes an entry. */
    void beginHeader() {
        header = MOST_HEADER;
    }

    /** What is read from here on is content. */
    void endHeader() {
        header = Long.MAX_VALUE;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        if (read > 0) {
            counted(read);
        }
        return read;
    }

    @Override
    public long skip(long wanted) throws IOException {
        long skipped = super.skip(wanted);
        counted(skipped);
        return skipped;
    }

    private void counted(long bytes) {
        count += bytes;
        header -= header == Long.MAX_VALUE ? 0 : bytes;
        if (count > most.bytes()) {
            throw new UnpackFailed("it holds more than " + most, null);
        }
        if (header < 0) {
            throw new UnpackFailed("the description of an entry has more than " + MOST_HEADER + " bytes", null);
        }
    }

    /** It can't be read twice. */
    @Override
    public boolean markSupported() {
        return false;
    }
}
