package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What is refused of what containers are made of, each with its field. */
class PodBodyRulesTest {
    @Test
    void allThatIsWrongIsToldAtOnceWithItsField() {
        PodSpec pod = pod(c -> c.mount("no", "rel:ative")
                        .mount("data", "/x")
                        .mount(new VolumeMount("data", "/x").subPath("../up"))
                        .securityContext(own -> own.privileged(true)
                                .allowPrivilegeEscalation(false)
                                .runAsNonRoot(true)
                                .capabilities(ContainerCapabilities.usual().add("SYS_ADMIN", "CAP_KILL")))
                        .confines(own -> own.namespace(NamespaceKind.USER, Sharing.HOST)
                                .io(IoLimit.of("sda").readOps(0))
                                .files(FileRules.none())))
                .volume(Volume.emptyDir("data", VolumeSource.Medium.MEMORY, "0"))
                .volume(Volume.hostPath("Host", "../etc", HostPathType.UNSET))
                .volume(new Volume(
                        "conf",
                        new VolumeSource.FromConfigMap(
                                "settings", List.of(new KeyToPath("..", "/a")), Optional.of(01000), false)))
                .securityContext(all -> all.runAsUser(-1).supplementalGroups(List.of(1L << 31)))
                .hostPID(true)
                .shareProcessNamespace(true)
                .confines(all -> all.namespace(NamespaceKind.MNT, Sharing.POD).root(new RootTree.Overlay(List.of())));
        assertThat(fields(pod))
                .contains(
                        "containers[0].volumeMounts[0].name",
                        "containers[0].volumeMounts[0].mountPath",
                        "containers[0].volumeMounts[2].mountPath",
                        "containers[0].volumeMounts[2].subPath",
                        "containers[0].securityContext.privileged",
                        "containers[0].securityContext.allowPrivilegeEscalation",
                        "containers[0].securityContext.capabilities.add[1]",
                        "containers[0].confines.namespaces[USER]",
                        "containers[0].confines.namespaces[MNT]",
                        "containers[0].confines.io[0].device",
                        "containers[0].confines.io[0].readOps",
                        "containers[0].confines.files.execute",
                        "volumes[0].emptyDir.sizeLimit",
                        "volumes[1].name",
                        "volumes[1].hostPath.path",
                        "volumes[2].configMap.items[0].key",
                        "volumes[2].configMap.items[0].path",
                        "volumes[2].configMap.defaultMode",
                        "securityContext.runAsUser",
                        "securityContext.supplementalGroups[0]",
                        "shareProcessNamespace",
                        "extension.confines.namespaces[MNT]",
                        "extension.confines.root.lower");
    }

    @Test
    void whoMayNotBeRootNeedsAUser() {
        UnaryOperator<PodSpec> strict = pod -> pod.securityContext(all -> all.runAsNonRoot(true));
        assertThat(fields(strict.apply(pod(c -> c.securityContext(own -> own.runAsUser(0))))))
                .containsExactly("containers[0].securityContext.runAsNonRoot");
        assertThat(fields(strict.apply(pod(c -> c.securityContext(own -> own.runAsUser(5))))))
                .isEmpty();
    }

    @Test
    void whatHasANetworkOfItsOwnIsNotAskedOverTheHosts() {
        UnaryOperator<Container> probed = c -> c.port("http").readiness(Probe.tcp("http"));
        assertThat(fields(pod(probed))).isEmpty();
        assertThat(fields(pod(probed).hostNetwork(false))).containsExactly("containers[0].readinessProbe");
    }

    @Test
    void variablesHaveOneSource() {
        PodSpec pod = pod(c -> c.envFrom(new EnvFrom.OfSecret("UPPER", true))
                .env("A", new EnvSource.ConfigMapKey("conf", "a/b", false))
                .env("B", new EnvSource.PodField("status.podIP")));
        assertThat(fields(pod))
                .containsExactly(
                        "containers[0].env[0].valueFrom.configMapKeyRef.key",
                        "containers[0].env[1].valueFrom.fieldRef.fieldPath",
                        "containers[0].envFrom[0].secretRef.name");
    }

    @Test
    void whatAPodIsMadeOfStaysAsItIs() {
        PodSpec before = pod(c -> c);
        PodSpec after = before.volume(Volume.emptyDir("data"))
                .hostIPC(true)
                .securityContext(all -> all.runAsUser(1))
                .confines(all -> all.namespace(NamespaceKind.UTS, Sharing.HOST));
        Problems problems = Problems.in("spec");
        after.validateChange(problems, before);
        assertThat(problems.list())
                .extracting(Problem::field)
                .containsExactlyInAnyOrder("spec.volumes", "spec.hostIPC", "spec.securityContext", "spec.extension");
    }

