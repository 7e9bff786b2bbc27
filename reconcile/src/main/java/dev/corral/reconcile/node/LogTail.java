package dev.corral.reconcile.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The end of what a program has written: its last 64 KiB. Safe for any thread. */
final class LogTail {
    static final int SIZE = 64 * 1024;

    /** Most programs write little: it begins small, and holds what was written in its order until it has its full size. */
    private byte[] ring = new byte[0];

    private long written;

    /** Takes a stream to its end; a stream that somebody closes has ended too. */
    void drain(InputStream in) {
        drain(in, (bytes, count) -> {});
    }

    /** What else is done with the bytes, the first so many of an array that is used again. */
    @FunctionalInterface
    interface Sink {
        void take(byte[] bytes, int count);
    }

    /** The same, and hands on what comes. */
    void drain(InputStream in, Sink sink) {
        byte[] chunk = new byte[8192];
        try {
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                append(chunk, count);
                sink.take(chunk, count);
            }
        } catch (IOException closed) {
            return;
        }
    }

    private synchronized void append(byte[] bytes, int count) {
        if (written + count > ring.length && ring.length < SIZE) {
            ring = Arrays.copyOf(ring, (int) Math.min(SIZE, Math.max(2L * ring.length, written + count)));
        }
        for (int i = 0; i < count; i++) {
            ring[(int) (written++ % SIZE)] = bytes[i];
        }
    }

    /** What is kept, as UTF-8. */
    synchronized String text() {
        int kept = (int) Math.min(written, SIZE);
        byte[] bytes = new byte[kept];
        for (int i = 0; i < kept; i++) {
            bytes[i] = ring[(int) ((written - kept + i) % SIZE)];
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
