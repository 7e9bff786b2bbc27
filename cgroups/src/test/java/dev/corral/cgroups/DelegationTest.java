package dev.corral.cgroups;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.LibC;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Subtrees that belong to others than root: how they are given, found and used. */
@Tag("v2")
class DelegationTest extends RealGroups {
    private static final long SOMEBODY = 65534;
    private static final Path FS = Path.of("/sys/fs/cgroup");

    @TempDir
    Path classes;

    @Test
    void theKernelsListOfFilesIsGivenAndNoOther() throws Exception {
        assumeTrue(LibC.effectiveUser() == 0, "only root gives groups away");
        try (Cgroup group = host.create(name)) {
            List<Path> given = group.delegateTo(SOMEBODY, SOMEBODY);

            assertThat(given).containsAll(group.paths());
            for (Path path : group.paths()) {
                assertThat(owner(path)).isEqualTo((int) SOMEBODY);
                assertThat(owner(path.resolve("cgroup.procs"))).isEqualTo((int) SOMEBODY);
                try (var files = Files.list(path)) {
                    assertThat(files.filter(file -> owner(file) == SOMEBODY))
                            .containsExactlyInAnyOrderElementsOf(given.stream()
                                    .filter(file -> path.equals(file.getParent()))
                                    .toList());
                }
            }
        }
    }

    @Test
    void anOrdinaryUserDoesAllBelowAndNothingAbove() throws Exception {
        assumeTrue(LibC.effectiveUser() == 0, "only root gives groups away");
        try (Cgroup group = host.create(name)) {
            group.delegateTo(SOMEBODY, SOMEBODY);
            Map<String, String> said = delegate(group, "true");

            assertThat(said.get("delegated"))
                    .startsWith("groups can be made in [")
                    .endsWith(", named by the caller");
            assertThat(said.get("above")).startsWith("NotDelegated ").contains("uid 65534 may not make groups in");
            assertThat(said).containsEntry("below", "true").containsEntry("inner", "true");
            assertThat(said).containsEntry("limits", "-").containsEntry("frozen", "true");
            assertThat(said).containsEntry("killed", "true").containsEntry("removed", "true");
            assertThat(said.get("own limits")).contains("EACCES");
            if (group instanceof CgroupV1) {
                assertThat(said).containsEntry("outsider", "-").containsEntry("birth", "-");
            } else {
                // the program itself sits outside, and so does what it starts
                assertThat(said.get("outsider"))
                        .startsWith("NotDelegated ")
                        .contains("needs the right to write", "cgroup.procs, owned by root");
            }
        }
    }

    @Test
    void whoSitsInTheSubtreeStartsChildrenInIt() throws Exception {
        assumeTrue(LibC.effectiveUser() == 0, "only root gives groups away");
        try (Cgroup group = host.create(name)) {
            group.delegateTo(SOMEBODY, SOMEBODY);
            Cgroup seat = group.child("seat");
            seat.delegateTo(SOMEBODY, SOMEBODY);
            String join = seat.paths().stream()
                    .map(path -> "echo $$ > '" + path + "/cgroup.procs' && ")
                    .collect(Collectors.joining());

            Map<String, String> said = delegate(group, join + "true");

            assertThat(said).containsEntry("outsider", "-").containsEntry("birth", "-");
            assertThat(said.get("own limits")).contains("EACCES");
        }
    }

