package dev.corral.namespaces;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Confinement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** What programs say from inside. */
final class Inside {
    private Inside() {}

    /** Output and errors of a shell script, without the last line end. */
    static String says(Confinement confinement, String script) throws InterruptedException, IOException {
        return says(confinement, "/bin/sh", "-c", script);
    }

    static String says(Confinement confinement, String program, String... arguments)
            throws InterruptedException, IOException {
        try (Child child = Command.of(program, arguments)
                .errorIntoOutput()
                .with(confinement)
                .start()) {
            child.getOutputStream().close();
            String output = new String(child.getInputStream().readAllBytes(), UTF_8);
            child.await();
            return output.stripTrailing();
        }
    }

    /** Lets whoever root inside is outside look into it. */
    static Path open(Path directory) throws IOException {
        return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Lets whoever root inside is outside write into it. */
    static Path writable(Path directory) throws IOException {
        return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
}
