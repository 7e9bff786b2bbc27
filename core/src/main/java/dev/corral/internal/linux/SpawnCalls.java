package dev.corral.internal.linux;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.file.Path;

/** Starts the process that becomes a launch. Source: posix_spawn(3). */
public final class SpawnCalls {
    private static final int POSIX_SPAWN_SETSIGDEF = 4;
    private static final int POSIX_SPAWN_SETSIGMASK = 8;
    private static final int POSIX_SPAWN_SETSID = 128;

    /** Room for posix_spawnattr_t (336 bytes), posix_spawn_file_actions_t (80) and sigset_t (128) of glibc and musl. */
    private static final int OPAQUE = 512;

    private SpawnCalls() {}

    /**
     * Starts a program in a session of its own with an empty signal mask, default signal actions, an empty environment and
     * one descriptor at number 3; standard streams are those of this process until the program closes them.
     */
    public static int spawn(Path program, String argv0, int descriptorAt3) {
        byte[] name = LibC.cString(argv0);
        try (Memory room = new Memory(3 * OPAQUE + 32 + name.length)) {
            Pointer actions = room.share(0);
            Pointer attributes = room.share(OPAQUE);
            Pointer set = room.share(2 * OPAQUE);
            Pointer argv = room.share(3 * OPAQUE);
            Pointer envp = room.share(3 * OPAQUE + 16);
            Pointer pid = room.share(3 * OPAQUE + 24);
            Pointer text = room.share(3 * OPAQUE + 32);
            text.write(0, name, 0, name.length);
            argv.setPointer(0, text);
            argv.setPointer(8, Pointer.NULL);
            envp.setPointer(0, Pointer.NULL);
            check("posix_spawn_file_actions_init", Raw.posix_spawn_file_actions_init(actions));
            try {
                check("posix_spawnattr_init", Raw.posix_spawnattr_init(attributes));
                Raw.sigemptyset(set);
                check("posix_spawnattr_setsigmask", Raw.posix_spawnattr_setsigmask(attributes, set));
                // Not sigfillset: it leaves out the two signals that glibc keeps for itself, and those would be
                // ignored.
                set.setMemory(0, OPAQUE, (byte) 0xff);
                check("posix_spawnattr_setsigdefault", Raw.posix_spawnattr_setsigdefault(attributes, set));
                short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID;
                check("posix_spawnattr_setflags", Raw.posix_spawnattr_setflags(attributes, flags));
                check(
                        "posix_spawn_file_actions_adddup2",
                        Raw.posix_spawn_file_actions_adddup2(actions, descriptorAt3, 3));
                int failed = Raw.posix_spawn(pid, LibC.pathBytes(program), actions, attributes, argv, envp);
                if (failed != 0) {
                    throw new ErrnoException("posix_spawn", program.toString(), failed);
                }
                return pid.getInt(0);
            } finally {
                Raw.posix_spawn_file_actions_destroy(actions);
                Raw.posix_spawnattr_destroy(attributes);
            }
        }
    }

    private static void check(String call, int errno) {
        if (errno != 0) {
            throw new ErrnoException(call, "", errno);
        }
    }

    /** The functions of libc as they are. */
    private static final class Raw {
        static {
            NativePart.map(Raw.class);
        }

        private Raw() {}

        static native int posix_spawn_file_actions_init(Pointer actions);

        static native int posix_spawn_file_actions_destroy(Pointer actions);

        static native int posix_spawn_file_actions_adddup2(Pointer actions, int from, int to);

        static native int posix_spawnattr_init(Pointer attributes);

        static native int posix_spawnattr_destroy(Pointer attributes);

        static native int posix_spawnattr_setflags(Pointer attributes, short flags);

        static native int posix_spawnattr_setsigmask(Pointer attributes, Pointer set);

        static native int posix_spawnattr_setsigdefault(Pointer attributes, Pointer set);

        static native int posix_spawn(
                Pointer pid, byte[] path, Pointer actions, Pointer attributes, Pointer argv, Pointer envp);

        static native int sigemptyset(Pointer set);
    }
}
