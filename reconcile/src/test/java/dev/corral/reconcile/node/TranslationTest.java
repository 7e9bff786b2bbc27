package dev.corral.reconcile.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.ByteSize;
import dev.corral.Identity;
import dev.corral.MountFlag;
import dev.corral.Requirement;
import dev.corral.Rlimit;
import dev.corral.Rlimits;
import dev.corral.Scheduling;
import dev.corral.cgroups.DeviceNumber;
import dev.corral.cgroups.IoMax;
import dev.corral.cgroups.Limits;
import dev.corral.namespaces.Isolation;
import dev.corral.namespaces.NamespaceType;
import dev.corral.namespaces.RootFilesystem;
import dev.corral.privileges.Capability;
import dev.corral.privileges.CapabilitySet;
import dev.corral.privileges.Landlock;
import dev.corral.privileges.Privileges;
import dev.corral.privileges.Seccomp;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerCapabilities;
import dev.corral.reconcile.workload.Content;
import dev.corral.reconcile.workload.FileRules;
import dev.corral.reconcile.workload.IoLimit;
import dev.corral.reconcile.workload.NamespaceKind;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.RootTree;
import dev.corral.reconcile.workload.SeccompProfile;
import dev.corral.reconcile.workload.Sharing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What specs become in words of the library, as data. */
class TranslationTest {
    private static final Amounts AMOUNTS = new Amounts(Requirement.ENFORCE, OptionalLong.of(8L << 30), 0, true);

    @Test
    void nothingSaidIsNothingAsked() {
        assertThat(rights(pod(c -> c)).confinements()).isEmpty();
        assertThat(rights(pod(c -> c)).newPrivileges()).isFalse();
        assertThat(limits(pod(c -> c))).isEmpty();
        assertThat(tree(pod(c -> c), List.of())).isEmpty();
        assertThat(Places.of(pod(c -> c), main(pod(c -> c))).isolation("web-0", Optional.empty(), Optional.empty()))
                .isEqualTo(Isolation.full().without(NamespaceType.NET).hostname("web-0"));
    }

    @Test
    void aContainersWordReplacesThePods() {
        PodSpec pod = pod(c -> c.securityContext(own -> own.runAsUser(7).allowPrivilegeEscalation(true)))
                .securityContext(all -> all.runAsUser(5)
                        .runAsGroup(6)
                        .supplementalGroups(List.of(9L))
                        .seccompProfile(SeccompProfile.RUNTIME_DEFAULT));
        assertThat(rights(pod).confinements())
                .containsExactly(new Identity(7, 6, List.of(9L)), Seccomp.defaultProfile());
        assertThat(rights(pod).newPrivileges()).isTrue();
        PodSpec free =
                pod.container("main", c -> c.securityContext(own -> own.seccompProfile(SeccompProfile.UNCONFINED)));
        assertThat(rights(free).confinements()).hasSize(1);
    }

    @Test
    void capabilitiesAreTheUsualOnesLessAndMore() {
        ContainerCapabilities one = ContainerCapabilities.usual().drop("ALL").add("NET_ADMIN", "CHOWN");
        CapabilitySet set = CapabilitySet.of(Capability.CAP_NET_ADMIN, Capability.CAP_CHOWN);
        assertThat(rights(pod(c -> c.securityContext(own -> own.capabilities(one))))
                        .confinements())
                .containsExactly(Privileges.of(set));
        ContainerCapabilities less = ContainerCapabilities.usual().drop("KILL").add("SYS_TIME");
        assertThat(less.effective()).hasSize(14).contains("SYS_TIME").doesNotContain("KILL");
        assertThat(rights(pod(c -> c.securityContext(own -> own.runAsUser(1).capabilities(less))))
                        .confinements())
                .last()
                .isEqualTo(Privileges.none()
                        .bounding(set(less.effective()))
                        .permitted(CapabilitySet.of(Capability.CAP_SYS_TIME))
                        .inheritable(CapabilitySet.of(Capability.CAP_SYS_TIME))
                        .effective(CapabilitySet.of(Capability.CAP_SYS_TIME))
                        .ambient(CapabilitySet.of(Capability.CAP_SYS_TIME)));
    }

    @Test
    void everyCapabilityHasItsName() {
        assertThat(ContainerCapabilities.usual().add("ALL").effective())
                .isEqualTo(Stream.of(Capability.values())
                        .map(capability -> capability.name().substring("CAP_".length()))
                        .collect(Collectors.toSet()));
    }

    @Test
    void rlimitsAndFileRules() {
        PodSpec pod = pod(c -> c.confines(own -> own.rlimit(Rlimit.NOFILE, 10, 20)
                .files(FileRules.none().execute("/usr").readWrite("/tmp").readOnly("/etc"))));
        assertThat(rights(pod).confinements())
                .containsExactly(
                        Rlimits.none().with(Rlimit.NOFILE, 10, 20),
                        Landlock.files()
                                .readOnly(Path.of("/etc"))
                                .execute(Path.of("/usr"))
                                .readWrite(Path.of("/tmp")));
    }

