package dev.corral.internal.launch;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The launcher program: a sealed file in memory, shared by all launches, so that there is nothing to clean up or to tamper
 * with.
 *
 * @param path where a process with the JVM's descriptors finds it
 * @param memory what keeps the path alive; empty for a program on disk
 */
record LauncherImage(Path path, Optional<Fd> memory) {
    /** Above the number at which a spawn puts the control socket, which would hide the program from the spawn itself. */
    private static final int LOWEST = 10;

    /** Loads the launcher of this machine's architecture from the jar. */
    static LauncherImage load() throws IOException {
        String name = resource();
        try (InputStream resource = LauncherImage.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new FileNotFoundException(name + " is not in corral-core's jar");
            }
            return of(resource.readAllBytes());
        }
    }

    static LauncherImage of(byte[] program) {
        try (Fd created = new Fd(create())) {
            LibC.writeAll(created.number(), program);
            LibC.seal(created.number());
            Fd memory = new Fd(LibC.duplicate(created.number(), LOWEST));
            return new LauncherImage(Path.of("/proc/self/fd/" + memory.number()), Optional.of(memory));
        }
    }

    static String resource() {
        String arch = System.getProperty("os.arch");
        return "/META-INF/native/linux-" + ("amd64".equals(arch) ? "x86_64" : arch) + "/corral-launcher";
    }

    /** MFD_EXEC is the polite word since Linux 6.3; before that every memory file may be executed. */
    private static int create() {
        int flags = LibC.MFD_CLOEXEC | LibC.MFD_ALLOW_SEALING;
        try {
            return LibC.memfd("corral-launcher", flags | LibC.MFD_EXEC);
        } catch (ErrnoException refused) {
            if (refused.errno() != Errno.EINVAL) {
                throw refused;
            }
            return LibC.memfd("corral-launcher", flags);
        }
    }
}
