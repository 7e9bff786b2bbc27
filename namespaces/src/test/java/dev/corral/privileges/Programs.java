package dev.corral.privileges;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The C programs below {@code src/test/c}, and others, run to their end. */
final class Programs {
    private static final Path SOURCES = Path.of("src/test/c").toAbsolutePath();

    private Programs() {}

    /** What a program said on both streams, and its exit code. */
    record Finished(int code, String output) {}

    /** Compiles one of them; the test is skipped where there is no compiler. */
    static Path build(Path directory, String name) {
        Path program = directory.resolve(name);
        Finished compiled = run(
                directory,
                "",
                List.of(
                        compiler(),
                        "-std=gnu11",
                        "-Wall",
                        "-Werror",
                        "-pthread",
                        "-o",
                        program.toString(),
                        SOURCES.resolve(name + ".c").toString()));
        assertThat(compiled.code()).as(compiled.output()).isZero();
        return program;
    }

    static String compiler() {
        Optional<String> compiler =
                Stream.of("gcc", "clang", "cc").filter(Programs::isInstalled).findFirst();
        assumeThat(compiler).as("needs a C compiler: gcc, clang or cc").isPresent();
        return compiler.orElseThrow();
    }

    static boolean isInstalled(String name) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(place -> Files.isExecutable(Path.of(place, name)));
    }

    static Finished run(Path directory, String input, List<String> line) {
        try {
            Path given = Files.writeString(Files.createTempFile(directory, "input", ""), input);
            Process process = new ProcessBuilder(line)
                    .directory(directory.toFile())
                    .redirectInput(given.toFile())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            return new Finished(process.waitFor(), output);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** Runs a program under a filter. */
    static Finished confined(Path directory, Path confine, SeccompProgram filter, List<String> line)
            throws IOException {
        Path file = Files.write(Files.createTempFile(directory, "filter", ""), filter.bytes());
        List<String> all = new ArrayList<>(List.of(confine.toString(), file.toString()));
        all.addAll(line);
        return run(directory, "", all);
    }
}
