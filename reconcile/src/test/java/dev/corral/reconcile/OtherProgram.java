package dev.corral.reconcile;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A program in a JVM of its own, on the class path of the tests. */
final class OtherProgram {
    private OtherProgram() {}

    /** The lines that it prints; fails unless it exits with 0. */
    static List<String> lines(Class<?> main, String... options) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of(options));
        line.addAll(List.of("-cp", classPath(main), main.getName()));
        Process jvm = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        if (jvm.waitFor() != 0) {
            throw new AssertionError(main + " exited with " + jvm.exitValue() + " after " + lines);
        }
        return lines;
    }

    private static String classPath(Class<?> main) {
        String file = main.getName().replace('.', '/') + ".class";
        String path = Objects.requireNonNull(main.getResource("/" + file)).getPath();
        return Stream.concat(
                        Stream.of(path.substring(0, path.length() - file.length())),
                        Stream.of("java.class.path", "jdk.module.path")
                                .flatMap(name ->
                                        Stream.of(System.getProperty(name, "").split(File.pathSeparator, -1))))
                .filter(place -> !place.isEmpty())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }
}
