package dev.corral.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The same by other tools, each started by ProcessBuilder, as a Java program would start them. */
final class OtherTools {
    private static final List<String> DIRECTORIES =
            List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

    private final FileTree tree;

    OtherTools(FileTree tree) {
        this.tree = tree;
    }

    /** Where a tool is installed. */
    static Optional<Path> find(String tool) {
        return DIRECTORIES.stream()
                .map(directory -> Path.of(directory, tool))
                .filter(Files::isExecutable)
                .findFirst();
    }

    Candidate processBuilder() {
        return started("bare ProcessBuilder", List.of(LaunchBenchmark.PROGRAM));
    }

    Candidate unshare(Path tool) {
        return started(
                "`unshare -UrpfmnuiC --mount-proc`",
                List.of(tool.toString(), "-UrpfmnuiC", "--mount-proc", LaunchBenchmark.PROGRAM));
    }

    Candidate enter(Path tool, long pid) {
        return started(
                "`nsenter -a` into a running container",
                List.of(tool.toString(), "-t", Long.toString(pid), "-a", LaunchBenchmark.PROGRAM));
    }

    /** Without --as-pid-1, so that its init runs, too. Read-only: what it makes so in /proc by itself is left to it. */
    Candidate bubblewrap(Path tool) {
        List<String> line = new ArrayList<>(List.of(tool.toString(), "--unshare-all"));
        tree.binds().forEach(path -> line.addAll(List.of("--ro-bind", path.toString(), path.toString())));
        tree.links()
                .forEach(link ->
                        line.addAll(List.of("--symlink", link.to(), link.path().toString())));
        line.addAll(List.of("--tmpfs", "/tmp", "--proc", "/proc", "--dev", "/dev"));
        for (Path path : tree.masked()) {
            String name = path.toString();
            line.addAll(
                    Files.isDirectory(path)
                            ? List.of("--tmpfs", name, "--remount-ro", name)
                            : List.of("--ro-bind", "/dev/null", name));
        }
        tree.readOnly().stream()
                .map(Path::toString)
                .filter(name -> !List.of("/proc/bus", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger")
                        .contains(name))
                .forEach(name -> line.addAll(List.of("--ro-bind", name, name)));
        line.addAll(List.of("--remount-ro", "/", "--hostname", "bench", "--cap-drop", "ALL", LaunchBenchmark.PROGRAM));
        return started("`bwrap --unshare-all`, same root", line);
    }

    /** An OCI runtime; its container is gone when {@code run} returns. Its own state lies beside the bundle. */
    Candidate runtime(Path tool, Bundle bundle, String... options) {
        AtomicInteger next = new AtomicInteger();
        String name = tool.getFileName().toString();
        List<String> begin = new ArrayList<>(List.of(
                tool.toString(),
                "--root",
                bundle.directory().resolve("state-" + name).toString()));
        begin.addAll(Arrays.asList(options));
        begin.addAll(List.of("run", "--bundle", bundle.directory().toString()));
        String shown = "`" + name + (options.length == 0 ? "" : " " + String.join(" ", options)) + " run`";
        return Candidate.of(shown, () -> {
            List<String> line = new ArrayList<>(begin);
            line.add("corral-bench-" + ProcessHandle.current().pid() + "-" + next.incrementAndGet());
            run(line);
        });
    }

    /** A program that is started, and waited for. */
    static Candidate started(String name, List<String> line) {
        return Candidate.of(name, () -> run(line));
    }

    /** Throws what it said when it ended with another code than 0. */
    static void run(List<String> line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(line).start();
        process.getInputStream().readAllBytes();
        int code = process.waitFor();
        if (code != 0) {
            String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            throw new IllegalStateException(line.get(0) + " exited " + code + ": " + said.strip());
        }
        process.getInputStream().close();
        process.getErrorStream().close();
        process.getOutputStream().close();
    }

    /** The first line that a tool says about its version. */
    static String version(Path tool) {
        try {
            Process process = new ProcessBuilder(tool.toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
                return Optional.ofNullable(reader.readLine()).orElse(tool.toString());
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
