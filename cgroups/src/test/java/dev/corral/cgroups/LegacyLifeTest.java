package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** This host as it would be without cgroup2: all is done by the hierarchies of version 1. */
class LegacyLifeTest extends RealGroups {
    @TempDir
    Path proc;

    private Cgroups legacy = host;

    @BeforeEach
    void withoutCgroup2() throws IOException {
        legacy = LegacyHost.below(proc);
    }

    @Test
    void aFrozenTreeGoesOnWhenItIsThawedAndDiesWhenItIsKilled() throws Exception {
        try (Cgroup group = legacy.create(name);
                Cgroup below = group.child("below")) {
            Process inner = inside(below, "exec sleep 600");
            dieFrozen(group, below);
            assertThat(inner.waitFor()).isEqualTo(128 + 9);
        }
    }

    @Test
    void belowAFrozenGroupNobodyCanBeKilledAndTheResultSaysWhy() throws Exception {
        try (Cgroup group = legacy.create(name);
                Cgroup below = group.child("below")) {
            Process inner = inside(below, "exec sleep 600");
            group.freeze(LIMIT);

            assertThat(below.kill(Duration.ofMillis(50)).survivors())
                    .containsExactly(new Survivor(inner.pid(), "a group above is frozen"));

            group.thaw();
            assertThat(inner.waitFor()).isEqualTo(128 + 9);
        }
    }

    @Test
    void aTreeThatForksWithoutEndIsGoneAfterTheKill() throws Exception {
        try (Cgroup group = legacy.create(name)) {
            group.apply(Limits.none().pids(500));
            Process storm = inside(group, STORM);
            await().atMost(LIMIT).until(() -> group.members().pids().size() > 50);

            assertThat(group.kill(LIMIT).ok()).isTrue();
            storm.waitFor();
        }
    }

    @Test
    void aProcessIsMovedInEveryHierarchy() throws Exception {
        try (Cgroup group = legacy.create(name)) {
            assertThat(group).isInstanceOf(CgroupV1.class);
            Process sleeper = shell("exec sleep 600");
            // a procfs of two files does not tell of processes
            new Attachment(Host.real(Path.of("/proc")), group.directories()).process(sleeper.toHandle());

            assertThat(memberships(sleeper.toHandle()).stream().filter(line -> line.endsWith(name)))
                    .hasSameSizeAs(group.paths());
        }
    }

    @Test
    void thereIsNothingToHandDown() throws Exception {
        try (Cgroup group = legacy.create(name, "below")) {
            assertThat(group.subtreeControl()).isEmpty();
            assertThat(group.handedDown()).isEmpty();
        } finally {
            legacy.find(name).ifPresent(Cgroup::delete);
        }
    }
}
