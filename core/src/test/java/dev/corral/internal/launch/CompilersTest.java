package dev.corral.internal.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.internal.linux.Errno;
import dev.corral.testing.CProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher for both architectures, by both compilers: no warning, not large, and the other one's works too. */
class CompilersTest {
    private static final int MOST_BYTES = 40_000;
    private static final String HEADERS = "/usr/aarch64-linux-gnu/include";

    @TempDir
    Path directory;

    @BeforeEach
    void openTheDirectoryToEveryone() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @ParameterizedTest
    @CsvSource({
        "gcc, aarch64-linux-gnu-gcc",
        "clang, clang --target=aarch64-linux-gnu -isystem " + HEADERS,
    })
    void bothCompilersBuildItForBothArchitecturesWithoutAWarning(String own, String cross) throws Exception {
        assumeThat("amd64")
                .as("the cross compilers tried are those of x86-64")
                .isEqualTo(System.getProperty("os.arch"));
        needs(own);
        needs(cross.split(" ", 2)[0]);
        needs("aarch64-linux-gnu-ld");
        assumeThat(Files.isDirectory(Path.of(HEADERS)))
                .as("needs the headers for aarch64 (Debian: libc6-dev-arm64-cross)")
                .isTrue();
        ProcessBuilder builder =
                new ProcessBuilder("sh", CProgram.SOURCES.resolve("build.sh").toString(), directory.toString());
        builder.environment().put("CC", own);
        builder.environment().put("CROSS_CC", cross);
        assertThat(output(builder)).isEmpty(); // a warning is an error, and what is said besides would be one too
        for (String architecture : new String[] {"x86_64", "aarch64"}) {
            Path program = directory.resolve("linux-" + architecture).resolve("corral-launcher");
            assertThat(program).exists();
            assertThat(Files.size(program)).as(program.toString()).isLessThan(MOST_BYTES);
        }
    }

    @Test
    void theOtherArchitecturesLauncherSaysWhatItIsAndChecksAPlanUnderEmulation() throws Exception {
        assumeThat("amd64").as("emulates aarch64 on x86-64").isEqualTo(System.getProperty("os.arch"));
        Path qemu = needs("qemu-aarch64-static");
        needs("aarch64-linux-gnu-gcc");
        output(new ProcessBuilder("sh", CProgram.SOURCES.resolve("build.sh").toString(), directory.toString()));
        Path program = directory.resolve("linux-aarch64").resolve("corral-launcher");
        assertThat(output(new ProcessBuilder(qemu.toString(), program.toString())))
                .isEqualTo("corral-launcher, protocol " + LaunchMessage.PROTOCOL + "\n");

        // The JVM spawns a program, not a command line.
        Path emulator = CProgram.compile(
                directory,
                "emulator",
                "#include <unistd.h>\nint main(void) { execl(QEMU, QEMU, PROGRAM, (char *)0); return 126; }",
                "-DQEMU=\"" + qemu + "\"",
                "-DPROGRAM=\"" + program + "\"");
        LauncherImage image = new LauncherImage(emulator, Optional.empty());
        byte[] plan = Launches.plan(List.of("user", "mnt", "pid"), "/bin/true").bytes();
        byte[] wrong = Arrays.copyOf(plan, plan.length);
        wrong[0] ^= 1;
        StepFailed refused = error(image, wrong);
        assertThat(refused.step()).isEqualTo(Step.PLAN_CHECK);
        assertThat(refused.errno()).isEqualTo(Errno.EPROTO);
        assertThat(refused.index()).isEqualTo(1);
        // It takes the good one, up to where the emulator can't follow.
        assertThat(error(image, plan).step()).isEqualTo(Step.CLONE);
    }

    private static StepFailed error(LauncherImage image, byte[] plan) {
        try (Conversation conversation = new Conversation(image)) {
            int[] descriptors = conversation.descriptors(plan);
            conversation.send(LaunchMessage.hello(plan.length, descriptors.length), descriptors);
            return conversation.outcome().error().orElseThrow();
        }
    }

    private static Path needs(String program) {
        Optional<Path> found = Stream.of(System.getenv("PATH").split(":", -1))
                .map(place -> Path.of(place, program))
                .filter(Files::isExecutable)
                .findFirst();
        assumeThat(found).as("needs " + program).isPresent();
        return found.orElseThrow();
    }

    private static String output(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
