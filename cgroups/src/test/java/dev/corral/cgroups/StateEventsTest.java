package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Child;
import dev.corral.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who comes into a group and goes, stands still, and is refused. */
@Tag("v2")
class StateEventsTest extends RealEvents {
    @Test
    void comingGoingAndStandingStillAreTold() throws Exception {
        try (Cgroup group = host.create(name);
                Subscription listening = group.on(heard)) {
            try (Child sleeper = Command.of("sleep", "600").with(group).start()) {
                heard.await("populated");
                group.freeze(Heard.PATIENCE);
                heard.await("populated", "frozen");
                group.thaw();
                heard.await("populated", "frozen", "thawed");
                assertThat(sleeper.isAlive()).isTrue();
            }
            heard.await("populated", "frozen", "thawed", "empty");
            assertThat(listening.isActive()).isTrue();
        }
    }

    @Test
    void whatTheFreezerOfVersion1DoesBesideATwinIsSaidToBeUnheard() {
        try (Cgroup group = host.create(name);
                Subscription listening = group.on(heard)) {
            assumeTrue(
                    group instanceof HybridCgroup && group.find(FreezerV1.class).isPresent(), "needs both versions");

            assertThat(listening.notes())
                    .contains("frozen, thawed: told by version 2 only, not of what the freezer of version 1 does");
        }
    }

    @Test
    void aHostWithoutVersion2LooksAgainAndAgain(@TempDir Path proc) throws Exception {
        Cgroups legacy = LegacyHost.below(proc);
        Cgroup group = legacy.create(name);
        try (Subscription listening = group.on(heard)) {
            assertThat(listening.notes()).anyMatch(note -> note.contains("every 100 ms"));
            try (Child child = Command.of("sleep", "600").with(group).start()) {
                heard.await("populated");
                group.freeze(Heard.PATIENCE);
                heard.await("populated", "frozen");
                group.thaw();
                heard.await("populated", "frozen", "thawed");
                assertThat(child.isAlive()).isTrue();
            }
            heard.await("populated", "frozen", "thawed", "empty");
            assertThatThrownBy(() -> listening.trigger(
                            PsiTrigger.cpu(PsiTrigger.Kind.SOME, Duration.ofMillis(100), Duration.ofSeconds(2))))
                    .isInstanceOf(UnsupportedLimit.class)
                    .hasMessageContaining("only version 2 knows pressure");
            group.close();
            heard.await("populated", "frozen", "thawed", "empty", "removed");
        } finally {
            group.close();
        }
    }

    @Test
    void aRefusedForkIsTold() throws Exception {
        try (Cgroup group = host.create(name);
                Subscription listening = group.on(heard)) {
            group.apply(Limits.none().pids(3));
            String script = "sleep 9 & sleep 9 & sleep 9 & sleep 9 & sleep 9 & sleep 9";
            try (Child child = Command.of("sh", "-c", script).with(group).start()) {
                assertThat(child.await()).matches(exit -> !exit.ok());
            }

            heard.await(1, CgroupEvents.ForkRefused.class);
            assertThat(heard.all(CgroupEvents.ForkRefused.class).get(0))
                    .isEqualTo(new CgroupEvents.ForkRefused(Optional.of(3L), group.path(Controller.PIDS)));
            assertThat(listening.isActive()).isTrue();
        }
    }
}
