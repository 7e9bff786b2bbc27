package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.reconcile.node.StateInUse;
import dev.corral.reconcile.node.StateUnusable;
import dev.corral.reconcile.workload.ContainerState;
import dev.corral.reconcile.workload.PersistentVolumeClaim;
import dev.corral.reconcile.workload.PersistentVolumeClaimSpec;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.Volume;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a plane that adopts refuses. */
class AdoptionRefusedTest extends KilledPlane {
    @Test
    void aSecondPlaneIsRefused() throws Exception {
        try (OtherPlane other = OtherPlane.begin(OtherPlane.Main.class, state.toString(), "WEB", mark)) {
            other.ready();
            assertThatThrownBy(() -> next(LONG))
                    .isInstanceOf(StateInUse.class)
                    .hasMessageContaining(state.toString())
                    .hasMessageContaining("close that one first");
        }
        try (ControlPlane plane = next(Duration.ZERO)) {
            assertThatThrownBy(() -> next(LONG)).isInstanceOf(StateInUse.class);
            assertThat(plane.list(Pod.KIND)).isEmpty();
        }
        try (ControlPlane again = next(LONG)) {
            assertThat(Files.getPosixFilePermissions(state)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
            assertThat(again.list(Pod.KIND)).isEmpty();
        }
    }

    @Test
    void whatCanNotBeReadIsNotPassedOver() throws Exception {
        Path place = Files.createDirectories(state.resolve("pods/default/web-0/main"));
        Files.writeString(place.resolve("run"), "format=1\npod=web-0\n");
        assertThatThrownBy(() -> next(LONG))
                .isInstanceOf(StateUnusable.class)
                .hasMessageContaining(place.resolve("run") + ": it can't be read: it has no ")
                .hasMessageContaining("may still run");
        Files.delete(place.resolve("run"));
        next(LONG).close();
    }

    @Test
    void aFileInItsPlaceIsToldToBeOne() throws Exception {
        Path file = Files.writeString(state.resolve("file"), "");
        assertThatThrownBy(() -> ControlPlane.local().adopt(file).start())
                .isInstanceOf(StateUnusable.class)
                .hasMessage("state in " + file + ": it is a file: name a directory, or a place where one can be made");
    }

    @Test
    void whatWouldEndWithTheJvmIsRefused() throws Exception {
        Pod pod = Pod.named("scratch")
                .spec(spec -> spec.shareProcessNamespace(true)
                        .volume(Volume.claim("work", "claimed"))
                        .container("main", c -> c.command("sleep", mark).mount("work", "/scratch")));
        try (ControlPlane plane = next(LONG)) {
            plane.store()
                    .apply(new PersistentVolumeClaim(
                            "claimed", Map.of(), new PersistentVolumeClaimSpec(Optional.empty())))
                    .orThrow();
            plane.apply(pod);
            assertThat(plane.await(pod, one -> startError(one.status()), LONG)).isPresent();
            assertThat(plane.events())
                    .anyMatch(event -> event.message().contains("can't outlive the JVM, as adopt asks for")
                            && event.message().contains("writes down how it ends: leave out shareProcessNamespace")
                            && event.message().contains("name one by claims(directory)"));
        }
    }

    private static boolean startError(PodStatus status) {
        return status.containers().stream()
                .flatMap(container -> container.lastState().stream())
                .anyMatch(end -> end.reason().equals(ContainerState.START_ERROR));
    }
}
