package dev.corral.internal.launch;

import static dev.corral.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.testing.Leftovers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FrozenGroupTest {
    private static final Path FREEZER = Path.of("/sys/fs/cgroup/freezer");
    /** Each launch of a new launcher makes one more, up to as many. */
    private static final int MOST_THREADS = 8;

    /** SIGKILL does not end what a v1 freezer holds: the launch thread once waited for it for ever. */
    @Test
    void aLaunchIntoAFrozenGroupTimesOutAndIsReapedOnceItThaws() throws Exception {
        assumeThat(Files.isWritable(FREEZER))
                .as("needs a v1 freezer of our own")
                .isTrue();
        Launcher launcher = Launcher.load();
        LaunchPlan plan = Launches.plan("/bin/true");
        for (int thread = 0; thread < MOST_THREADS; thread++) {
            Launches.end(launcher, Launches.start(launcher, plan, Launches.PATIENCE));
        }
        Leftovers before = Leftovers.before();
        Path group = Files.createDirectory(
                FREEZER.resolve("corral-frozen-" + ProcessHandle.current().pid()));
        try (Fd members = new Fd(LibC.open(group.resolve("cgroup.procs"), LibC.O_WRONLY))) {
            freeze(group, "FROZEN");
            assertThatThrownBy(() -> Launches.start(launcher, plan, Duration.ofMillis(100), members.number()))
                    .isInstanceOfSatisfying(
                            LaunchBroken.class,
                            broken -> assertThat(broken.how()).isEqualTo(LaunchBroken.How.TIMED_OUT));
        } finally {
            freeze(group, "THAWED");
            await().pollInSameThread().ignoreException(IOException.class).until(() -> Files.deleteIfExists(group));
        }
        before.assertNothingIsLeft();
    }

    private static void freeze(Path group, String state) throws IOException {
        Files.writeString(group.resolve("freezer.state"), state);
    }
}
