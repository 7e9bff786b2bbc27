package dev.corral.internal.launch;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.MemfdCalls;

/** What the launcher reads from memory: sealed, so that it cannot change under its eyes, and never to be executed. */
public final class SealedMemory {
    private SealedMemory() {}

    /** A memory file with this content; the name only shows in /proc. It belongs to the caller. */
    public static Fd of(String name, byte[] content) {
        Fd memory;
        try {
            memory = new Fd(create(name));
        } catch (ErrnoException refused) {
            if (Hideout.isRefusal(refused)) {
                return Hideout.content(content, refused);
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

    private static int create(String name) {
        int flags = MemfdCalls.MFD_CLOEXEC | MemfdCalls.MFD_ALLOW_SEALING;
        try {
            return MemfdCalls.memfd(name, flags | MemfdCalls.MFD_NOEXEC_SEAL);
        } catch (ErrnoException refused) {
            if (refused.errno() != Errno.EINVAL) { // before Linux 6.3
                throw refused;
            }
            return MemfdCalls.memfd(name, flags);
        }
    }
}
