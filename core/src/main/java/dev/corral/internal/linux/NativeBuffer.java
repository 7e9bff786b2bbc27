package dev.corral.internal.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Memory outside of the heap that the kernel fills. Its address is found out once: to do so is a third of a short read. Only one
 * thread uses it at a time.
 */
public final class NativeBuffer {
    private final ByteBuffer bytes;
    private final long address;

    public NativeBuffer(int capacity) {
        bytes = ByteBuffer.allocateDirect(capacity);
        address = Pointer.nativeValue(Native.getDirectBufferPointer(bytes));
    }

    public int capacity() {
        return bytes.capacity();
    }

    /** Fills it from an offset of a file, as far as one call of the kernel does; 0 at the end of the file. */
    public int pread(int fd, long offset) {
        try {
            while (true) {
                long n = Raw.pread(fd, address, (long) bytes.capacity(), offset);
                if (n >= 0) {
                    return (int) n;
                }
                int errno = Native.getLastError();
                if (errno != Errno.EINTR) {
                    throw new ErrnoException("pread", "", errno);
                }
            }
        } finally {
            Reference.reachabilityFence(bytes);
        }
    }

    /** Copies what is at its beginning. */
    public void copy(byte[] into, int at, int length) {
        bytes.get(0, into, at, length);
    }
}
