package dev.corral.cgroups;

import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import dev.corral.Applied;
import dev.corral.internal.linux.Errno;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CgroupsTest {
    private static final Path FS = Path.of("/sys/fs/cgroup");
    private static final Limits ALL =
            Limits.none().memory(mebibytes(256)).cpus(0.5).pids(64);

    @Test
    void aHybridGroupHasADirectoryInEachHierarchyAndATwin() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid");

        Cgroup group = kernel.boot().create("a");

        assertThat(group).isInstanceOf(HybridCgroup.class);
        assertThat(group.paths())
                .containsExactlyInAnyOrder(
                        FS.resolve("pids/a"),
                        FS.resolve("memory/jobs/d7054/a"),
                        FS.resolve("cpu/a"),
                        FS.resolve("cpuacct/a"),
                        FS.resolve("cpuset/a"),
                        FS.resolve("blkio/a"),
                        FS.resolve("devices/a"),
                        FS.resolve("freezer/a"),
                        FS.resolve("unified/a"));
        assertThat(group.path()).isEqualTo(FS.resolve("unified/a"));
        assertThat(group.path(Controller.MEMORY)).contains(FS.resolve("memory/jobs/d7054/a"));
    }

    @Test
    void onlyTheHierarchiesOfTheLimitsAreTouched() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid");

        Limited limited = kernel.boot().make(Limits.none().pids(5));

        assertThat(limited.group().orElseThrow().paths())
                .containsExactly(
                        FS.resolve("pids/corral-p4242-s2s-n1ulajuk-" + lastOf(limited)),
                        FS.resolve("unified/corral-p4242-s2s-n1ulajuk-" + lastOf(limited)));
    }

    @Test
    void controllersOfOneHierarchyShareOneDirectory() {
        FakeKernel kernel = new FakeKernel("4.9-legacy");

        Cgroup group = kernel.boot().create("a");

        assertThat(group).isInstanceOf(CgroupV1.class);
        assertThat(group.paths())
                .containsExactlyInAnyOrder(
                        FS.resolve("cpu,cpuacct/a"), FS.resolve("memory/a"), FS.resolve("freezer/a"));
    }

    @Test
    void oneFailureUndoesAll() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid").fail("mkdir /sys/fs/cgroup/pids/a", Errno.ENOSPC);

        Cgroups host = kernel.boot();

        assertThatThrownBy(() -> host.create("a"))
                .isInstanceOf(KernelRefused.class)
                .hasMessage(
                        "cannot create /sys/fs/cgroup/pids/a: ENOSPC, the kernel has no more group ids: 65535 memory"
                                + " groups at most are alive or dying");
        assertThat(kernel.groups("a")).isEmpty();
    }

    @Test
    void aLimitThatFailsLeavesNoGroup() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid");
        Cgroups host = kernel.boot();
        kernel.fail("write /sys/fs/cgroup/pids/corral-p4242-s2s-n1ulajuk-" + next(kernel) + "/pids.max", Errno.EINVAL);

        assertThatThrownBy(() -> host.make(ALL))
                .isInstanceOf(KernelRefused.class)
                .hasMessageContaining("EINVAL");
        assertThat(kernel.groups("corral")).isEmpty();
    }

    @Test
    void aTakenNameIsNeverAdopted() {
        Cgroups host = new FakeKernel("6.18-hybrid").boot();
        Cgroup first = host.create("a");

        assertThatThrownBy(() -> host.create("a")).isInstanceOf(NameTaken.class);
        assertThat(first.usage().memory()).isPresent();
    }

    @Test
    void namesOfFilesAreEscaped() {
        Cgroup group = new FakeKernel("6.18-hybrid").boot().create("pids.max");

        assertThat(group.name()).isEqualTo("pids.max");
        assertThat(group.paths()).allMatch(path -> path.endsWith("_pids.max"));
    }

    @Test
    void twoRunsNeverShareAName() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid");
        Cgroups host = kernel.boot();
        String left = "corral-p4242-s2s-n1ulajuk-" + next(kernel);
        kernel.mkdir(FS.resolve("pids").resolve(left));

        Cgroup group = host.make(Limits.none().pids(1)).group().orElseThrow();

        assertThat(group.name()).isNotEqualTo(left).startsWith("corral-p4242-s2s-n1ulajuk-");
        assertThat(kernel.groups(left)).hasSize(1);
    }

    /** Two that make groups inside the same one at the same time both need it. */
    @Test
    void aGroupOnTheWayThatSomebodyElseMakesMeanwhileIsUsed() {
        FakeKernel kernel = new FakeKernel("6.1-container-v2");
        kernel.boot();
        Held racing = new Held(kernel) {
            private boolean looked;

            @Override
            public Optional<Long> inode(Path directory) {
                if (directory.equals(FS.resolve("jobs")) && !looked) {
                    looked = true;
                    kernel.mkdir(directory);
                    return Optional.empty();
                }
                return super.inode(directory);
            }
        };
        Cgroups host = Cgroups.detect(kernel.host().through(racing), Path.of("/sys"));

        assertThat(host.create("jobs", "a").path()).isEqualTo(FS.resolve("jobs/a"));
        assertThatThrownBy(() -> host.create("jobs", "a"))
                .as("the last one is nobody else's")
                .isInstanceOf(NameTaken.class);
    }

    @Test
    void afterEightNamesThatAreTakenItIsGivenUp() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid");
        Cgroups host = kernel.boot();
        for (long i = 0; i < 8; i++) {
            String name = "corral-p4242-s2s-n1ulajuk-" + Long.toString(kernel.upcoming() + i, Character.MAX_RADIX);
            kernel.mkdir(FS.resolve("pids").resolve(name));
        }
        assertThatThrownBy(() -> host.make(Limits.none().pids(1))).isInstanceOf(NameTaken.class);
        assertThat(host.make(Limits.none().pids(1)).group()).as("the ninth").isPresent();
    }

    @Test
    void whoseOwnGroupVanishesIsTold() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid").deny("/sys/fs/cgroup");
        Cgroups host = kernel.boot();
        Path own = ((Availability.NotDelegated) host.availability(Controller.PIDS)).parent();
        kernel.fail("stat " + own, Errno.ENOENT);

        assertThat(host.availability(Controller.PIDS)).isInstanceOf(Availability.NotVisible.class);
        assertThat(host.availability(Controller.PIDS).describe())
                .isEqualTo(
                        "pids cannot be limited: " + own + " was removed meanwhile, or this user may not look at it");
    }

    /** It may be systemd's or the user's own; where neither can be read it is open to this user at most. */
    @Test
    void aMarkThatMayNotBeReadIsNone() {
        FakeKernel kernel = new FakeKernel("6.1-debian12");
        Cgroups host = kernel.boot();
        for (Path path : host.self().paths()) {
            kernel.fail("getxattr " + path, Errno.EACCES);
        }

        assertThat(host.delegated().ok()).isTrue();
    }

    @Test
    void anUnmarkedSubtreeOfAnotherOwnerIsNotDelegated() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid").deny("/sys/fs/cgroup");
        Cgroups host = kernel.boot();

        assertThat(host.availability(Controller.MEMORY).describe())
                .startsWith("memory cannot be limited: uid 1000 may not make groups in"
                        + " /sys/fs/cgroup/memory/jobs/d7054, owned by root; to get a delegation,")
                .contains("Delegate=yes", "systemd-run --user --scope", "chown it to uid 1000");
        assertThatThrownBy(() -> host.make(ALL))
                .isInstanceOf(NotDelegated.class)
                .hasMessageStartingWith("cannot limit memory, cpu, pids: uid 1000 may not make groups in"
                        + " /sys/fs/cgroup/memory/jobs/d7054, /sys/fs/cgroup/cpu, /sys/fs/cgroup/pids,"
                        + " owned by root; to get a delegation,")
                .asInstanceOf(throwable(NotDelegated.class))
                .satisfies(e -> assertThat(e.hint()).isPresent());
        assertThatThrownBy(() -> host.create("a")).isInstanceOf(NotDelegated.class);
    }

    @Test
    void bestEffortGoesOnWithoutAnyGroup() {
        Cgroups host = new FakeKernel("6.18-hybrid").deny("/sys/fs/cgroup").boot();

        Limited limited = host.make(ALL.bestEffort());

        assertThat(limited.group()).isEmpty();
        assertThat(limited.applied().dropped())
                .extracting(Applied.Entry::feature, Applied.Entry::requested)
                .containsExactly(tuple("memory", "256 MiB"), tuple("cpu", "0.5 CPUs"), tuple("pids", "64"));
        assertThat(limited.applied().entries())
                .allSatisfy(entry -> assertThat(entry.note()).contains("owned by root"));
    }

    @Test
    void bestEffortKeepsWhatCanBeHad() {
        Cgroups host =
                new FakeKernel("6.18-hybrid").deny("/sys/fs/cgroup/memory").boot();

        Limited limited = host.make(ALL.bestEffort());

        assertThat(limited.group().orElseThrow().path(Controller.MEMORY)).isEmpty();
        assertThat(limited.applied().dropped())
                .extracting(Applied.Entry::feature)
                .containsExactly("memory");
        assertThat(limited.applied().entries())
                .extracting(Applied.Entry::feature)
                .containsExactly("memory", "cpu", "pids");
    }

    @Test
    void corralsOwnProcessesComeOnTop() {
        Applied v1 = new FakeKernel("6.18-hybrid")
                .boot()
                .make(Limits.none().pids(64))
                .applied();
        Applied v2 = unifiedRoot().boot().make(Limits.none().pids(64)).applied();

        assertThat(v1.entries().get(0).readBack()).contains("66");
        assertThat(v1.entries().get(0).note()).isEqualTo("64 for the payload and 2 for Corral's own processes");
        assertThat(v2.entries().get(0).readBack()).contains("65");
    }

    @Test
    void theUnifiedRootHandsItsControllersDown() {
        FakeKernel kernel = unifiedRoot();

        Limited limited = kernel.boot().make(ALL);

        assertThat(limited.group().orElseThrow()).isInstanceOf(CgroupV2.class);
        assertThat(kernel.writes)
                .containsExactly(
                        "cgroup.subtree_control=+memory +cpu +pids",
                        "memory.swap.max=0",
                        "memory.max=268435456",
                        "cpu.max=50000 100000",
                        "pids.max=65");
        assertThat(limited.applied().dropped()).isEmpty();
    }

    @Test
    void noChildIsBornAcrossAGroupOfRoots() {
        FakeKernel kernel = new FakeKernel("6.8-unified");
        Path own = kernel.boot().self().paths().get(0);
        Path above = Objects.requireNonNull(own.getParent());
        Path beside = above.resolve("beside");
        kernel.mkdir(beside);
        kernel.file(beside.resolve("cgroup.controllers"), "cpu io memory pids\n");
        kernel.deny(above.resolve("cgroup.procs").toString());
        Cgroups host = kernel.boot().within(beside);

        assertThat(host.availability(Controller.MEMORY))
                .isEqualTo(new Availability.OutOfReach(Controller.MEMORY, beside, above, 0, 1000));
        assertThat(host.availability(Controller.MEMORY).describe())
                .startsWith("memory cannot be limited: groups can be made in " + beside
                        + ", but a child is born in one only" + " with the right to write " + above
                        + "/cgroup.procs, owned by root; ");
        assertThatThrownBy(() -> host.make(ALL))
                .isInstanceOf(NotDelegated.class)
                .hasMessageContaining("cannot limit memory")
                .hasMessageContaining(above + "/cgroup.procs");
        assertThat(host.make(ALL.bestEffort()).applied().dropped()).hasSize(3);
        // for processes that are there already
        assertThat(host.create("a").path()).isEqualTo(beside.resolve("a"));

        // once this process has been moved there
        kernel.moved("0::/" + Path.of("/sys/fs/cgroup").relativize(beside) + "/supervisor");
        assertThat(host.availability(Controller.MEMORY).ok()).isTrue();
    }

    @Test
    void aProcessInsideKeepsAUnifiedGroupFromHandingControllersDown() {
        Cgroups host = new FakeKernel("6.8-unified").boot();

        assertThat(host.availability(Controller.CPU)).isInstanceOf(Availability.Occupied.class);
        assertThatThrownBy(() -> host.make(ALL))
                .isInstanceOf(InternalProcesses.class)
                .hasMessageContaining("app-terminal-7.scope itself");
        Limited limited = host.make(ALL.bestEffort());
        assertThat(limited.group().orElseThrow()).isInstanceOf(CgroupV2.class);
        assertThat(limited.applied().dropped()).hasSize(3);
    }

    @Test
    void aControllerThatWasNotHandedDownSaysSo() {
        Cgroups host = new FakeKernel("6.8-unified").offering("pids").boot();

        assertThat(host.availability(Controller.MEMORY)).isInstanceOf(Availability.NotHandedDown.class);
        assertThatThrownBy(() -> host.make(ALL))
                .isInstanceOf(ControllerUnavailable.class)
                .hasMessageStartingWith("cannot limit memory: it is missing from ")
                .hasMessageContaining("app-terminal-7.scope/cgroup.controllers");
    }

    @Test
    void aContainersReadOnlyMountSaysSo() {
        Cgroups host = new FakeKernel("5.4-container-v1").deny("/sys/fs/cgroup").boot();

        assertThat(host.availability(Controller.MEMORY).describe())
                .endsWith(
                        "/sys/fs/cgroup/memory is mounted read-only; have it mounted writable, which in a container is up to"
                                + " whoever runs that, or do without limits: bestEffort()");
        assertThat(host.delegated().describe()).contains("; have it mounted writable");
        assertThatThrownBy(() -> host.make(Limits.none().pids(1)))
                .isInstanceOf(NotDelegated.class)
                .hasMessageContaining("; have it mounted writable")
                .hasMessageNotContaining("systemd");
    }

    @Test
    void whatTheKernelHasAndNobodyMountedIsNotMounted() {
        assertThat(new FakeKernel("4.9-legacy").boot().availability(Controller.PIDS))
                .isEqualTo(new Availability.NotMounted(Controller.PIDS));
        assertThat(new FakeKernel("5.4-container-v1").boot().availability())
                .containsEntry(Controller.MEMORY, new Availability.Available(Controller.MEMORY, FS.resolve("memory")));
    }

    @Test
    void whatTheKernelWasBootedWithoutIsNotInIt() {
        for (String line : List.of("pids\t0\t1\t0", "pids 0 1", "pidsx 0 1 1", "")) {
            FakeKernel kernel = new FakeKernel("4.9-legacy");
            kernel.set(Path.of("/proc/cgroups"), "#subsys_name hierarchy num_cgroups enabled\n" + line);
            assertThat(kernel.boot().availability(Controller.PIDS))
                    .as(line)
                    .isEqualTo(new Availability.NotInKernel(Controller.PIDS));
        }
    }

    @Test
    void aControllerThatIsNotInSightIsKeptByAGroupAboveOrByNobody() {
        FakeKernel kernel = new FakeKernel("6.1-container-v2").offering("pids");
        Cgroups host = kernel.boot();
        assertThat(host.availability(Controller.IO)).isEqualTo(new Availability.NotInKernel(Controller.IO));

        // version 1 calls it blkio
        kernel.set(Path.of("/proc/cgroups"), "blkio 0 1 1");
        assertThat(host.availability(Controller.IO)).isEqualTo(new Availability.NotHandedDown(Controller.IO, FS));
    }

    @Test
    void aDirectoryThatIsOpenWithoutItsListOfProcessesIsNotDelegated() {
        FakeKernel kernel = new FakeKernel("6.1-container-v2");
        Cgroups host = kernel.deny("/sys/fs/cgroup/cgroup.procs").boot();

        assertThat(host.availability(Controller.PIDS)).isInstanceOf(Availability.NotDelegated.class);
    }

    /** Who hands over one group has not handed over the other's. */
    @Test
    void subtreesOfDifferentOwnersAreNotNamedTogether() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid").deny("/sys/fs/cgroup");
        Cgroups host = kernel.boot();
        kernel.owners.put(FS.resolve("cpu"), 1001);

        assertThatThrownBy(() -> host.make(ALL))
                .isInstanceOf(NotDelegated.class)
                .hasMessageStartingWith("cannot limit memory, pids: uid 1000 may not make groups in"
                        + " /sys/fs/cgroup/memory/jobs/d7054, /sys/fs/cgroup/pids, owned by root;");
    }

    @Test
    void aRemovedGroupOfThisProcessIsNoPlaceForAnother() {
        Cgroups host = new FakeKernel("6.1-deleted").boot();

        assertThat(host.availability(Controller.MEMORY).describe()).contains("/jobs/4711, was removed");
        assertThat(host.availability(Controller.CPU)).isInstanceOf(Availability.NotVisible.class);
        assertThatThrownBy(() -> host.create("a")).isInstanceOf(ControllerUnavailable.class);
    }

    @Test
    void aGroupCanLieInsideAnother() {
        Cgroup pod = new FakeKernel("6.18-hybrid").boot().create("pod");

        Cgroup inner = pod.host().make(Limits.none().pids(3).under(pod)).group().orElseThrow();

        assertThat(inner.path().getParent()).isEqualTo(pod.path());
        assertThat(inner.paths()).extracting(Path::getParent).containsExactlyInAnyOrderElementsOf(pod.paths());
    }

    @Test
    void aUnifiedGroupWithoutProcessesHandsItsControllersOn() {
        FakeKernel kernel = unifiedRoot();
        Cgroup pod = kernel.boot().create("pod");

        Cgroup inner = pod.host().make(Limits.none().pids(3).under(pod)).group().orElseThrow();

        assertThat(kernel.writes)
                .containsExactly(
                        "cgroup.subtree_control=+memory +cpu +pids", "cgroup.subtree_control=+pids", "pids.max=4");
        assertThat(inner.path(Controller.MEMORY)).isEmpty();
    }

    @Test
    void aGroupWithoutTheControllerSaysWhyItHasNone() {
        Cgroup group = new FakeKernel("6.8-unified").boot().create("a");

        assertThatThrownBy(() -> group.apply(Limits.none().pids(1))).isInstanceOf(InternalProcesses.class);
    }

    /** The fake's mount points are real roots, which may hold processes. */
    private static FakeKernel unifiedRoot() {
        return new FakeKernel("6.1-container-v2");
    }

    private static String lastOf(Limited limited) {
        String name = limited.group().orElseThrow().name();
        return name.substring(name.lastIndexOf('-') + 1);
    }

    private static String next(FakeKernel kernel) {
        return Long.toString(kernel.upcoming(), Character.MAX_RADIX);
    }
}
