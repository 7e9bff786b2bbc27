package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Resource;
import dev.corral.reconcile.workload.ConfigMap;
import dev.corral.reconcile.workload.ContainerState;
import dev.corral.reconcile.workload.ContainerStatus;
import dev.corral.reconcile.workload.PersistentVolumeClaim;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodPhase;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.RestartPolicy;
import dev.corral.reconcile.workload.StatefulSet;
import dev.corral.reconcile.workload.Volume;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes that other objects stand behind, on real processes. */
class LiveVolumesTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void aPodWaitsForItsSettingsAndSaysSo() throws Exception {
        try (ControlPlane plane = ControlPlane.local().start()) {
            Pod reader = Pod.named("reader")
                    .restartPolicy(RestartPolicy.NEVER)
                    .spec(pod -> pod.volume(Volume.configMap("conf", "settings")))
                    .container(c -> c.command("cat", "/conf/greeting").mount("conf", "/conf"));
            plane.apply(reader);
            Resource<PodSpec, PodStatus> waits = plane.await(
                            reader, pod -> reason(pod).equals("CreateContainerConfigError"), LIMIT)
                    .orElseThrow();
            assertThat(waits.status().phase()).isEqualTo(PodPhase.PENDING);
            assertThat(((ContainerState.Waiting) state(waits)).message()).isEqualTo("there is no ConfigMap settings");

            plane.apply(ConfigMap.named("settings").data("greeting", "hello"));
            Predicate<Resource<PodSpec, PodStatus>> done =
                    pod -> pod.status().phase().terminal();
            assertThat(plane.await(reader, done, LIMIT).orElseThrow().status().phase())
                    .isEqualTo(PodPhase.SUCCEEDED);
            assertThat(plane.logs("reader", "main")).contains("hello");
        }
    }

    @Test
    void theDirectoryOfAReplicaOutlivesItsPodAndThePlaneAndGoesWithItsClaim(@TempDir Path claims) throws Exception {
        StatefulSet set = StatefulSet.named("db")
                .replicas(1)
                .container(c -> c.command("/bin/sh", "-c", "echo start >> /data/log; cat /data/log; exec sleep 600")
                        .mount("data", "/data"))
                .storage("data");
        try (ControlPlane plane = ControlPlane.local().claims(claims).start()) {
            plane.apply(set);
            awaitStarts(plane, 1);
            plane.delete(Pod.KIND, "db-0");
            awaitStarts(plane, 2);
        }
        assertThat(claims.resolve("data-db-0")).isDirectory();
        try (ControlPlane plane = ControlPlane.local().claims(claims).start()) {
            plane.apply(set);
            awaitStarts(plane, 3);
            plane.delete(set);
            plane.delete(PersistentVolumeClaim.KIND, "data-db-0");
            Awaitility.await().atMost(LIMIT).until(() -> Files.notExists(claims.resolve("data-db-0")));
        }
    }

    private static void awaitStarts(ControlPlane plane, int starts) {
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> plane.logs("db-0", "main").orElse("").equals("start\n".repeat(starts)));
    }

    private static ContainerState state(Resource<PodSpec, PodStatus> pod) {
        return pod.status().container("main").map(ContainerStatus::state).orElseThrow();
    }

    private static String reason(Resource<PodSpec, PodStatus> pod) {
        return pod.status()
                .container("main")
                .map(ContainerStatus::state)
                .map(ContainerState::reason)
                .orElse("");
    }
}
