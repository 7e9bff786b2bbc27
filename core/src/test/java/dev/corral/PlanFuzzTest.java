package dev.corral;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.internal.launch.PlanBytes;
import dev.corral.testing.CProgram;
import dev.corral.testing.Namespacing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plan's parser under the sanitizers, with real plans as seeds: for a moment in each build, for a minute and a million
 * inputs at least with {@code -Pfuzz}.
 */
class PlanFuzzTest {
    private static final Path SOURCE = Path.of("src/test/c/fuzz.c").toAbsolutePath();
    private static final int SECONDS = Integer.getInteger("corral.fuzz.seconds", 2);
    private static final int A_MINUTE = 60;
    private static final long A_MILLION = 1_000_000;
    private static final List<String> SANITIZERS =
            List.of("-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all");

    @TempDir
    Path directory;

    @Test
    @Timeout(900)
    void noPlanLeadsTheParserAstray() throws Exception {
        List<Path> corpus = writeCorpus();
        List<String> line = new ArrayList<>(List.of(compiled().toString(), Integer.toString(SECONDS), "1"));
        corpus.forEach(plan -> line.add(plan.toString()));
        long tried = 0;
        do {
            line.set(2, Long.toString(tried + 1)); // another seed
            Run run = run(line);
            assertThat(run.code()).as(run.output()).isZero();
            Matcher count = Pattern.compile("([0-9]+) inputs tried, ([0-9]+) of them taken")
                    .matcher(run.output());
            assertThat(count.find()).as(run.output()).isTrue();
            tried += Long.parseLong(count.group(1));
            assertThat(Long.parseLong(count.group(2)))
                    .as("inputs that are plans all the same")
                    .isPositive();
        } while (SECONDS >= A_MINUTE && tried < A_MILLION);
        System.out.println("plan.c: " + tried + " inputs tried under the sanitizers, none led it astray");
    }

    private Path compiled() throws Exception {
        Path program = directory.resolve("fuzz");
        StringBuilder complaints = new StringBuilder();
        for (String compiler : new String[] {"clang", "gcc"}) {
            List<String> line = new ArrayList<>(List.of(compiler, "-Wall", "-Wextra", "-Werror"));
            line.addAll(SANITIZERS);
            line.addAll(List.of("-I", CProgram.SOURCES.toString(), "-o", program.toString(), SOURCE.toString()));
            line.add(CProgram.SOURCES.resolve("plan.c").toString());
            try {
                Run run = run(line);
                if (run.code() == 0) {
                    return program;
                }
                complaints.append(run.output());
            } catch (IOException missing) {
                complaints.append(missing.getMessage()).append('\n');
            }
        }
        assumeThat(Files.exists(program))
                .as("needs clang or gcc with the address sanitizer (Debian: gcc libc6-dev): " + complaints)
                .isTrue();
        return program;
    }

    private record Run(int code, String output) {}

    private static Run run(List<String> line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Run(process.waitFor(), output);
    }

    private List<Path> writeCorpus() throws IOException {
        List<Path> written = new ArrayList<>();
        for (Map.Entry<String, Command> seed : commands().entrySet()) {
            Launch launch = new Launch(seed.getValue());
            seed.getValue().confinements().forEach(confinement -> confinement.prepare(launch));
            try (PlanMaker maker = new PlanMaker(launch)) {
                byte[] plan = PlanBytes.of(maker.plan(written.size() % 2 == 0));
                written.add(Files.write(directory.resolve(seed.getKey() + ".plan"), plan));
            }
        }
        return written;
    }

    /** Plans that have between them every section, text and kind of mount. */
    private static Map<String, Command> commands() {
        Path here = Path.of("/");
        Command plain = Command.of("true").env("A", "b").directory(here).umask(022);
        Map<String, Command> seeds = new TreeMap<>();
        seeds.put("plain", plain);
        seeds.put("namespaces", plain.with(Namespacing.all()));
        seeds.put("terminal", plain.with(Namespacing.pid()).terminal(new Terminal.Size(80, 24)));
        seeds.put("privileges", plain.with(PlanFuzzTest::privileges));
        seeds.put(
                "joins",
                plain.with(launch -> launch.join("net", Path.of("/proc/self/ns/net"))
                        .join(Set.of("uts", "ipc"), ProcessHandle.current().pid())));
        seeds.put("root", plain.with(Namespacing.all(false)).with(launch -> root(launch.root())));
        seeds.put(
                "directory",
                plain.with(Namespacing.all(false))
                        .with(launch -> launch.root().directory(here).readOnly()));
        seeds.put("many", Command.of(Stream.generate(() -> "x").limit(300).toList()));
        return seeds;
    }

    private static void privileges(Launch launch) {
        launch.namespaces(List.of("time", "net", "uts", "pid"))
                .timeOffsets(Duration.ofSeconds(3), Duration.ofSeconds(-4, 5))
                .hostname("host")
                .domainName("domain")
                .identity(new Identity(1, 2, List.of(3L, 4L)))
                .capabilities(1, 2, 3, 4, 5)
                .seccomp(new byte[] {6, 0, 0, 0, 0, 0, (byte) 0xff, 0x7f}, listener -> () -> {})
                .newKeyring()
                .waitForAll()
                .attachNetwork(pid -> () -> {})
                .landlock(
                        1,
                        2,
                        3,
                        List.of(new Launch.LandlockPath(Path.of("/usr"), 1)),
                        List.of(new Launch.LandlockPort(80, 2)));
        Scheduling.inherited().oomScoreAdj(5).nice(1).cpus(0, 70).prepare(launch);
    }

    private static void root(RootPlan root) {
        root.empty()
                .bind(Path.of("/usr"), Path.of("/usr"), Set.of(MountFlag.READ_ONLY))
                .tmpfs(Path.of("/tmp"), Optional.of(ByteSize.mebibytes(1)), 01777, Set.of())
                .proc(Path.of("/proc"))
                .sysfs(Path.of("/sys"))
                .mqueue(Path.of("/mq"))
                .devpts(Path.of("/pts"))
                .cgroup2(Path.of("/cg"))
                .dev(Path.of("/dev"))
                .makeDirectory(Path.of("/home"), 0755)
                .symlink(Path.of("/bin"), "usr/bin")
                .file(Path.of("/etc/file"), new byte[] {1, 2, 3}, 0400)
                .temporaryOverlay(Path.of("/over"), List.of(Path.of("/usr")))
                .mask(Path.of("/proc/kcore"))
                .readOnly(Path.of("/proc/sys"));
    }
}
