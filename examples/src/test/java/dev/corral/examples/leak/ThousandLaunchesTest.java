package dev.corral.examples.leak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.corral.ByteSize;
import dev.corral.Child;
import dev.corral.Command;
import dev.corral.cgroups.Cgroup;
import dev.corral.cgroups.Limits;
import dev.corral.examples.testing.Needs;
import dev.corral.namespaces.Isolation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThousandLaunchesTest {
    private static final int LAUNCHES = 1000;
    private static final int WARM_UP = 20;

    /** What others of this machine, such as Surefire's ps(1), have in between is gone by then. */
    private static final Duration PASSING = Duration.ofSeconds(60);

    private static final Command ISOLATED = Command.of("/bin/true").with(Isolation.full());
    private static final Command LIMITED =
            ISOLATED.with(Limits.none().memory(ByteSize.mebibytes(64)).cpus(1).pids(8));

    /** With limits, where the host has them for this user. */
    @Test
    void inAllNamespacesTheyLeaveNothing() throws Exception {
        boolean limited = Needs.hasControlGroups();
        Command command = limited ? LIMITED : ISOLATED;
        List<Path> parents = limited ? Census.parents() : List.of();
        launch(command, WARM_UP);
        Census before = Census.now(parents);
        launch(command, LAUNCHES);
        await().pollInSameThread()
                .atMost(PASSING)
                .untilAsserted(() -> Census.now(parents).assertNothingWasAddedTo(before));
    }

    @Test
    void whatIsThereIsCounted() {
        Needs.controlGroups();
        List<Path> parents = Census.parents();
        Census before = Census.now(parents);
        try (Child child = Command.of("sleep", "60").with(Limits.none().pids(8)).start()) {
            Census now = Census.now(parents);
            assertThat(now.children()).contains(Long.toString(child.pid()));
            assertThat(now.groups())
                    .containsAll(child.find(Cgroup.class).orElseThrow().paths().stream()
                            .map(Path::toString)
                            .toList());
            // others close some of theirs meanwhile
            assertThat(now.descriptors()).anyMatch(one -> !before.descriptors().contains(one));
            assertThatThrownBy(() -> now.assertNothingWasAddedTo(before)).isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void aZombieIsCountedAsOne() {
        try (Child child = Command.of("sh", "-c", "true & exec sleep 60").start()) { // sleep(1) waits for nobody
            await().atMost(PASSING)
                    .until(() -> Census.children(child.pid(), Census.ENDED).size() == 1);
            assertThat(Census.children(child.pid(), Census.RUNNING)).isEmpty();
        }
    }

    private static void launch(Command command, int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            try (Child child = command.start()) {
                assertThat(child.await().ok()).isTrue();
            }
        }
    }
}
