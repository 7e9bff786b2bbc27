package dev.corral.examples.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The mounts this JVM sees. Others mount and unmount meanwhile, so that only what may come from Corral counts: a child's
 * private {@code /proc} that got out of its namespace, a mount that carries this JVM's mark, and a change of how the root's
 * mounts spread, which is what keeps a child's mounts from getting out.
 *
 * @param lines those of {@code /proc/self/mountinfo}. Source: proc_pid_mountinfo(5)
 */
record Mounts(List<String> lines) {
    private static final Set<String> TOUCHED = Set.of("/", "/proc");

    static Mounts now() throws IOException {
        return new Mounts(Files.readAllLines(Path.of("/proc/self/mountinfo")));
    }

    /**
     * What Corral may have changed since then.
     *
     * @param mark what the names of this JVM's own things contain
     * @return the lines that came with a {@code +}, those that went with a {@code -}
     */
    List<String> changedSince(Mounts earlier, Pattern mark) {
        Predicate<String> ours = line ->
                TOUCHED.contains(line.split(" ", 6)[4]) || mark.matcher(line).find();
        return Stream.concat(
                        earlier.without(this).filter(ours).map(line -> "-" + line),
                        without(earlier).filter(ours).map(line -> "+" + line))
                .toList();
    }

    private Stream<String> without(Mounts others) {
        return lines.stream().filter(line -> !others.lines.contains(line));
    }
}
