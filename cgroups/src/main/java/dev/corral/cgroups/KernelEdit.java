package dev.corral.cgroups;

import dev.corral.internal.linux.NativeBuffer;
import java.util.Optional;

/** A control file of the kernel's that is open to be read and written, until who opened it closes it in the same breath. */
final class KernelEdit implements Edit {
    private final NativeBuffers buffers;
    private int fd;

    /** Takes over the descriptor. */
    KernelEdit(NativeBuffers buffers, int fd) {
        this.buffers = buffers;
        this.fd = fd;
    }

    @Override
    public Optional<String> read() {
        NativeBuffer calls = buffers.take();
        try {
            return Optional.of(KernelTree.value(calls, fd));
        } finally {
            buffers.give(calls);
        }
    }

    @Override
    public void write(String text) {
        NativeBuffer calls = buffers.take();
        try {
            calls.write(fd, text);
        } finally {
            buffers.give(calls);
        }
    }

    @Override
    public void close() {
        NativeBuffer.close(fd);
        fd = -1;
    }
}