    private Map<String, String> delegate(Cgroup group, String first) throws Exception {
        List<String> line = OtherJvm.readable(
                classes,
                DelegateProgram.class,
                group.paths().stream().map(Path::toString).toArray(String[]::new));
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                first + " && exec setpriv --reuid=" + SOMEBODY + " --regid=" + SOMEBODY
                        + " --clear-groups --inh-caps=-all \"$@\"",
                "sh"));
        command.addAll(line);
        Process jvm = new ProcessBuilder(command)
                .directory(classes.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(jvm.getInputStream().readAllBytes(), UTF_8);
        assertThat(jvm.waitFor()).as(output).isZero();
        return output.lines()
                .filter(said -> said.contains(": "))
                .collect(Collectors.toMap(
                        said -> said.substring(0, said.indexOf(": ")),
                        said -> said.substring(said.indexOf(": ") + 2),
                        (a, b) -> a));
    }

    private static int owner(Path path) {
        return new KernelTree().owner(path).orElseThrow();
    }

    @Test
    void whatIsNoGroupHereIsNoSubtree() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> host.within(Path.of("/nowhere")))
                .withMessageContaining("/nowhere is not a control group of this host");
        try (Cgroup group = host.create(name)) {
            Path path = group.path();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> host.within(path, path))
                    .withMessageContaining("second one of its hierarchy");
        }
    }

    @Test
    void aFileIsNoGroupAndWhatItIsCalledOnTheWayDoesNotMatter() {
        try (Cgroup group = host.create(name)) {
            Path path = group.path();
            for (Path wrong : List.of(path.resolve("cgroup.procs"), path.resolve("cgroup.procs/a"))) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> host.within(wrong))
                        .withMessageContaining(wrong + " is not a control group of this host");
                assertThat(host.at(List.of(wrong))).isEmpty();
            }
            Path roundabout = path.resolve("a/../../" + path.getFileName());
            assertThat(host.at(List.of(roundabout)).orElseThrow().paths()).containsExactly(path);
            assertThat(host.within(roundabout).delegated())
                    .isEqualTo(new DelegatedRoot.Granted(List.of(path), DelegatedRoot.Grant.GIVEN));
        }
    }

    /** Through the directory of one hierarchy into that of another. */
    @Test
    void aPathBelongsToTheHierarchyThatItEndsIn() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid");
        Cgroups fake = kernel.boot();

        assertThat(fake.at(List.of(FS.resolve("pids/../cpu"))).orElseThrow().path(Controller.CPU))
                .contains(FS.resolve("cpu"));
    }

    @Test
    void groupsAreMadeInAGivenSubtree() {
        try (Cgroup group = host.create(name)) {
            Cgroups within = host.within(group.paths().toArray(Path[]::new));

            assertThat(within.create("a").path()).isEqualTo(group.path().resolve("a"));
            assertThat(within.find("a")).isPresent();
            assertThat(host.find(name, "a")).isPresent();
        }
    }

    // ---------------------------------------------------------------- in memory

    @Test
    void systemdsMarkIsSeen() {
        for (String mark : List.of("user.delegate", "trusted.delegate")) {
            FakeKernel kernel = new FakeKernel("6.1-debian12").as(0);
            Cgroups fake = kernel.boot();
            assertThat(fake.delegated()).isEqualTo(granted("system.slice/builds.service", DelegatedRoot.Grant.ROOT));

            kernel.setAttribute(FS.resolve("system.slice/builds.service"), mark, "1");

            assertThat(fake.delegated()).isEqualTo(granted("system.slice/builds.service", DelegatedRoot.Grant.SYSTEMD));
        }
    }

    @Test
    void anOwnDirectoryIsAGrant() {
        assertThat(new FakeKernel("6.8-unified").boot().delegated())
                .isInstanceOf(DelegatedRoot.Granted.class)
                .extracting(DelegatedRoot::describe)
                .asString()
                .endsWith("owned by this user");
    }

    @Test
    void theTopOfAContainerIsItsOwn() {
        FakeKernel kernel = new FakeKernel("6.5-podman-rootless").as(0);
        Cgroups fake = kernel.boot();
        kernel.set(FS.resolve("cgroup.type"), "domain");

        assertThat(fake.delegated()).isEqualTo(granted("", DelegatedRoot.Grant.CONTAINER));
        assertThat(new FakeKernel("5.10-kubernetes-v1").as(0).boot().delegated().describe())
                .endsWith("all that this container has");
    }

    @Test
    void withoutOneTheThreeWaysAreTold() {
        DelegatedRoot missing =
                new FakeKernel("6.1-debian12").deny("/sys/fs/cgroup").boot().delegated();

        assertThat(missing.ok()).isFalse();
        assertThat(missing.describe())
                .startsWith(
                        "uid 1000 may not make groups in /sys/fs/cgroup/system.slice/builds.service, owned by root; ")
                .contains("Delegate=yes", "scope of its own", "chown it to uid 1000");
    }

    @Test
    void rootIsToldItsOwnWays() {
        assertThat(Delegation.ways(0))
                .contains("Delegate=yes", "(systemd-run --scope -p Delegate=yes)", "name it with within(..)")
                .doesNotContain("--user", "uid 0");
    }

    @Test
    void rootOfAUserNamespaceIsToldToAskRootOfTheHost() {
        FakeKernel kernel = new FakeKernel("6.1-debian12").as(0).deny("/sys/fs/cgroup");
        kernel.owners.put(FS.resolve("system.slice/builds.service"), 65534);

        assertThat(kernel.boot().delegated().describe())
                .contains(", owned by uid 65534; as root of a user namespace only: let root of the host make a group")
                .doesNotContain("within(..)");
    }

    @Test
    void whoIsInTheWayIsToldHowToMakeWay() {
        FakeKernel kernel = new FakeKernel("6.1-debian12").as(0);
        Path service = FS.resolve("system.slice/builds.service");
        kernel.set(service.resolve("cgroup.procs"), "4242");
        Cgroups fake = kernel.boot();

        assertThat(fake.availability(Controller.MEMORY).describe())
                .contains("this process sits in " + service, "Corral does not move", "; " + Delegation.ways(0));
        assertThatThrownBy(() -> fake.make(Limits.none().pids(1)))
                .isInstanceOf(InternalProcesses.class)
                .hasMessageEndingWith("; " + Delegation.ways(0));
        assertThat(fake.within(service).availability(Controller.MEMORY).describe())
                .endsWith("; Cgroups.detect().supervised() moves it when asked");

        kernel.setAttribute(service, "user.delegate", "1");

        assertThat(fake.availability(Controller.MEMORY).describe())
                .endsWith("; Cgroups.detect().supervised() moves it when asked");
    }

    @Test
    void whereNoGroupIsVisibleItIsSaid() {
        assertThat(new FakeKernel("6.1-deleted").deny("/").boot().delegated().ok())
                .isFalse();
    }

    @Test
    void whoMayNotGiveSaysSo() {
        FakeKernel kernel = new FakeKernel("6.8-unified");
        Cgroup group = kernel.boot().create("a");
        kernel.fail("chown " + group.path().resolve("cgroup.procs"), Errno.EPERM);

        assertThatThrownBy(() -> group.delegateTo(5, 6))
                .isInstanceOf(NotDelegated.class)
                .hasMessageContaining("cannot give " + group.path() + " to uid 5: EPERM");
    }

    @Test
    void olderKernelsHaveAListOfTheirOwn() {
        FakeKernel kernel = new FakeKernel("6.8-unified");
        Cgroup group = kernel.boot().create("a");

        assertThat(group.delegateTo(5, 6))
                .containsExactly(
                        group.path(),
                        group.path().resolve("cgroup.procs"),
                        group.path().resolve("cgroup.threads"),
                        group.path().resolve("cgroup.subtree_control"));

        kernel.set(Path.of("/sys/kernel/cgroup/delegate"), "cgroup.procs\ncgroup.kill");
        assertThat(group.delegateTo(5, 6)).contains(group.path().resolve("cgroup.kill"));
        assertThat(kernel.writes).contains("chown " + group.path() + " 5:6");
    }

    private static DelegatedRoot granted(String path, DelegatedRoot.Grant grant) {
        return new DelegatedRoot.Granted(List.of(FS.resolve(path).normalize()), grant);
    }
}
