package dev.corral.internal.launch;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.FileNames;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.UnnamedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Files without a name for what memory files are refused for: by vm.memfd_noexec, by a seccomp profile around the JVM, by a
 * kernel without them.
 */
final class Hideout {
    /** A directory in which the JVM may make files that can be executed. */
    static final String DIRECTORY = "corral.launcher.dir";

    private static final int EXECUTABLE = 0500;
    private static final int PLAIN = 0600;

    private Hideout() {}

    /** Whether memory files as such are refused, and not just one more of whatever there is too little of. */
    static boolean isRefusal(ErrnoException refused) {
        return switch (refused.errno()) {
            case Errno.EACCES, Errno.ENOSYS, Errno.EPERM -> true;
            default -> false;
        };
    }

    /** The program in the first directory that takes it; open for reading only, or the kernel would not execute it. */
    static Fd program(byte[] content, ErrnoException refused) throws NowhereToRun {
        return first(content, EXECUTABLE, refused, true);
    }

    /** Content that is only read: in memory if there is any such directory, for it may be secret. */
    static Fd content(byte[] content, ErrnoException refused) {
        try {
            return first(content, PLAIN, refused, false);
        } catch (NowhereToRun nowhere) {
            refused.addSuppressed(nowhere);
            throw refused;
        }
    }

    private static Fd first(byte[] content, int mode, ErrnoException refused, boolean executed) throws NowhereToRun {
        List<String> attempts = new ArrayList<>(List.of(String.valueOf(refused.getMessage())));
        for (Map.Entry<Path, String> place : places(executed).entrySet()) {
            Path directory = place.getKey();
            String attempt = place.getValue() + " " + directory;
            try {
                if (!executed || !UnnamedFile.forbidsExecution(directory)) {
                    return filled(directory, content, mode);
                }
                attempts.add(attempt + ": it is mounted noexec");
            } catch (IOException | ErrnoException failed) {
                attempts.add(attempt + ": " + failed.getMessage());
            }
        }
        throw new NowhereToRun(String.join("; ", attempts));
    }

    private static Fd filled(Path directory, byte[] content, int mode) throws IOException {
        try (Fd written = UnnamedFile.in(directory, mode)) {
            LibC.writeAll(written.number(), content);
            return new Fd(LibC.open(Path.of("/proc/self/fd/" + written.number()), LibC.O_RDONLY));
        }
    }

    /** Directories, each with what names it. */
    private static Map<Path, String> places(boolean executed) {
        Map<Path, String> places = new LinkedHashMap<>();
        if (!executed) {
            places.put(Path.of("/dev/shm"), "memory");
        }
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        add(places, System.getProperty(DIRECTORY), DIRECTORY);
        add(places, runtime, "XDG_RUNTIME_DIR");
        add(places, System.getProperty("java.io.tmpdir"), "java.io.tmpdir");
        places.putIfAbsent(Path.of("/dev/shm"), "memory");
        return places;
    }

    private static void add(Map<Path, String> places, @Nullable String directory, String name) {
        if (directory != null && !directory.isEmpty()) {
            places.putIfAbsent(FileNames.path(directory).toAbsolutePath(), name);
        }
    }
}
