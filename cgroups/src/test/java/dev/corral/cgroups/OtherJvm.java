package dev.corral.cgroups;

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

/** Another JVM with the tests' classes, for what can't be done to this one. */
final class OtherJvm {
    private static final int FIRST_JDK_THAT_ASKS = 22;

    private OtherJvm() {}

    /** The command line that runs a main class, the classes from where they are. */
    static List<String> line(Class<?> main, String... arguments) {
        return line(
                String.join(
                        File.pathSeparator,
                        places(main).stream().map(Path::toString).toList()),
                main,
                arguments);
    }

    /** The same with copies that every user may read, in a directory which is opened to them. */
    static List<String> readable(Path directory, Class<?> main, String... arguments) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> copies = new ArrayList<>();
        for (Path place : places(main)) {
            Path target = directory.resolve(copies.size() + "-" + place.getFileName());
            copy(place, target);
            copies.add(target.toString());
        }
        return line(String.join(File.pathSeparator, copies), main, arguments);
    }

    private static List<String> line(String classPath, Class<?> main, String... arguments) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("-XX:TieredStopAtLevel=1");
        line.add("-Xshare:auto");
        if (Runtime.version().feature() >= FIRST_JDK_THAT_ASKS) {
            line.add("--enable-native-access=ALL-UNNAMED");
        }
        RealGroup.delegated().ifPresent(path -> line.add("-D" + RealGroup.DELEGATED + "=" + path));
        line.addAll(List.of("-cp", classPath, main.getName()));
        line.addAll(List.of(arguments));
        return line;
    }

    /** Where classes come from, whether the tests run on the class path or patch a module. */
    private static List<Path> places(Class<?> main) {
        String file = main.getName().replace('.', '/') + ".class";
        String url = Objects.requireNonNull(main.getResource("/" + file)).getPath();
        return Stream.concat(
                        Stream.of(url.substring(0, url.length() - file.length())),
                        Stream.of("java.class.path", "jdk.module.path")
                                .flatMap(name ->
                                        Stream.of(System.getProperty(name, "").split(File.pathSeparator, -1))))
                .filter(place -> !place.isEmpty())
                .distinct()
                .map(Path::of)
                .filter(Files::exists)
                .toList();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Path target = to.resolve(from.relativize(each).toString());
                Files.copy(each, target, StandardCopyOption.REPLACE_EXISTING);
                Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }
}
