package dev.corral.benchmarks;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Exit;
import dev.corral.Launch;
import dev.corral.Launch.IdRange;
import dev.corral.MountFlag;
import dev.corral.Stdio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Launches by Corral, from a plain child to a full container. */
final class CorralCandidates {
    private static final List<String> SEVEN = List.of("user", "mnt", "pid", "net", "uts", "ipc", "cgroup");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private final FileTree tree;
    private final User user;

    CorralCandidates(FileTree tree, User user) {
        this.tree = tree;
        this.user = user;
    }

    Candidate plain() {
        return Candidate.of("Corral, no namespace", () -> run(program()));
    }

    Candidate namespaces() {
        Command command = program().with(this::sevenNamespaces);
        return Candidate.of("Corral, seven namespaces", () -> run(command));
    }

    Candidate container() {
        Command command = program().with(this::fullContainer);
        return Candidate.of("Corral, full container", () -> run(command));
    }

    /** A container that rests, for others to be started in. */
    Child resting() {
        return Command.of("/bin/sleep", "3600")
                .input(Stdio.nothing())
                .output(Stdio.nothing())
                .error(Stdio.nothing())
                .with(this::fullContainer)
                .start();
    }

    Candidate into(Child container) {
        return Candidate.of("Corral, exec into a running container", () -> {
            try (Child child = container.exec(program())) {
                check(child.await());
            }
        });
    }

    /** The resident memory of a container's PID 1, in KiB. */
    static long initSize(Child container) throws IOException {
        Matcher found = RESIDENT.matcher(Files.readString(Path.of("/proc/" + container.pid() + "/status")));
        if (!found.find()) {
            throw new IllegalStateException("no VmRSS of " + container);
        }
        return Long.parseLong(found.group(1));
    }

    private static Command program() {
        return Command.of(LaunchBenchmark.PROGRAM);
    }

    static void run(Command command) throws InterruptedException {
        try (Child child = command.start()) {
            check(child.await());
        }
    }

    private static void check(Exit exit) {
        if (exit.shellCode() != 0) {
            throw new IllegalStateException(exit.toString());
        }
    }

    private void sevenNamespaces(Launch launch) {
        launch.namespaces(SEVEN)
                .idMaps(
                        List.of(new IdRange(0, user.mappedUser(), user.mapped())),
                        List.of(new IdRange(0, user.mappedGroup(), user.mapped())));
    }

    private void fullContainer(Launch launch) {
        sevenNamespaces(launch);
        launch.loopback().hostname("bench").capabilities(0, 0, 0, 0, 0);
        var root = launch.root().empty();
        tree.binds().forEach(path -> root.bind(path, path, Set.of(MountFlag.READ_ONLY)));
        tree.links().forEach(link -> root.symlink(link.path(), link.to()));
        root.tmpfs(Path.of("/tmp"), Optional.empty(), 01777, Set.of(MountFlag.NOSUID, MountFlag.NODEV));
        root.proc(Path.of("/proc")).dev(Path.of("/dev"));
        tree.masked().forEach(root::mask);
        tree.readOnly().forEach(root::readOnly);
        root.readOnly();
    }
}
