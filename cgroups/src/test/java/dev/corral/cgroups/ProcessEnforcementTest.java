package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes as the kernel counts, stops and ends them. */
@Tag("v2")
class ProcessEnforcementTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LOOKS = 200;
    private static final int MOST = 40;
    /** Bounded by the limit alone: every process makes two that do the same. */
    private static final Command FORK_BOMB =
            Command.of("sh", "-c", "exec 2>/dev/null; b() { b & b & wait; }; while :; do b; done");
    /** Branches that go on forking, each deaf to a polite signal. */
    private static final Command DEAF_TREE = Command.of(
            "sh",
            "-c",
            "exec 2>/dev/null; trap '' TERM; grow() { while :; do (sleep 600 & wait) & sleep 0.1; done; };"
                    + " grow & grow & (grow & wait) & echo up; wait");

    @Test
    void aForkBombStopsAtTheLimit() throws Exception {
        try (RealGroup tests = RealGroup.with(Controller.PIDS);
                Child bomb = FORK_BOMB.with(tests.limits().pids(MOST)).start()) {
            Cgroup group = RealGroup.of(bomb);

            await().atMost(PATIENCE).until(() -> refusals(group) > 10);

            PidsStat pids = group.usage().pids().orElseThrow();
            assertThat(pids.current()).isLessThanOrEqualTo(limit(pids));
            assertThat(pids.peak().orElse(0L)).isLessThanOrEqualTo(limit(pids));
            assertThat(limit(pids)).isBetween((long) MOST, MOST + 2L);
        }
    }

    @Test
    void theLimitOfTheGroupAboveHoldsForItsChildren() throws Exception {
        try (RealGroup tests = RealGroup.with(Controller.PIDS)) {
            tests.group().apply(Limits.none().pids(MOST));
            try (Child bomb = FORK_BOMB.with(tests.limits().pids(10 * MOST)).start()) {
                await().atMost(PATIENCE).until(() -> refusals(tests.group()) + refusals(RealGroup.of(bomb)) > 10);

                PidsStat pids = tests.group().usage().pids().orElseThrow();
                assertThat(pids.current()).isLessThanOrEqualTo(limit(pids));
                assertThat(pids.peak().orElse(0L)).isLessThanOrEqualTo(limit(pids));
            }
        }
    }

    @Test
    void aFrozenCounterStandsStillAndGoesOnAfterTheThaw(@TempDir Path directory) throws Exception {
        Path counter = directory.resolve("counter");
        Command counts =
                Command.of("sh", "-c", "i=0; while :; do i=$((i + 1)); echo $i >>\"$0\"; done", counter.toString());
        try (RealGroup tests = RealGroup.with(Controller.PIDS);
                Child child = counts.with(tests.limits().pids(MOST)).start()) {
            await().atMost(PATIENCE).until(() -> Files.exists(counter) && Files.size(counter) > 0);

            RealGroup.of(child).freeze(PATIENCE);
            long frozen = Files.size(counter);
            for (int i = 0; i < LOOKS; i++) {
                assertThat(child.await(Duration.ofMillis(5))).isEmpty();
                assertThat(Files.size(counter)).isEqualTo(frozen);
            }

            RealGroup.of(child).thaw();
            await().atMost(PATIENCE).until(() -> Files.size(counter) > frozen);
        }
    }

    @Test
    void aTreeThatKeepsForkingAndIgnoresSigtermIsGoneAfterAKill() throws Exception {
        try (RealGroup tests = RealGroup.with(Controller.PIDS);
                Child tree = DEAF_TREE.with(tests.limits().pids(4 * MOST)).start()) {
            Cgroup group = RealGroup.of(tree);
            assertThat(tree.inputReader().readLine()).isEqualTo("up");
            await().atMost(PATIENCE).until(() -> alive(group) > MOST / 2);
            long before = alive(group);
            tree.signal(Signal.TERM);
            await().atMost(PATIENCE).until(() -> alive(group) > before);

            KillResult killed = group.kill(PATIENCE);

            assertThat(killed.ok()).as(killed.toString()).isTrue();
            await().atMost(PATIENCE).until(() -> alive(group) == 0); // those that nobody has reaped yet count
            assertThat(tree.await().terminatedBy()).contains(Signal.KILL);
        }
    }

    private static long alive(Cgroup group) {
        return group.usage().pids().orElseThrow().current();
    }

    private static long limit(PidsStat pids) {
        return pids.limit().value().orElseThrow();
    }

    private static long refusals(Cgroup group) throws Exception {
        return RealGroup.count(group, Controller.PIDS, "pids.events", "max");
    }
}
