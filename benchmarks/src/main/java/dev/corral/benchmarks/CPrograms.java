package dev.corral.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Programs in C, compiled when they are needed by the machine's own compiler; and what they take part in, until this is
 * closed.
 *
 * @param directory for programs and lists
 */
record CPrograms(Path directory, Path compiler) implements AutoCloseable {
    static CPrograms with(Path compiler) throws IOException {
        return new CPrograms(Files.createTempDirectory("corral-benchmarks-c"), compiler);
    }

    /** The program of that name, from src/main/c. */
    Path build(String name) throws IOException, InterruptedException {
        Path source = directory.resolve(name + ".c");
        try (InputStream text =
                Objects.requireNonNull(CPrograms.class.getResourceAsStream("/c/" + source.getFileName()))) {
            Files.copy(text, source);
        }
        Path program = directory.resolve(name);
        Process process = new ProcessBuilder(
                        compiler.toString(), "-std=gnu11", "-O2", "-o", program.toString(), source.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(compiler + ": " + said);
        }
        return program;
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