    @Test
    void amountsBecomeLimitsAndRequestsWeights() {
        PodSpec pod = pod(c -> c.memory("64Mi")
                .cpu("1500m")
                .pids(10)
                .request("cpu", "250m")
                .confines(own -> own.io(IoLimit.of("8:0").readBytes("1Mi").writeOps(5))));
        assertThat(limits(pod))
                .contains(Limits.none()
                        .memory(ByteSize.mebibytes(64))
                        .cpus(1.5)
                        .pids(10)
                        .cpuWeight(25)
                        .io(IoMax.of(DeviceNumber.of(8, 0))
                                .readBytes(ByteSize.mebibytes(1))
                                .writeOps(5)));
        assertThat(limits(pod(c -> c.request("cpu", "1m"))))
                .contains(Limits.none().cpuWeight(1));
        assertThat(limits(pod(c -> c.request("cpu", "90k"))))
                .contains(Limits.none().cpuWeight(10_000));
        assertThat(limits(pod(c -> c.cpu("500m"))))
                .contains(Limits.none().cpus(0.5).cpuWeight(50));
        assertThat(limits(pod(c -> c.request("memory", "1Mi")))).contains(Limits.none());
    }

    @Test
    void aScoreBelowTheJvmsTakesPrivilegeOrIsDropped() {
        PodSpec guaranteed = pod(c -> c.memory("1Gi").cpu("1"));
        assertThat(AMOUNTS.score(guaranteed, main(guaranteed)))
                .contains(Scheduling.inherited().oomScoreAdj(-997));
        Amounts ordinary = new Amounts(Requirement.ENFORCE, OptionalLong.of(8L << 30), 0, false);
        assertThat(ordinary.score(guaranteed, main(guaranteed)))
                .isPresent()
                .get()
                .isNotInstanceOf(Scheduling.class);
        PodSpec burstable = pod(c -> c.request("memory", "4Gi"));
        assertThat(ordinary.score(burstable, main(burstable)))
                .contains(Scheduling.inherited().oomScoreAdj(500));
    }

    @Test
    void theHostsTreeGetsARootOfItsOwnForVolumes(@TempDir Path host) throws Exception {
        Files.createDirectories(host.resolve("usr"));
        Files.createDirectories(host.resolve("dev"));
        Files.createDirectories(host.resolve("proc"));
        Files.createSymbolicLink(host.resolve("bin"), Path.of("usr/bin"));
        List<Mounted> volumes = List.of(
                new Mounted.Bound(Path.of("/var/x"), Path.of("/data"), true),
                new Mounted.Files(Path.of("/conf"), Map.of(Path.of("a"), new Mounted.File(Content.of("1"), 0600))));
        PodSpec strict = pod(c -> c.securityContext(own -> own.readOnlyRootFilesystem(true)));
        assertThat(Tree.of(strict, main(strict), volumes, host))
                .contains(RootFilesystem.empty()
                        .unmasked()
                        .symlink(Path.of("/bin"), "usr/bin")
                        .bind(host.resolve("dev"), Path.of("/dev"), Set.of())
                        .bind(host.resolve("usr"), Path.of("/usr"), Set.of(MountFlag.READ_ONLY))
                        .bindReadOnly(Path.of("/var/x"), Path.of("/data"))
                        .tmpfs(Path.of("/conf"), ByteSize.mebibytes(8), 0755)
                        .file(Path.of("/conf/a"), new byte[] {'1'}, 0600)
                        .readOnly(Path.of("/conf"))
                        .readOnlyRoot());
    }

    @Test
    void otherTrees() {
        PodSpec system = pod(c -> c.confines(own -> own.root(new RootTree.HostSystem())));
        assertThat(tree(system, List.of())).contains(RootFilesystem.hostSystem());
        PodSpec directory = pod(c -> c.confines(own -> own.root(new RootTree.Directory("/srv/root"))));
        assertThat(tree(directory.shareProcessNamespace(true), List.of()))
                .contains(RootFilesystem.from(Path.of("/srv/root")).proc());
        PodSpec overlay = pod(c -> c.confines(own -> own.root(new RootTree.Overlay(List.of("/a", "/b")))));
        assertThat(tree(overlay, List.of())).contains(RootFilesystem.overlay(List.of(Path.of("/a"), Path.of("/b"))));
    }

    @Test
    void sharedNamespacesAreJoinedAndTheOthersMade() {
        PodSpec pod = pod(c -> c.confines(own -> own.namespace(NamespaceKind.CGROUP, Sharing.HOST)))
                .hostNetwork(false)
                .container("other", c -> c);
        Places places = Places.of(pod, main(pod));
        assertThat(places.joined())
                .containsExactlyInAnyOrder(NamespaceType.USER, NamespaceType.NET, NamespaceType.IPC, NamespaceType.UTS);
        assertThat(places.isolation("web-0", Optional.empty(), Optional.empty()).types())
                .containsExactlyInAnyOrder(NamespaceType.MNT, NamespaceType.PID);
        assertThat(Places.shared(pod)).isEqualTo(places.joined());
        assertThat(PodHolder.command(places.joined(), "web-0", Optional.empty()).confinements())
                .containsExactly(Isolation.full()
                        .without(NamespaceType.MNT, NamespaceType.PID, NamespaceType.CGROUP)
                        .hostname("web-0"));
    }

    private static CapabilitySet set(Set<String> names) {
        return CapabilitySet.of(
                names.stream().map(name -> Capability.of(name).orElseThrow()).toList());
    }

    private static Rights rights(PodSpec pod) {
        return Rights.of(pod, main(pod), Requirement.ENFORCE);
    }

    private static Optional<Limits> limits(PodSpec pod) {
        return AMOUNTS.limits(pod, main(pod));
    }

    private static Optional<RootFilesystem> tree(PodSpec pod, List<Mounted> volumes) {
        return Tree.of(pod, main(pod), volumes, Path.of("/"));
    }

    private static PodSpec pod(UnaryOperator<Container> edit) {
        return PodSpec.empty().container("main", c -> edit.apply(c.command("true")));
    }

    private static Container main(PodSpec pod) {
        return pod.containers().get(0);
    }
}
