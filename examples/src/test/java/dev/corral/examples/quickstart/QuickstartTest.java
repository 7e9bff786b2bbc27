package dev.corral.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {
    private static final String NEVER = "a line that never comes";
    private static final int PROCESSES_OF_A_POD = 2; // the init and the program

    /** What a killed quickstart leaves here goes with it. */
    @TempDir
    private Path temporary = Path.of("set by JUnit");

    @BeforeEach
    void letEverybodyEnter() throws IOException {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void everyClaimHolds() throws Exception {
        try (RunningQuickstart quickstart = RunningQuickstart.start(temporary)) {
            List<String> lines = quickstart.linesUntil(NEVER);

            assertThat(lines)
                    .noneMatch(line -> line.startsWith("FAILED"))
                    .anyMatch(line -> line.startsWith("ok") && line.endsWith("nothing is left"));
            assertThat(quickstart.process().waitFor()).isZero();
            assertThat(temporary).isEmptyDirectory();
        }
    }

    @Test
    void noChildOutlivesAKilledJvmByASecond() throws Exception {
        try (RunningQuickstart quickstart = RunningQuickstart.start(temporary)) {
            long pid = quickstart.process().pid();
            try {
                assertThat(quickstart.linesUntil("three replicas become available"))
                        .noneMatch(line -> line.startsWith("FAILED"));
                List<ProcessHandle> children =
                        quickstart.process().descendants().toList();
                assertThat(children).hasSizeGreaterThanOrEqualTo(Web.REPLICAS * PROCESSES_OF_A_POD);

                quickstart.process().toHandle().destroyForcibly();
                // its own end takes as long as it takes: a large process gives back its memory before its descriptors
                quickstart.process().waitFor();

                await().atMost(Duration.ofSeconds(1))
                        .until(() -> children.stream().noneMatch(QuickstartTest::runs));
            } finally {
                quickstart.process().destroyForcibly().waitFor();
                removeGroups(pid);
            }
        }
    }

    /** A process that has ended counts as alive until its new parent reaps it, which some take their time for. */
    private static boolean runs(ProcessHandle process) {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .noneMatch(line -> line.startsWith("State:\tZ"));
        } catch (IOException gone) {
            return false;
        }
    }

    /** Nobody is left to do it: the groups stay behind, without a process, under names that are never used again. */
    private static void removeGroups(long pid) {
        await().atMost(Duration.ofMinutes(1))
                .ignoreExceptionsInstanceOf(FileSystemException.class)
                .until(() -> {
                    for (Path group : Leftovers.groups(pid)) {
                        Files.delete(group); // refused while somebody in it is still on the way out
                    }
                    return true;
                });
    }
}
