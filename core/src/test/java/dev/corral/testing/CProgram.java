package dev.corral.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A small C program against the launcher's own headers. */
public final class CProgram {
    /** Where the launcher's source lies, seen from the module's directory. */
    public static final Path SOURCES = Path.of("src/main/c").toAbsolutePath();

    private CProgram() {}

    /** Compiles it; the test is skipped where there is no compiler. */
    public static Path compile(Path directory, String name, String source, String... flags)
            throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve(name + ".c"), source);
        Path program = directory.resolve(name);
        List<String> line = new ArrayList<>(List.of(compiler(), "-std=gnu11", "-Wall", "-Werror"));
        line.addAll(List.of("-I", SOURCES.toString(), "-o", program.toString()));
        line.addAll(List.of(flags));
        line.add(file.toString());
        run(line);
        return program;
    }

    /** Compiles it, runs it, and gives the lines it prints. */
    public static List<String> lines(Path directory, String name, String source)
            throws IOException, InterruptedException {
        return run(List.of(compile(directory, name, source).toString()));
    }

    /** All that is defined after some includes, a {@code #define} each. */
    public static List<String> macros(Path directory, String source) throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("macros.c"), source + "\n");
        return run(List.of(compiler(), "-E", "-dM", file.toString()));
    }

    /** Also skipped without the C library's headers, which the build itself does well without. */
    private static String compiler() throws IOException, InterruptedException {
        Optional<String> compiler = Stream.of("gcc", "clang", "cc")
                .filter(candidate -> Stream.of(System.getenv("PATH").split(":", -1))
                        .anyMatch(place -> Files.isExecutable(Path.of(place, candidate))))
                .findFirst();
        assumeThat(compiler).as("needs a C compiler: gcc, clang or cc").isPresent();
        Process process = started(List.of(
                compiler.orElseThrow(), "-include", "stdio.h", "-E", "-o", "/dev/null", "-x", "c", "/dev/null"));
        String complaint = output(process);
        assumeThat(process.waitFor())
                .as("needs the C library's headers (Debian: libc6-dev): " + complaint)
                .isZero();
        return compiler.orElseThrow();
    }

    private static List<String> run(List<String> line) throws IOException, InterruptedException {
        Process process = started(line);
        String output = output(process);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }

    private static Process started(List<String> line) throws IOException {
        return new ProcessBuilder(line).redirectErrorStream(true).start();
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), UTF_8);
    }
}
