package dev.corral.network;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Another JVM whose classes any user may read, copied from where the tests' own may be closed to others. */
public final class ReadableJvm {
    private static final int FIRST_JDK_THAT_ASKS = 22;

    private ReadableJvm() {}

    public static List<String> line(Path directory, Class<?> main, String... arguments) throws IOException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("-XX:TieredStopAtLevel=1");
        if (Runtime.version().feature() >= FIRST_JDK_THAT_ASKS) {
            line.add("--enable-native-access=ALL-UNNAMED");
        }
        line.addAll(List.of("-cp", classPath(directory, main), main.getName()));
        line.addAll(List.of(arguments));
        return line;
    }

    private static String classPath(Path directory, Class<?> main) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> copies = new ArrayList<>();
        List<Path> places = Stream.concat(
                        Stream.of(root(main)),
                        Stream.of("java.class.path", "jdk.module.path")
                                .flatMap(name ->
                                        Stream.of(System.getProperty(name, "").split(File.pathSeparator, -1))))
                .filter(place -> !place.isEmpty())
                .distinct()
                .map(Path::of)
                .filter(Files::exists)
                .toList();
        for (Path place : places) {
            Path copy = directory.resolve(copies.size() + "-" + place.getFileName());
            copy(place, copy);
            copies.add(copy.toString());
        }
        return String.join(File.pathSeparator, copies);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Path copy = to.resolve(from.relativize(each).toString());
                Files.copy(each, copy, StandardCopyOption.REPLACE_EXISTING);
                Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    /** The directory with the test classes, which patch a module and so stand on neither path. */
    private static String root(Class<?> main) {
        String file = main.getName().replace('.', '/') + ".class";
        String url = Objects.requireNonNull(main.getResource("/" + file)).getPath();
        return url.substring(0, url.length() - file.length());
    }
}
