package dev.corral.reconcile.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.Requirement;
import dev.corral.Rlimit;
import dev.corral.internal.linux.LibC;
import dev.corral.namespaces.NamespaceType;
import dev.corral.privileges.LandlockUnsupported;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerCapabilities;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.Content;
import dev.corral.reconcile.workload.EnvFrom;
import dev.corral.reconcile.workload.EnvSource;
import dev.corral.reconcile.workload.FileRules;
import dev.corral.reconcile.workload.HostPathType;
import dev.corral.reconcile.workload.NamespaceKind;
import dev.corral.reconcile.workload.PodContents;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.RootTree;
import dev.corral.reconcile.workload.SeccompProfile;
import dev.corral.reconcile.workload.Sharing;
import dev.corral.reconcile.workload.Volume;
import dev.corral.reconcile.workload.VolumeMount;
import dev.corral.reconcile.workload.VolumeSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What containers of a pod are made of, on real processes. */
class SharedPodTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final ProcessRuntime runtime = new ProcessRuntime(executor, Requirement.ENFORCE);

    @AfterEach
    void stop() {
        runtime.close();
        executor.shutdown();
    }

    @Test
    void containersOfAPodShareItsNetworkMemoryAndNameButNotProcesses() throws Exception {
        PodSpec pod = pod(c -> c).hostNetwork(false).container("other", c -> c.command("true"));
        String kinds = "for kind in net ipc uts user pid mnt; do readlink /proc/self/ns/$kind; done; hostname;"
                + " tail -n +3 /proc/net/dev | wc -l; cat /sys/class/net/lo/operstate";
        List<String> one = lines(pod, "main", kinds);
        List<String> two = lines(pod, "other", kinds);
        assertThat(one.subList(0, 4)).isEqualTo(two.subList(0, 4));
        assertThat(Places.of(pod, pod.containers().get(0)).own())
                .containsExactlyInAnyOrder(NamespaceType.MNT, NamespaceType.PID, NamespaceType.CGROUP);
        assertThat(one.get(6)).isEqualTo("web-0");
        assertThat(one.get(0))
                .isNotEqualTo(
                        Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString());
    }

    @Test
    void aPodInItsOwnNetworkReachesItselfOverLoopback() throws Exception {
        PodSpec pod = pod(c -> c).hostNetwork(false).container("other", c -> c.command("true"));
        String server = "import socket; s=socket.create_server((\"127.0.0.1\", 4711)); print(\"up\", flush=True);"
                + " c,_=s.accept(); c.sendall(b\"hello\"); c.close()";
        try (ContainerRuntime.Run serving =
                runtime.start(order(pod.container("main", c -> c.command("/usr/bin/python3", "-c", server)), "main"))) {
            Awaitility.await().atMost(LONG).until(() -> serving.output().contains("up"));
            String client = "import socket; print(socket.create_connection((\"127.0.0.1\", 4711)).recv(9).decode())";
            PodSpec asking = pod.container("other", c -> c.command("/usr/bin/python3", "-c", client));
            try (ContainerRuntime.Run run = runtime.start(order(asking, "other"))) {
                run.exited().get(LONG.toSeconds(), TimeUnit.SECONDS);
                assertThat(text(run)).isEqualTo("hello\n");
            }
        }
    }

    @Test
    void sharedProcessesSeeEachOtherInTheirOwnProc() throws Exception {
        PodSpec pod =
                pod(c -> c.command("sleep", "4712")).shareProcessNamespace(true).container("other", c -> c);
        try (ContainerRuntime.Run sleeping = runtime.start(order(pod, "main"))) {
            assertThat(sleeping.exited()).isNotDone();
            assertThat(lines(
                            pod, "other", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '; echo; ls /proc | grep -c '^[0-9]'"))
                    .anyMatch(line -> line.contains("sleep 4712"))
                    .last()
                    .satisfies(count -> assertThat(Integer.parseInt(count)).isLessThan(12));
            PodSpec tree = pod.container("other", c -> c.confines(own -> own.root(new RootTree.HostSystem())));
            assertThat(lines(tree, "other", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"))
                    .anyMatch(line -> line.contains("sleep 4712"));
        }
    }

    @Test
    void namespacesOfTheHostAreAskedForByName() throws Exception {
        PodSpec pod = pod(c -> c).hostIPC(true).confines(all -> all.namespace(NamespaceKind.UTS, Sharing.HOST));
        assertThat(lines(pod, "main", "readlink /proc/self/ns/ipc; readlink /proc/self/ns/uts"))
                .containsExactly(
                        Files.readSymbolicLink(Path.of("/proc/self/ns/ipc")).toString(),
                        Files.readSymbolicLink(Path.of("/proc/self/ns/uts")).toString());
    }

    @Test
    void aContainerRunsAsWhoItSaysWithJustTheCapabilitiesItHas() throws Exception {
        Assumptions.assumeTrue(LibC.effectiveUser() == 0, "an ordinary user needs /etc/subuid for that");
        PodSpec pod = pod(c -> c.securityContext(own -> own.runAsUser(1000)
                        .capabilities(ContainerCapabilities.usual().drop("ALL").add("NET_BIND_SERVICE"))))
                .securityContext(all -> all.runAsGroup(2000)
                        .supplementalGroups(List.of(3000L, 4000L))
                        .seccompProfile(SeccompProfile.RUNTIME_DEFAULT));
        assertThat(lines(
                        pod,
                        "main",
                        "id -u; id -g; id -G; grep -E 'CapEff|CapBnd|NoNewPrivs|Seccomp:' /proc/self/status"))
                .containsExactly(
                        "1000",
                        "2000",
                        "2000 3000 4000",
                        "CapEff:\t0000000000000400",
                        "CapBnd:\t0000000000000400",
                        "NoNewPrivs:\t1",
                        "Seccomp:\t2");
    }

    @Test
    void rlimitsHoldAndAreReplacedOneByOne() throws Exception {
        PodSpec pod = pod(c -> c.confines(own -> own.rlimit(Rlimit.NOFILE, 100, 200)))
                .confines(all -> all.rlimit(Rlimit.NOFILE, 50, 50).rlimit(Rlimit.CORE, 0, 0));
        assertThat(lines(pod, "main", "ulimit -Sn; ulimit -Hn; ulimit -c")).containsExactly("100", "200", "0");
    }

    @Test
    void aReadOnlyRootIsReadOnlyButForVolumesAndDevices() throws Exception {
        for (Optional<RootTree> root :
                List.of(Optional.<RootTree>empty(), Optional.<RootTree>of(new RootTree.HostSystem()))) {
            PodSpec pod = pod(c -> c.mount("scratch", "/scratch")
                            .securityContext(own -> own.readOnlyRootFilesystem(true))
                            .confines(own -> root.map(own::root).orElse(own)))
                    .volume(Volume.emptyDir("scratch"));
            assertThat(lines(
                            pod,
                            "main",
                            "touch /tmp/no /no 2>&1 | grep -c 'Read-only'; touch /scratch/yes && ls /scratch;"
                                    + " echo gone > /dev/null && echo fine"))
                    .containsExactly("2", "yes", "fine");
        }
    }

    @Test
    void anEmptyDirectoryIsSharedKeptAndRemoved() throws Exception {
        PodSpec pod = pod(c -> c.mount("data", "/data").mount(new VolumeMount("memory", "/memory")))
                .container("other", c -> c.mount(new VolumeMount("data", "/there").asReadOnly()))
                .volume(Volume.emptyDir("data"))
                .volume(Volume.emptyDir("memory", VolumeSource.Medium.MEMORY, "1Mi"));
        lines(pod, "main", "mkdir -m 0 /data/closed; echo one > /data/file; stat -f -c %T /memory > /data/kind");
        assertThat(lines(pod, "other", "cat /there/file /there/kind; touch /there/x 2>&1 | grep -c Read-only"))
                .containsExactly("one", "tmpfs", "1");
        Set<Path> made = own();
        assertThat(made).isNotEmpty();
        runtime.podGone("uid");
        assertThat(lines(pod, "main", "ls /data")).isEmpty();
        runtime.close();
        assertThat(made).noneMatch(Files::exists);
    }

    /** The kernel refuses the write, for all containers together; where nothing may be mounted somebody looks from time to time. */
    @Test
    void aDirectoryInMemoryHoldsNoMoreThanItMay() throws Exception {
        Assumptions.assumeTrue(
                LibC.isCapable(21), "without CAP_SYS_ADMIN nothing can be mounted for several containers");
        PodSpec pod = pod(c -> c.mount("memory", "/memory"))
                .container("other", c -> c.mount("memory", "/there"))
                .volume(Volume.emptyDir("memory", VolumeSource.Medium.MEMORY, "1Mi"));
        assertThat(lines(pod, "main", "head -c 900000 /dev/zero > /memory/file; echo $?; stat -c %a /memory"))
                .containsExactly("0", "777");
        assertThat(lines(pod, "other", "head -c 900000 /dev/zero > /there/more 2>&1; echo $?; wc -c < /there/file"))
                .containsExactly("1", "900000");
        Set<Path> made = own();
        assertThat(mounts(made)).as("one for the pod").hasSize(1);
        runtime.podGone("uid");
        assertThat(mounts(made)).isEmpty();
        lines(pod, "main", "echo again > /memory/file");
        assertThat(mounts(made)).hasSize(1);
        runtime.close();
        assertThat(mounts(made)).isEmpty();
    }

    /** What is mounted below one of these. */
    private static List<Path> mounts(Set<Path> roots) throws Exception {
        try (Stream<String> all = Files.lines(Path.of("/proc/self/mountinfo"))) {
            return all.map(line -> Path.of(line.split(" ", -1)[4]))
                    .filter(point -> roots.stream().anyMatch(point::startsWith))
                    .toList();
        }
    }

    @Test
    void configurationIsThereAsFilesAndVariables() throws Exception {
        PodContents contents = new PodContents(
                Map.of("settings", Map.of("a", Content.of("1"), "b.txt", Content.of("two"))),
                Map.of("keys", Map.of("token", Content.of("hush"))),
                List.of());
        PodSpec pod = pod(c -> c.mount("conf", "/conf")
                        .mount(new VolumeMount("conf", "/one").subPath("b.txt"))
                        .mount("keys", "/keys")
                        .env("TOKEN", new EnvSource.SecretKey("keys", "token", false))
                        .env("NAME", new EnvSource.PodField("metadata.name"))
                        .envFrom(new EnvFrom.OfConfigMap("settings", false)))
                .volume(Volume.configMap("conf", "settings"))
                .volume(new Volume("keys", new VolumeSource.FromSecret("keys", List.of(), Optional.of(0400), false)));
        String script = "cat /conf/a /conf/b.txt /one; echo; stat -c %a /keys/token; echo $a $TOKEN $NAME;"
                + " touch /conf/x 2>&1 | grep -c Read-only; ls /conf";
        assertThat(lines(pod, contents, "main", script))
                .containsExactly("1twotwo", "400", "1 hush web-0", "1", "a", "b.txt");
    }

    @Test
    void aSubPathStaysInsideWhateverLinksThereAre() throws Exception {
        PodSpec writing = pod(c -> c.mount("data", "/data")).volume(Volume.emptyDir("data"));
        lines(writing, "main", "ln -s /etc /data/evil; mkdir /data/good; echo ok > /data/good/file");
        assertThat(lines(
                        writing.container("main", c -> c.mount(new VolumeMount("data", "/sub").subPath("good"))),
                        "main",
                        "cat /sub/file"))
                .containsExactly("ok");
        assertThat(lines(
                        writing.container("main", c -> c.mount(new VolumeMount("data", "/sub").subPath("new/deep"))),
                        "main",
                        "touch /sub/x; ls /data/new/deep"))
                .containsExactly("x");
        for (String path : List.of("evil", "evil/ssl", "good/../evil")) {
            PodSpec evil = writing.container("main", c -> c.mount(new VolumeMount("data", "/sub").subPath(path)));
            assertThatThrownBy(() -> runtime.start(order(evil, "main")))
                    .isInstanceOf(VolumeUnusable.class)
                    .hasMessageContaining("volume data: subPath " + path);
        }
    }

    @Test
    void aPathOfTheHostHasToBeOfItsType(@TempDir Path directory) throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(directory.resolve("file"), "from the host");
        PodSpec pod = pod(c -> c.mount("host", "/host"))
                .volume(Volume.hostPath("host", directory.toString(), HostPathType.DIRECTORY));
        assertThat(lines(pod, "main", "cat /host/file")).containsExactly("from the host");
        PodSpec made = pod.volume(
                Volume.hostPath("host", directory.resolve("new/er").toString(), HostPathType.DIRECTORY_OR_CREATE));
        assertThat(lines(made, "main", "ls /host")).isEmpty();
        PodSpec wrong = pod.volume(Volume.hostPath("host", directory.toString(), HostPathType.FILE));
        assertThatThrownBy(() -> runtime.start(order(wrong, "main")))
                .isInstanceOf(VolumeUnusable.class)
                .hasMessage("volume host: " + directory + " is not of type FILE");
    }

    @Test
    void onlyTheFilesOfTheRulesCanBeOpened() throws Exception {
        PodSpec pod = pod(c -> c.confines(own -> own.files(
                FileRules.none().execute("/usr", "/bin", "/lib", "/lib64").readWrite("/tmp", "/dev/null"))));
        try {
            assertThat(lines(pod, "main", "cat /etc/passwd 2>&1 | grep -c denied; ls /usr > /dev/null && echo fine"))
                    .containsExactly("1", "fine");
        } catch (LandlockUnsupported old) {
            Assumptions.abort(old.getMessage());
        }
    }

    @Test
    void whatLessIsPromisedIsKilledSooner() throws Exception {
        assertThat(lines(pod(c -> c), "main", "cat /proc/self/oom_score_adj")).containsExactly("1000");
    }

    /** The directories for volumes of this JVM, as its janitor knows them: another one on this machine has some as well. */
    private static Set<Path> own() {
        return ProcessHandle.current()
                .children()
                .flatMap(child -> child.info().arguments().stream())
                .filter(words -> List.of(words).contains("corral-janitor"))
                .flatMap(Stream::of)
                .filter(word -> word.contains("/corral-pods-"))
                .map(Path::of)
                .collect(Collectors.toSet());
    }

    private static PodSpec pod(UnaryOperator<Container> edit) {
        return PodSpec.empty().container("main", c -> edit.apply(c.command("true")));
    }

    private static ContainerRuntime.Order order(PodSpec pod, String container) {
        return order(pod, PodContents.none(), container);
    }

    private static ContainerRuntime.Order order(PodSpec pod, PodContents contents, String name) {
        Container container = pod.containers().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        return new ContainerRuntime.Order(
                new ContainerRuntime.Identity("web-0", "uid", name, 0), container, pod, contents);
    }

    private List<String> lines(PodSpec pod, String container, String script) throws Exception {
        return lines(pod, PodContents.none(), container, script);
    }

    private List<String> lines(PodSpec pod, PodContents contents, String container, String script) throws Exception {
        PodSpec scripted = pod.container(container, c -> c.command("/bin/sh", "-c", script.replace("$", "$$")));
        try (ContainerRuntime.Run run = runtime.start(order(scripted, contents, container))) {
            run.exited().get(LONG.toSeconds(), TimeUnit.SECONDS);
            return text(run).lines().toList();
        }
    }

    private static String text(ContainerRuntime.Run run) {
        run.close();
        return run.output();
    }
}
