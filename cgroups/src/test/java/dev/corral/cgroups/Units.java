package dev.corral.cgroups;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.internal.linux.LibC;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Units of a machine that systemd runs, with {@link UnitProgram} in them. */
final class Units {
    static final Path FS = Path.of("/sys/fs/cgroup");
    /** Where the manager of {@link #AS_TESTER} has its units. */
    static final Path MANAGER = FS.resolve("user.slice/user-1000.slice/user@1000.service");
    /** An ordinary user, of whom there is nobody else. */
    static final List<String> AS_TESTER = List.of(
            "setpriv",
            "--reuid=1000",
            "--regid=1000",
            "--clear-groups",
            "--inh-caps=-all",
            "env",
            "HOME=/home/tester",
            "XDG_RUNTIME_DIR=/run/user/1000");
    /** A directory in which systemd-run is the only program. */
    static final Path WITHOUT_BUS = Path.of("/tmp/corral-without-bus");

    private static final Duration PATIENCE = Duration.ofSeconds(200);

    /** A file with the options of a JVM, relative to where it lies: set by the script that boots the machine. */
    static final Optional<Path> PROGRAM =
            Optional.ofNullable(System.getProperty("corral.test.systemd")).map(Path::of);

    private Units() {}

    /** The command line of a JVM that does these steps. */
    static List<String> program(String... steps) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + PROGRAM.orElseThrow(),
                UnitProgram.class.getName()));
        line.addAll(List.of(steps));
        return line;
    }

    /** Skips the tests elsewhere: they make units and groups on the machine itself. */
    static void required() throws IOException {
        assumeTrue(
                PROGRAM.isPresent() && LibC.effectiveUser() == 0,
                "needs root on a machine of its own that systemd runs: .ci/vm-systemd boots one");
        assertThat(Path.of("/run/systemd/system")).isDirectory();
        Files.createDirectories(WITHOUT_BUS);
        Path run = WITHOUT_BUS.resolve("systemd-run");
        if (!Files.exists(run)) {
            Files.createSymbolicLink(run, Path.of("/usr/bin/systemd-run"));
        }
    }

    /** Such as 252. */
    static int version() {
        return Integer.parseInt(run(List.of("systemctl", "--version")).output().split("[ .]", 3)[1]);
    }

    /** The user's own manager, started if it doesn't run. */
    static void userManager() {
        assertThat(run(List.of("systemctl", "start", "user@1000.service")).code())
                .isZero();
    }

    /** A service that runs to its end, with these arguments of systemd-run. */
    static Said service(List<String> options, String... steps) {
        return service(List.of(), options, steps);
    }

    static Said service(List<String> as, List<String> options, String... steps) {
        return run(line(
                as, List.of("systemd-run", "--quiet", "--wait", "--pipe", "--collect", "--same-dir"), options, steps));
    }

    static Said scope(List<String> as, List<String> options, String... steps) {
        return run(line(as, List.of("systemd-run", "--quiet", "--scope", "--collect"), options, steps));
    }

    /** Starts a service that stays; what it says is in a file. */
    static Path stay(String unit, List<String> options, String... steps) {
        Path said = Path.of("/tmp/corral-" + unit + "-said");
        List<String> first = List.of(
                "systemd-run",
                "--quiet",
                "--same-dir",
                "--unit=" + unit,
                "-p",
                "StandardOutput=append:" + said,
                "-p",
                "SuccessExitStatus=143");
        Said started = run(line(List.of(), first, options, steps));
        assertThat(started.code()).as(started.output()).isZero();
        return said;
    }

    /** Waits for an answer of a program that stays. */
    static String awaitAnswer(Path said, String what) {
        awaitUntil(() -> Files.exists(said)
                && new Said(0, Files.readString(said)).answers().containsKey(what));
        try {
            return new Said(0, Files.readString(said)).get(what);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void awaitUntil(Callable<Boolean> condition) {
        await().atMost(PATIENCE).until(condition);
    }

    static Said systemctl(String... arguments) {
        return run(Stream.concat(Stream.of("systemctl"), Stream.of(arguments)).toList());
    }

    static Said run(List<String> line) {
        try {
            Process process = new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .directory(Objects.requireNonNull(PROGRAM.orElseThrow().getParent())
                            .toFile())
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            return new Said(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<String> line(List<String> as, List<String> run, List<String> options, String... steps) {
        List<String> line = new ArrayList<>(as);
        line.addAll(run);
        line.addAll(options);
        line.addAll(program(steps));
        return line;
    }

    /** What a program printed, and how it ended. */
    record Said(int code, String output) {
        String get(String what) {
            assertThat(answers()).as(output).containsKey(what);
            return Objects.requireNonNull(answers().get(what));
        }

        /** The last answer to each question. */
        Map<String, String> answers() {
            return output.lines()
                    .filter(line -> line.contains(": "))
                    .collect(Collectors.toMap(
                            line -> line.substring(0, line.indexOf(": ")),
                            line -> line.substring(line.indexOf(": ") + 2),
                            (a, b) -> b));
        }
    }
}
