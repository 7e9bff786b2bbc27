package dev.corral.examples.quickstart.payload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What this process sees of itself: its pid, its host name and its namespaces. */
final class WhoAmI {
    private static final Path SELF = Path.of("/proc/self/ns");
    private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");

    private WhoAmI() {}

    /** A line {@code name value} for each: {@code pid}, {@code hostname}, and the links of {@code /proc/self/ns}. */
    static String text() throws IOException {
        Stream<String> own = Stream.of(
                "pid " + ProcessHandle.current().pid(),
                "hostname " + Files.readString(HOSTNAME).strip());
        return Stream.concat(own, namespaces().stream()).collect(Collectors.joining("\n"));
    }

    private static List<String> namespaces() throws IOException {
        try (Stream<Path> links = Files.list(SELF)) {
            List<String> lines = new ArrayList<>();
            for (Path link : links.sorted().toList()) {
                lines.add(link.getFileName() + " " + Files.readSymbolicLink(link));
            }
            return lines;
        }
    }
}