    @Test
    void settingsHaveKeysOfFilesAndAnEnd() {
        assertThat(ConfigData.problems(Map.of("a/b", Content.of(""), "..x", Content.of(""), "ok.txt", Content.of("1"))))
                .hasSize(2);
        assertThat(ConfigData.problems(Map.of("big", Content.of(new byte[1024 * 1024 + 1]))))
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .contains("at most 1048576");
    }

    @Test
    void aSecretShowsInNoText() {
        assertThat(Secret.named("keys").data("token", "hush").toString())
                .contains("token")
                .doesNotContain("hush");
        assertThat(Secret.named("keys").data("token", "hush"))
                .isEqualTo(Secret.named("keys").data("token", "hush"));
    }

    @Test
    void promisesMakeTheClass() {
        assertThat(QosClass.of(pod(c -> c))).isEqualTo(QosClass.BEST_EFFORT);
        assertThat(QosClass.of(pod(c -> c.pids(5)))).isEqualTo(QosClass.BEST_EFFORT);
        assertThat(QosClass.of(pod(c -> c.memory("1Gi")))).isEqualTo(QosClass.BURSTABLE);
        assertThat(QosClass.of(pod(c -> c.request("cpu", "1")))).isEqualTo(QosClass.BURSTABLE);
        assertThat(QosClass.of(pod(c -> c.memory("1Gi").cpu("1")))).isEqualTo(QosClass.GUARANTEED);
        assertThat(QosClass.of(pod(c -> c.memory("1Gi").cpu("1").request("cpu", "500m"))))
                .isEqualTo(QosClass.BURSTABLE);
        assertThat(QosClass.of(pod(c -> c.memory("1Gi").cpu("1").request("cpu", "0"))))
                .isEqualTo(QosClass.BURSTABLE);
    }

    @Test
    void theScoreIsAsKubernetesComputesIt() {
        long capacity = 8L << 30;
        assertThat(score(c -> c, capacity)).isEqualTo(1000);
        assertThat(score(c -> c.memory("1Gi").cpu("1"), capacity)).isEqualTo(-997);
        assertThat(score(c -> c.request("memory", "4Gi"), capacity)).isEqualTo(500);
        assertThat(score(c -> c.request("memory", "8Gi"), capacity)).isEqualTo(3);
        assertThat(score(c -> c.request("cpu", "1"), capacity)).isEqualTo(999);
        assertThat(score(c -> c.request("memory", "1"), capacity)).isEqualTo(999);
    }

    @Test
    void whatIsSharedFollowsFromThePod() {
        PodSpec one = pod(c -> c);
        assertThat(sharing(one))
                .containsEntry(NamespaceKind.NET, Sharing.HOST)
                .containsEntry(NamespaceKind.IPC, Sharing.PRIVATE)
                .containsEntry(NamespaceKind.USER, Sharing.PRIVATE);
        PodSpec two = one.container("other", c -> c.command("true"));
        assertThat(sharing(two))
                .containsEntry(NamespaceKind.IPC, Sharing.POD)
                .containsEntry(NamespaceKind.UTS, Sharing.POD)
                .containsEntry(NamespaceKind.PID, Sharing.PRIVATE)
                .containsEntry(NamespaceKind.USER, Sharing.POD);
        assertThat(sharing(one.hostNetwork(false).hostPID(true).hostIPC(true)))
                .containsEntry(NamespaceKind.NET, Sharing.POD)
                .containsEntry(NamespaceKind.PID, Sharing.HOST)
                .containsEntry(NamespaceKind.IPC, Sharing.HOST);
    }

    private static Map<NamespaceKind, Sharing> sharing(PodSpec pod) {
        return Sharing.of(pod, pod.containers().get(0));
    }

    private static int score(UnaryOperator<Container> edit, long capacity) {
        PodSpec pod = pod(edit);
        return QosClass.oomScoreAdj(pod, pod.containers().get(0), capacity);
    }

    private static List<String> fields(PodSpec pod) {
        Problems problems = Problems.in("");
        pod.validate(problems);
        return problems.list().stream().map(Problem::field).toList();
    }

    private static PodSpec pod(UnaryOperator<Container> edit) {
        return PodSpec.empty().container("main", c -> edit.apply(c.command("true")));
    }
}
