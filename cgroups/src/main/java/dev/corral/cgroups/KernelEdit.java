package dev.corral.cgroups;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.NativeBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** A control file of the kernel's that is open to be read and written. */
record KernelEdit(NativeBuffers buffers, Path file, Fd fd) implements Edit {
    @Override
    public Optional<String> read() {
        NativeBuffer calls = buffers.take();
        try {
            return Optional.of(KernelTree.value(calls, fd.number()));
        } finally {
            buffers.give(calls);
        }
    }

    @Override
    public void write(String text) {
        NativeBuffer calls = buffers.take();
        try {
            calls.write(fd.number(), text);
        } finally {
            buffers.give(calls);
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
