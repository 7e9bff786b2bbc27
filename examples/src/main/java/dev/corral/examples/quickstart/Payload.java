package dev.corral.examples.quickstart;

import dev.corral.examples.quickstart.payload.Server;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The programs that run as children, copied to a place that everybody may read: the children of root run as users that nobody
 * else is, and those can't enter a home directory.
 *
 * @param directory made for this run; {@link #close} removes it
 */
record Payload(Path directory) implements AutoCloseable {
    /** Little memory, a quick start, and no file in the directory for temporary ones. */
    private static final List<String> SMALL_JVM =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto", "-Xss512k");

    private static final List<String> CLASSES = List.of("Server", "Server$Answer", "WhoAmI", "Allocator");

    static Payload copied() throws IOException {
        Payload payload = new Payload(Files.createTempDirectory("corral-quickstart-"));
        try {
            payload.copy();
            return payload;
        } catch (IOException | RuntimeException | Error failed) {
            payload.close();
            throw failed;
        }
    }

    /** The command line of one of the programs, in a small JVM of the kind that runs this one. */
    List<String> java(Class<?> program, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(SMALL_JVM);
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", directory.toString(), program.getName()));
        return List.copyOf(command);
    }

    private void copy() throws IOException {
        Path classes = directory.resolve(Server.class.getPackageName().replace('.', '/'));
        Files.createDirectories(classes);
        for (String name : CLASSES) {
            try (InputStream in = Server.class.getResourceAsStream(name + ".class")) {
                if (in == null) {
                    throw new IOException("the class " + name + " is not where " + Server.class.getName() + " is");
                }
                Files.copy(in, classes.resolve(name + ".class"));
            }
        }
        for (Path path : files()) { // whatever the umask
            boolean directory = Files.isDirectory(path);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(directory ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.sorted(Comparator.reverseOrder()).toList();
        }
    }

    @Override
    public void close() throws IOException {
        for (Path path : files()) {
            Files.delete(path);
        }
    }
}
