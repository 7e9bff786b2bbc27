package dev.corral.examples.workloads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.testing.ManualClock;
import dev.corral.reconcile.workload.JobStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples do what they say. */
@Timeout(180)
class WorkloadsTest {
    @TempDir
    Path directory;

    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void open() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void serversAreRolledForwardStoppedAndUndoneUnderLoadWithoutAFailedRequest() throws Exception {
        RollingServers.Outcome outcome;
        try (ControlPlane plane = ControlPlane.local().start()) {
            outcome = RollingServers.run(plane, directory, lines::add);
        }
        assertThat(outcome.failed()).isZero();
        assertThat(outcome.answers()).containsOnlyKeys("1", "2");
        assertThat(outcome.fewest()).isGreaterThanOrEqualTo(3);
        assertThat(outcome.stopped())
                .startsWith("1 of 3 updated, 3 available, 3 old; failed: ProgressDeadlineExceeded: ")
                .contains("its readiness probe has not succeeded");
        assertThat(lines).anyMatch(line -> line.contains("Deployment/web: 3 of 3 updated, 3 available; complete"));
    }

    @Test
    void replicasOfAStoreStartInOrderAndFindTheirDirectoriesAgain() throws Exception {
        OrderedStore.Outcome outcome;
        try (ControlPlane plane = ControlPlane.local().start()) {
            outcome = OrderedStore.run(plane, directory, lines::add);
        }
        assertThat(outcome.inOrder()).isTrue();
        assertThat(outcome.logs())
                .containsExactly(
                        "written by db-0",
                        "written by db-0, copied by db-1",
                        "written by db-0, copied by db-1, copied by db-2");
        assertThat(outcome.startsOfDeleted()).isEqualTo(2);
    }

    @Test
    void aHundredItemsAreDoneEightAtATimeAndThoseThatFailAgain() throws Exception {
        JobStatus status;
        try (ControlPlane plane =
                ControlPlane.local().clock(Clock.system().faster(50)).start()) {
            status = HundredItems.run(plane, directory, lines::add);
        }
        assertThat(status.complete()).isTrue();
        assertThat(status.succeeded()).isEqualTo(100);
        assertThat(status.failed()).isEqualTo(10);
        assertThat(status.completedIndexes()).isEqualTo("0-99");
        for (int i = 0; i < 100; i++) {
            assertThat(directory.resolve(Integer.toString(i))).hasContent("result");
        }
        assertThat(lines).noneMatch(line -> line.matches(".*Job/items: .* (9|[1-9][0-9]+) active.*"));
    }

    @Test
    void aWeekOfNightsIsOverInAMoment() throws Exception {
        ManualClock clock = ManualClock.startingAt(Instant.parse("2026-03-23T12:00:00Z"));
        List<Instant> due;
        try (ControlPlane plane = ControlPlane.local().clock(clock).start()) {
            due = Nightly.run(plane, clock, lines::add);
        }
        assertThat(due)
                .extracting(Instant::toString)
                .containsExactly(
                        "2026-03-24T02:00:00Z",
                        "2026-03-25T02:00:00Z",
                        "2026-03-26T02:00:00Z",
                        "2026-03-27T02:00:00Z",
                        "2026-03-28T02:00:00Z",
                        "2026-03-29T01:00:00Z",
                        "2026-03-30T01:00:00Z");
    }
}
