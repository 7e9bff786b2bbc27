package dev.corral.internal.launch;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** The launcher as a sealed file in memory, shared by all launches: there is nothing to clean up or to tamper with. */
final class LauncherImage {
    private final Fd memory;

    private LauncherImage(Fd memory) {
        this.memory = memory;
    }

    /** Loads the launcher of this machine's architecture from the jar. */
    static LauncherImage load() throws IOException {
        String name = "/META-INF/native/linux-" + architecture() + "/corral-launcher";
        try (InputStream resource = LauncherImage.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new FileNotFoundException(name + " is not in corral-core's jar");
            }
            return of(resource.readAllBytes());
        }
    }

    static LauncherImage of(byte[] program) {
        Fd memory = new Fd(create());
        try {
            LibC.writeAll(memory.number(), program);
            LibC.seal(memory.number());
            return new LauncherImage(memory);
        } catch (RuntimeException failed) {
            memory.close();
            throw failed;
        }
    }

    private static String architecture() {
        String arch = System.getProperty("os.arch");
        return "amd64".equals(arch) ? "x86_64" : arch;
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

    /** The path under which a process of this JVM's descriptor table can execute it. */
    Path path() {
        return Path.of("/proc/self/fd/" + memory.number());
    }
}
