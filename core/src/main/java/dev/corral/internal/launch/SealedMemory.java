package dev.corral.internal.launch;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.MemfdCalls;

/** Files in memory that are sealed, so that they cannot change under the eyes of whoever reads or executes them. */
public final class SealedMemory {
    private SealedMemory() {}

    /**
     * Content that the launcher reads, never to be executed; in a file without a name where memory files are refused.
     *
     * @param name only shows in /proc
     * @return the caller's
     */
    public static Fd of(String name, byte[] content) {
        return sealed(name, content, MemfdCalls.MFD_NOEXEC_SEAL, refused -> Hideout.content(content, refused));
    }

    /** A program, in the same way. */
    static Fd program(String name, byte[] content) throws NowhereToRun {
        return sealed(name, content, MemfdCalls.MFD_EXEC, refused -> Hideout.program(content, refused));
    }

    /** Where the content is put when memory files are refused. */
    @FunctionalInterface
    private interface Instead<X extends Exception> {
        Fd of(ErrnoException refused) throws X;
    }

    private static <X extends Exception> Fd sealed(String name, byte[] content, int execution, Instead<X> instead)
            throws X {
        Fd memory;
        try {
            memory = new Fd(create(name, execution));
        } catch (ErrnoException refused) {
            if (Hideout.isRefusal(refused)) {
                return instead.of(refused);
            }
            throw refused;
        }
        try {
            LibC.writeAll(memory.number(), content);
            MemfdCalls.seal(memory.number());
            return memory;
        } catch (RuntimeException | Error failed) {
            memory.close();
            throw failed;
        }
    }

    /** Whether it may be executed can be said since Linux 6.3; before that every memory file may be. */
    private static int create(String name, int execution) {
        int flags = MemfdCalls.MFD_CLOEXEC | MemfdCalls.MFD_ALLOW_SEALING;
        try {
            return MemfdCalls.memfd(name, flags | execution);
        } catch (ErrnoException refused) {
            if (refused.errno() != Errno.EINVAL) {
                throw refused;
            }
            return MemfdCalls.memfd(name, flags);
        }
    }
}
