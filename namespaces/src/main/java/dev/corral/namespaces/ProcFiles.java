package dev.corral.namespaces;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files whose text the kernel or other programs wrote. */
final class ProcFiles {
    private ProcFiles() {}

    /** All of it; bytes that are no UTF-8, which a program may have as its name, become question marks of Unicode's. */
    static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), UTF_8);
    }

    /** The same, or nothing where it can't be read. */
    static String textOrEmpty(Path file) {
        try {
            return text(file);
        } catch (IOException absent) {
            return "";
        }
    }
}
