package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Event;
import dev.corral.reconcile.plane.OtherPlane.Workload;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What outlived its plane, and the next one does not want as it is. */
class UnwantedSurvivorsTest extends KilledPlane {
    @Test
    void whatIsOfAnotherTemplateIsRolled() throws Exception {
        killed(Workload.WEB);
        Set<Long> before = sleeping(3);
        try (ControlPlane plane = next(Duration.ofSeconds(1))) {
            plane.apply(web("2"));
            assertThat(plane.await(web("2"), Deployment.COMPLETE, LONG)).isPresent();
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(sleeping()).hasSize(3).doesNotContainAnyElementsOf(before));
            assertThat(plane.events()).extracting(Event::reason).contains("Unwanted");
        }
    }

    @Test
    void ofAnotherSpecUnderTheSameNameTheOldOneEndsBeforeTheNewOneStarts() throws Exception {
        killed(Workload.JOB);
        Map<Long, String> before = processes();
        Pod pod = Pod.named("job-0").container(c -> c.command("sleep", mark));
        try (ControlPlane plane = next(LONG)) {
            plane.apply(pod);
            assertThat(plane.await(pod, Pod::ready, LONG)).isPresent();
            assertThat(processes().keySet()).doesNotContainAnyElementsOf(before.keySet());
            assertThat(restarts(plane)).containsEntry("job-0", 0);
        }
    }

    @Test
    void whatWasBeingEndedIsEndedAndBeginsAnew() throws Exception {
        killed(Workload.LEAVING);
        Set<Long> before = processes().keySet();
        assertThat(before).isNotEmpty();
        Pod pod = (Pod) Workload.LEAVING.of(mark, "1");
        try (ControlPlane plane = next(LONG)) {
            plane.apply(pod);
            assertThat(plane.await(pod, Pod::ready, LONG)).isPresent();
            assertThat(processes().keySet()).isNotEmpty().doesNotContainAnyElementsOf(before);
            assertThat(main(plane).lastState()).isEmpty();
            assertThat(restarts(plane)).containsEntry("leaving", 0);
            assertThat(plane.events()).extracting(Event::reason).doesNotContain("TakenOver");
        }
    }

    @Test
    void whatNobodyWantsEndsWhileTheOthersDo() throws Exception {
        killed(Workload.DEAF);
        sleeping(1);
        long begun;
        try (ControlPlane plane = next(LONG)) {
            Deployment other = ((Deployment) Workload.DEAF.of(mark, "1")).container(c -> c.env("OTHER", "template"));
            plane.apply(other);
            assertThat(plane.await(other, Deployment.COMPLETE, LONG)).isPresent();
            // It is complete as soon as its shell runs, which begins to sleep a moment later.
            sleeping(2);
            begun = System.nanoTime();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .as("one grace, not two")
                .isBetween(OtherPlane.GRACE_OF_THE_DEAF, OtherPlane.GRACE_OF_THE_DEAF.multipliedBy(2));
    }

    @Test
    void aVolumeOfAPodThatNeverStartedIsRemovedByTheNextPlane() throws Exception {
        Path left = Files.createDirectories(state.resolve("pods/default/web-0/.volumes/work"));
        Files.writeString(left.resolve("file"), "x");
        try (ControlPlane plane = next(LONG)) {
            assertThat(plane.list(Pod.KIND)).isEmpty();
            assertThat(state.resolve("pods/default/web-0")).doesNotExist();
        }
    }
}
