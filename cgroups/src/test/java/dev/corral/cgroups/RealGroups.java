package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests with groups and processes of the real kernel, of which nothing is left. */
abstract class RealGroups {
    static final Duration LIMIT = Duration.ofSeconds(60);

    /**
     * Sixty shells that fork all the time and don't heed SIGTERM. There are never so few processes that a look might miss them,
     * and never so many that a fork is refused, at which a shell would end.
     */
    static final String STORM = "trap '' TERM; f() { while :; do sleep 0.01; done; }; "
            + "i=0; while [ $i -lt 60 ]; do f & i=$((i+1)); done; wait";

    final Cgroups host = RealGroup.host();
    final String name = "corral-test-life-" + Long.toHexString(System.nanoTime());
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void needsGroups() {
        DelegatedRoot root = host.delegated();
        assumeTrue(root.ok(), root::describe);
        assumeTrue(host.availability().values().stream().anyMatch(Availability::ok), host::toString);
    }

    @AfterEach
    void nothingIsLeft() {
        started.forEach(Process::destroyForcibly);
        assertThat(directories(name)).isEmpty();
    }

    /** Directories of a group of that name, in whatever hierarchy. */
    final List<Path> directories(String group) {
        List<Path> parents = host.delegated() instanceof DelegatedRoot.Granted granted ? granted.paths() : List.of();
        return parents.stream()
                .flatMap(parent -> Stream.of(parent.resolve(group), parent.resolve("payload-" + group)))
                .filter(Files::exists)
                .toList();
    }

    /** A shell in a group, in every hierarchy of it. */
    final Process inside(Cgroup group, String script) {
        String join = group.paths().stream()
                .map(path -> "echo $$ > '" + path + "/cgroup.procs'; ")
                .collect(Collectors.joining());
        return shell(join, script);
    }

    /** A shell where this JVM is. */
    final Process shell(String script) {
        return shell("", script);
    }

    private Process shell(String first, String script) {
        try {
            Process process =
                    new ProcessBuilder("sh", "-c", "set -e; " + first + "echo in; exec 2>/dev/null; " + script).start();
            started.add(process);
            assertThat(process.getInputStream().read()).isEqualTo('i');
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Freezes a group, which holds the one below as well, whatever is said to that; and kills both while they stand still. */
    static void dieFrozen(Cgroup group, Cgroup below) {
        group.freeze(LIMIT);

        assertThat(below.isFrozen()).isTrue();
        assertThat(below.isFrozenByAncestor()).isTrue();
        assertThat(group.isFrozenByAncestor()).isFalse();
        below.thaw();
        assertThat(below.isFrozen()).isTrue();
        assertThat(group.kill().ok()).isTrue();
    }

    /** The version 2 directory of a group, or a skipped test. */
    static Path unified(Cgroup group) {
        assumeTrue(group.subtreeControl().isPresent(), "no cgroup2 tree where groups can be made");
        return group.path();
    }

    static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the kernel says of the groups of a process. */
    static List<String> memberships(ProcessHandle process) {
        return text(Path.of("/proc/" + process.pid() + "/cgroup")).lines().toList();
    }
}
