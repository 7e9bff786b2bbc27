package dev.corral.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class GivenUpLaunchTest {
    /** A launch cut off between the clone and the message that tells of it once left a zombie nobody knew. */
    @Test
    void aLaunchCutOffAtAnyMomentLeavesNobodyBehind() throws Exception {
        Launcher launcher = Launcher.load();
        LaunchPlan plan = Launches.plan(List.of(), "/bin/true");
        Launches.end(launcher, Launches.start(launcher, plan, Launches.PATIENCE));

        for (int micros = 0; micros < 3000; micros += 10) {
            try {
                Launches.end(launcher, Launches.start(launcher, plan, Duration.ofNanos(micros * 1000L)));
            } catch (LaunchBroken late) {
                assertThat(late.how()).isEqualTo(LaunchBroken.How.TIMED_OUT);
            }
        }

        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    /** SIGKILL does not end what a v1 freezer holds: the launch thread once waited for it for ever. */
    @Test
    void aLaunchIntoAFrozenGroupTimesOut() throws Exception {
        Path group = Path.of("/sys/fs/cgroup/freezer/corral-frozen-"
                + ProcessHandle.current().pid());
        assumeThat(Files.isWritable(group.getParent()))
                .as("a v1 freezer of our own")
                .isTrue();
        Files.createDirectory(group);
        try (Fd members = new Fd(LibC.open(group.resolve("cgroup.procs"), LibC.O_WRONLY))) {
            Files.writeString(group.resolve("freezer.state"), "FROZEN");
            Launcher launcher = Launcher.load();

            assertThatThrownBy(() -> Launches.start(
                            launcher, Launches.plan(List.of(), "/bin/true"), Duration.ofMillis(100), members.number()))
                    .isInstanceOfSatisfying(
                            LaunchBroken.class,
                            broken -> assertThat(broken.how()).isEqualTo(LaunchBroken.How.TIMED_OUT));

            Files.writeString(group.resolve("freezer.state"), "THAWED");
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(ProcessHandle.current().children()).isEmpty());
        } finally {
            Files.writeString(group.resolve("freezer.state"), "THAWED");
            Files.delete(group);
        }
    }

    /** Without room for the pidfd the launch failed, but the payload ran on with nobody to reap it. */
    @Test
    void aLaunchWithoutEnoughDescriptorsLeavesNobodyBehind() throws Exception {
        Launcher launcher = Launcher.load();
        LaunchPlan plan = Launches.plan(List.of(), "/bin/true");
        Launches.end(launcher, Launches.start(launcher, plan, Launches.PATIENCE));
        Class.forName(Reaper.class.getName()); // needs descriptors to be loaded

        List<Fd> all = new ArrayList<>();
        try {
            for (int room = 0; !startsWith(launcher, plan, room, all); room++) {
                assertThat(room).isLessThan(20);
            }
        } finally {
            all.forEach(Fd::close);
        }
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    /** Whether a launch succeeds with room for so many descriptors. */
    private static boolean startsWith(Launcher launcher, LaunchPlan plan, int room, List<Fd> all) {
        try {
            while (true) {
                all.add(new Fd(LibC.open(Path.of("/dev/null"), LibC.O_RDONLY)));
            }
        } catch (ErrnoException full) {
            assertThat(full.errno()).isEqualTo(Errno.EMFILE);
        }
        for (int i = 0; i < room; i++) {
            all.remove(all.size() - 1).close();
        }
        try {
            Launches.end(launcher, Launches.start(launcher, plan, Launches.PATIENCE));
            return true;
        } catch (ErrnoException refused) {
            assertThat(refused.errno()).isEqualTo(Errno.EMFILE);
            return false;
        }
    }
}
