package dev.corral.internal.launch;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The launcher program: a sealed file in memory, shared by all launches, so that there is nothing to clean up or to tamper
 * with; where such are refused, a file without a name; or one that the host has installed.
 *
 * @param path where a process with the JVM's descriptors finds it
 * @param memory what keeps the path alive; empty for a program on disk
 */
record LauncherImage(Path path, Optional<Fd> memory) {
    /** Above the number at which a spawn puts the control socket, which would hide the program from the spawn itself. */
    private static final int LOWEST = 10;

    /** Names an installed launcher: where files in memory may not be executed, or a profile goes by the path. */
    private static final String INSTALLED = "corral.launcher.path";

    /** The installed launcher, if there is said to be one; else that of this machine's architecture from the jar. */
    static LauncherImage load() throws IOException {
        String installed = System.getProperty(INSTALLED);
        if (installed != null) {
            return at(Path.of(installed));
        }
        return packaged();
    }

    /** A program on disk. */
    static LauncherImage at(Path program) throws IOException {
        Path absolute = program.toAbsolutePath();
        if (!Files.isRegularFile(absolute) || !Files.isExecutable(absolute)) {
            throw new NowhereToRun(INSTALLED + " names " + absolute + ", which is no program that may be executed");
        }
        return new LauncherImage(absolute, Optional.empty());
    }

    private static LauncherImage packaged() throws IOException {
        String name = resource();
        try (InputStream resource = LauncherImage.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new FileNotFoundException(name + " is not in corral-core's jar");
            }
            return of(resource.readAllBytes());
        }
    }

    static LauncherImage of(byte[] program) throws NowhereToRun {
        try (Fd file = SealedMemory.program("corral-launcher", program)) {
            Fd memory = new Fd(LibC.duplicate(file.number(), LOWEST));
            return new LauncherImage(Path.of("/proc/self/fd/" + memory.number()), Optional.of(memory));
        }
    }

    static String resource() {
        String arch = System.getProperty("os.arch");
        return "/META-INF/native/linux-" + ("amd64".equals(arch) ? "x86_64" : arch) + "/corral-launcher";
    }
}
