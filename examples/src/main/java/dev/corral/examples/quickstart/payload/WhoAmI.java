package dev.corral.examples.quickstart.payload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Prints what this process sees of itself: its pid, its host name and its namespaces. */
public final class WhoAmI {
    private static final Path NAMESPACES = Path.of("/proc/self/ns");
    private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");

    private WhoAmI() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        System.out.println(text());
    }

    /** A line {@code name value} for each: {@code pid}, {@code hostname}, and the links {@code ns/net} and the like. */
    static String text() throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("pid " + ProcessHandle.current().pid());
        lines.add("hostname " + Files.readString(HOSTNAME).strip());
        try (Stream<Path> links = Files.list(NAMESPACES)) {
            for (Path link : links.sorted().toList()) {
                lines.add("ns/" + link.getFileName() + " " + Files.readSymbolicLink(link));
            }
        }
        return String.join("\n", lines);
    }
}
