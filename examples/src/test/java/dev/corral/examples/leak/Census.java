package dev.corral.examples.leak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.cgroups.Cgroup;
import dev.corral.cgroups.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What this JVM has of the things that a launch could leave behind, each by name.
 *
 * @param children pids of direct children that run
 * @param zombies pids of direct children that have ended and that nobody has waited for
 * @param descriptors number and target; jars and class files come and go with class loading
 * @param threads names and identities; those of the JDK and of Corral that end when idle are left out
 * @param groups those below the groups in which Corral makes its own, as far as they bear the mark of this process
 */
public record Census(
        Set<String> children, Set<String> zombies, Set<String> descriptors, Set<String> threads, Set<String> groups) {

    static final String RUNNING = "[^ZX]";
    static final String ENDED = "[ZX]";

    /**
     * As it is now.
     *
     * @param parents the groups in which Corral makes its own
     */
    public static Census now(List<Path> parents) {
        return new Census(
                children(ProcessHandle.current().pid(), RUNNING),
                children(ProcessHandle.current().pid(), ENDED),
                names(Path.of("/proc/self/fd"), Census::descriptor),
                liveThreads(),
                parents.stream()
                        .flatMap(parent -> names(parent, Census::group).stream())
                        .collect(Collectors.toSet()));
    }

    /** The groups in which Corral makes its own, told by one that is made there. */
    public static List<Path> parents() {
        try (Child child = Command.of("true").with(Limits.none().pids(8)).start()) {
            return child.find(Cgroup.class).orElseThrow().paths().stream()
                    .map(path -> Objects.requireNonNull(path.getParent()))
                    .toList();
        }
    }

    /** Fails if there is more of anything than there was. */
    public void assertNothingWasAddedTo(Census before) {
        assertThat(minus(children, before.children)).as("children").isEmpty();
        assertThat(minus(zombies, before.zombies)).as("zombies").isEmpty();
        assertThat(minus(descriptors, before.descriptors)).as("descriptors").isEmpty();
        assertThat(minus(threads, before.threads)).as("threads").isEmpty();
        assertThat(minus(groups, before.groups)).as("control groups").isEmpty();
    }

    private static Set<String> minus(Set<String> now, Set<String> before) {
        Set<String> more = new TreeSet<>(now);
        more.removeAll(before);
        return more;
    }

    /** Pids of a process's children in one of these states. Source: proc_pid_stat(5); a name may hold blanks and brackets. */
    static Set<String> children(long parent, String states) {
        return names(Path.of("/proc"), entry -> {
            String name = entry.getFileName().toString();
            String stat = name.matches("[0-9]+") ? text(entry.resolve("stat")).strip() : "";
            String stateAndParent = " " + states + " " + parent + " .*";
            return stat.substring(stat.lastIndexOf(')') + 1).matches(stateAndParent) ? name : "";
        });
    }

    private static String descriptor(Path link) {
        try {
            String target = Files.readSymbolicLink(link).toString();
            boolean passing = target.endsWith(".jar") || target.endsWith(".class") || target.matches("/proc/[0-9]+/fd");
            return passing ? "" : link.getFileName() + " " + target;
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private static Set<String> liveThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().matches("(process reaper|corral-exit|corral-talk).*"))
                .map(thread -> thread.getName() + " #" + System.identityHashCode(thread))
                .collect(Collectors.toSet());
    }

    /** Others make groups at the same place; Corral marks those of a child with the pid of its JVM. */
    private static String group(Path entry) {
        boolean own = entry.getFileName()
                .toString()
                .contains("-p" + ProcessHandle.current().pid() + "-s");
        return own && Files.isDirectory(entry) ? entry.toString() : "";
    }

    /** What is in a directory, each under the name that a function gives it; an empty one leaves it out. */
    private static Set<String> names(Path directory, Function<Path, String> name) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(name).filter(one -> !one.isEmpty()).collect(Collectors.toSet());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException gone) {
            return "";
        }
    }
}
