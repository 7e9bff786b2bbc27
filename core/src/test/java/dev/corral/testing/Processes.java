package dev.corral.testing;

import static dev.corral.testing.Patience.await;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The processes of this host, zombies included. */
public final class Processes {
    private Processes() {}

    /** The direct children of this JVM. */
    public static List<Long> children() {
        return childrenOf(ProcessHandle.current().pid());
    }

    /** The direct children of a process. */
    public static List<Long> childrenOf(long parent) {
        // pid (name) state ppid ...; the name may have blanks and parentheses
        return all(pid -> {
            String stat = text(pid, "stat");
            String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
            return fields.length > 1 && fields[1].equals(Long.toString(parent));
        });
    }

    /** Those with a text in their command line. */
    public static List<Long> mentioning(String text) {
        return all(pid -> text(pid, "cmdline").contains(text));
    }

    /** Waits until there are so many of them. */
    public static void awaitMentioning(String text, int count) {
        await().until(() -> mentioning(text).size() >= count);
    }

    /** A number of seconds for sleep(1) that nobody else uses: a mark by which its processes are found. */
    public static String longTime() {
        return "1000." + System.nanoTime();
    }

    /** Whether a process runs: it is there, and no zombie that only waits for its parent. */
    public static boolean runs(long pid) {
        String stat = text(Path.of("/proc/" + pid), "stat");
        return !stat.isEmpty()
                && !stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("Z");
    }

    private static List<Long> all(Predicate<Path> wanted) {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            List<Long> found = new ArrayList<>();
            entries.filter(entry -> entry.getFileName().toString().matches("[0-9]+"))
                    .filter(wanted)
                    .forEach(entry ->
                            found.add(Long.parseLong(entry.getFileName().toString())));
            return found;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String text(Path process, String file) {
        try {
            return new String(Files.readAllBytes(process.resolve(file)), UTF_8);
        } catch (IOException gone) {
            return "";
        }
    }
}
