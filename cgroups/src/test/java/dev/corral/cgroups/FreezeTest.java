package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Exit;
import dev.corral.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A child that is paused and resumed through its group, on the real kernel. */
@Tag("v2")
class FreezeTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** So many times the group's CPU time is read while it should not move. */
    private static final int LOOKS = 200;

    private final Cgroups host = Cgroups.detect();
    private final Limits limits = Limits.none().pids(20).named("corral-test-" + Long.toHexString(System.nanoTime()));

    @BeforeEach
    void needsGroups() {
        host.availability().values().forEach(answer -> assumeTrue(answer.ok(), answer::describe));
    }

    private static Duration used(Child child) throws Exception {
        String stat = Files.readString(Path.of("/proc/" + child.payloadPid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Duration.ofMillis(10 * (Long.parseLong(fields[11]) + Long.parseLong(fields[12])));
    }

    @Test
    void aPausedChildDoesNothingAndGoesOnWhenResumed() throws Exception {
        try (Child child =
                Command.of("sh", "-c", "while :; do :; done").with(limits).start()) {
            Cgroup group = child.find(Cgroup.class).orElseThrow();
            await().atMost(LIMIT).until(() -> !used(child).isZero());

            group.freeze(LIMIT);
            assertThat(group.isFrozen()).isTrue();
            Duration before = used(child);
            for (int i = 0; i < LOOKS; i++) {
                Thread.onSpinWait();
                assertThat(used(child)).isEqualTo(before);
            }
            assertThat(child.isAlive()).isTrue();

            group.thaw();
            await().atMost(LIMIT).until(() -> used(child).compareTo(before) > 0);
            child.signal(Signal.TERM);
            assertThat(child.await(LIMIT).flatMap(Exit::terminatedBy)).isEqualTo(Optional.of(Signal.TERM));
            assertThat(group.isFrozen()).isFalse();
        }
    }

    @Test
    void aPausedChildIsClosedLikeAnyOther() throws Exception {
        try (Child child = Command.of("sleep", "600").with(limits).start()) {
            child.find(Cgroup.class).orElseThrow().freeze(LIMIT);
        }
        assertThat(host.availability()).isNotEmpty();
    }

    @Test
    void aGroupThatIsGoneCannotBeFrozen() throws Exception {
        Cgroup group;
        try (Child child = Command.of("sleep", "600").with(limits).start()) {
            group = child.find(Cgroup.class).orElseThrow();
        }
        assertThatThrownBy(() -> group.freeze(LIMIT)).isInstanceOf(CgroupGone.class);
    }
}
