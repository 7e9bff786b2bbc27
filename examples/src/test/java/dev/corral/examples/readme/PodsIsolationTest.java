package dev.corral.examples.readme;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.ByteSize;
import dev.corral.Rlimit;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.node.LogPolicy;
import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.workload.ConfigMap;
import dev.corral.reconcile.workload.ContainerCapabilities;
import dev.corral.reconcile.workload.ContainerLog;
import dev.corral.reconcile.workload.EnvSource;
import dev.corral.reconcile.workload.FileRules;
import dev.corral.reconcile.workload.IoLimit;
import dev.corral.reconcile.workload.LogLine;
import dev.corral.reconcile.workload.LogQuery;
import dev.corral.reconcile.workload.NamespaceKind;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodPhase;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.QosClass;
import dev.corral.reconcile.workload.RestartPolicy;
import dev.corral.reconcile.workload.RootTree;
import dev.corral.reconcile.workload.SeccompProfile;
import dev.corral.reconcile.workload.Secret;
import dev.corral.reconcile.workload.Sharing;
import dev.corral.reconcile.workload.Volume;
import dev.corral.reconcile.workload.VolumeMount;
import dev.corral.reconcile.workload.VolumeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the guide for what pods are made of. */
class PodsIsolationTest {
    private static final Duration LIMIT = ofSeconds(60);

    @Test
    void volumesAndSettings() throws Exception {
        try (ControlPlane plane = ControlPlane.local().start()) {
            // README
            plane.apply(ConfigMap.named("settings").data("greeting.txt", "hello"));
            plane.apply(Secret.named("keys").data("token", "hush"));
            Pod reader = Pod.named("reader")
                    .restartPolicy(RestartPolicy.NEVER)
                    .spec(pod -> pod.volume(Volume.configMap("conf", "settings"))
                            .volume(Volume.emptyDir("scratch", VolumeSource.Medium.MEMORY, "16Mi")))
                    .container(
                            "first",
                            c -> c.command("cp", "/conf/greeting.txt", "/scratch/copy")
                                    .mount("conf", "/conf")
                                    .mount("scratch", "/scratch"))
                    .container(
                            "second",
                            c -> c.command("sh", "-c", "test $$TOKEN = hush && ls /there")
                                    .env("TOKEN", new EnvSource.SecretKey("keys", "token", false))
                                    .mount(new VolumeMount("scratch", "/there").asReadOnly()));
            plane.apply(reader);
            // end
            assertThat(plane.require(reader, PodsIsolationTest::ended, LIMIT).status())
                    .returns(PodPhase.SUCCEEDED, PodStatus::phase)
                    .returns(Optional.of(QosClass.BEST_EFFORT), PodStatus::qosClass);
        }
    }

    @Test
    void rightsAndConfines() throws Exception {
        // README
        Pod careful = Pod.named("careful")
                .restartPolicy(RestartPolicy.NEVER)
                .spec(pod -> pod.securityContext(all -> all.seccompProfile(SeccompProfile.RUNTIME_DEFAULT))
                        .hostNetwork(false)
                        .confines(all -> all.root(new RootTree.HostSystem())
                                .rlimit(Rlimit.NOFILE, 256, 256)
                                .namespace(NamespaceKind.IPC, Sharing.PRIVATE)))
                .container(c -> c.command("sh", "-c", "! touch /new && ! ls /srv")
                        .securityContext(own -> own.readOnlyRootFilesystem(true)
                                .capabilities(ContainerCapabilities.usual().drop("ALL"))));
        // end
        assertThat(careful.spec().containers()).hasSize(1);
        try (ControlPlane plane = ControlPlane.local().start()) {
            plane.apply(careful);
            assertThat(plane.require(careful, PodsIsolationTest::ended, LIMIT)
                            .status()
                            .phase())
                    .isEqualTo(PodPhase.SUCCEEDED);
        }
        // README
        Pod slow = careful.container(c ->
                c.confines(own -> own.io(IoLimit.of("8:0").writeBytes("1Mi"))
                        .files(FileRules.none()
                                .execute("/usr", "/bin", "/lib", "/lib64")
                                .readWrite("/tmp"))));
        // end
        assertThat(slow.spec().containers().get(0).confines()).isPresent();
    }

    @Test
    void logsAndCommands(@TempDir Path directory) throws Exception {
        // README
        LogPolicy files = LogPolicy.files(directory, ByteSize.mebibytes(10), 5);
        try (ControlPlane plane = ControlPlane.local().logs(files).start()) {
            plane.apply(Pod.named("web").container(c -> c.command("sh", "-c", "echo up; exec sleep 600")));
            plane.require(Pod.KIND, "web", Pod::ready, ofSeconds(60));
            try (ContainerLog.Follower log = plane.follow("web", "main")) {
                log.next(ofSeconds(10)).ifPresent(System.out::println); // 2026-11-26T09:41:07.301Z up
            }
            List<LogLine> last = plane.logs("web", "main", LogQuery.all().tail(10));
            Process inside = plane.exec("web", "main", "hostname");
            assertThat(last).extracting(LogLine::text).containsExactly("up"); // hidden
            assertThat(inside.getInputStream().readAllBytes()).isEqualTo("web\n".getBytes(UTF_8)); // hidden
        }
        // end
    }

    private static boolean ended(Resource<PodSpec, PodStatus> pod) {
        return pod.status().phase().terminal();
    }
}
