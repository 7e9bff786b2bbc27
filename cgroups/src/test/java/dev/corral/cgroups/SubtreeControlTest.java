package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.corral.internal.linux.Errno;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How controllers are handed down, against a kernel in memory; {@link UnifiedTreeTest} asks the real one. */
class SubtreeControlTest {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private final FakeKernel kernel =
            new FakeKernel("6.1-container-v2").offering("cpu", "cpuset", "io", "memory", "pids");
    private final Cgroup group = kernel.boot().create("a");
    private final Path path = group.path();
    private final SubtreeControl control = group.subtreeControl().orElseThrow();

    @Test
    void allAreHandedDownInOneWrite() {
        kernel.set(path.resolve("cgroup.controllers"), "cpuset cpu io memory pids");
        kernel.writes.clear();

        List<HandedDown> outcome = control.enable("memory", "cpu");

        assertThat(outcome).extracting(HandedDown::controller).containsExactly("memory", "cpu");
        assertThat(outcome).allMatch(HandedDown::ok);
        assertThat(kernel.writes).containsExactly("cgroup.subtree_control=+memory +cpu");
        assertThat(control.enabled()).containsExactly("memory", "cpu");
    }

    @Test
    void whatIsHandedDownAlreadyIsNotWrittenAgain() {
        control.enable("memory");
        kernel.writes.clear();

        assertThat(control.enable("memory")).allMatch(HandedDown::ok);
        assertThat(kernel.writes).isEmpty();
    }

    @Test
    void oneThatIsMissingLeavesTheOthers() {
        List<HandedDown> outcome = control.enable("memory", "misc");

        assertThat(outcome.get(0).ok()).isTrue();
        assertThat(outcome.get(1).failure().orElseThrow())
                .isInstanceOf(ControllerUnavailable.class)
                .hasMessage("cannot write +misc to " + path
                        + "/cgroup.subtree_control: this kernel has no such controller" + " in version 2");
    }

    /** Which of the four reasons it is that a controller is missing. */
    @Test
    void theReasonWhyAControllerIsMissingIsFound() {
        assertThat(failure("freezer"))
                .hasMessageEndingWith("freezer is not a version 2 controller; every group has cgroup.freeze");
        kernel.set(group.directories().get(0).upwards().get(1).path().resolve("cgroup.controllers"), "cpu misc");
        assertThat(failure("misc"))
                .hasMessageEndingWith(
                        "the group above, " + path.getParent() + ", does not hand it down; write +misc to "
                                + path.getParent() + "/cgroup.subtree_control first");
        kernel.file(Path.of("/proc/self/cgroup"), "1:rdma:/\n" + Fixture.text("6.1-container-v2", "cgroup"));
        assertThat(failure("rdma")).hasMessageContaining("version 1 holds it on this host");
        assertThat(failure("dmem")).hasMessageEndingWith("this kernel has no such controller in version 2");
        kernel.set(path.resolveSibling("cgroup.type"), "domain");
        assertThat(failure("dmem"))
                .as("in a container the groups above can't be seen")
                .isInstanceOf(ControllerUnavailable.class)
                .hasMessageEndingWith("no group that can be seen here has it: those above do not hand it down, or this"
                        + " kernel has no such controller");
    }

    private CgroupException failure(String controller) {
        return control.enable(controller).get(0).failure().orElseThrow();
    }

    @Test
    void aRefusalOfAllIsTriedOneByOne() {
        kernel.mkdir(path.resolve("b"));
        kernel.mkdir(path.resolve("b/cpu.max"));
        kernel.writes.clear();

        List<HandedDown> outcome = control.enable("memory", "cpu", "pids");

        assertThat(kernel.writes)
                .startsWith(
                        "cgroup.subtree_control=+memory +cpu +pids",
                        "cgroup.subtree_control=+memory",
                        "cgroup.subtree_control=+cpu");
        assertThat(outcome).extracting(HandedDown::ok).containsExactly(true, false, true);
        assertThat(outcome.get(1).failure().orElseThrow())
                .isInstanceOf(NameTaken.class)
                .hasMessageContaining("EEXIST, the group " + path + "/b/cpu.max has the name of a file of cpu");
    }

    @Test
    void processesInsideAreNamedBeforeAnythingIsWritten() {
        kernel.set(path.resolve("cgroup.procs"), "12\n7");
        kernel.writes.clear();

        assertThatThrownBy(() -> control.enable("cpu", "memory"))
                .hasMessageContaining("processes [7, 12] sit in " + path)
                .asInstanceOf(type(InternalProcesses.class))
                .satisfies(e -> assertThat(e.pids()).containsExactly(7L, 12L));
        assertThat(kernel.writes).isEmpty();
    }

    @Test
    void theSilentSwitchToThreadedIsRefused() {
        kernel.set(path.resolve("cgroup.procs"), "7");
        kernel.writes.clear();

        assertThatThrownBy(() -> control.enable("cpu", "pids"))
                .hasMessageContaining("handing down cpu, pids would make it \"domain threaded\"")
                .asInstanceOf(type(WouldBecomeThreaded.class))
                .satisfies(e -> assertThat(e.pids()).containsExactly(7L));
        assertThat(kernel.writes).isEmpty();
        assertThat(control.type()).contains("domain");
    }

    @Test
    void itCanBeAllowed() {
        kernel.set(path.resolve("cgroup.procs"), "7");

        assertThat(control.allowThreaded().enable("cpu")).allMatch(HandedDown::ok);
        assertThat(control.type()).contains("domain threaded");
        assertThat(control.allowThreaded().enable("memory").get(0).failure().orElseThrow())
                .isInstanceOf(KernelRefused.class)
                .hasMessageContaining(
                        "EOPNOTSUPP, memory cannot be handed down by a group of type \"domain threaded\"");
    }

    @Test
    void aProcessThatSlippedInUndoesIt() {
        kernel.before(path.resolve("cgroup.subtree_control"), () -> kernel.set(path.resolve("cgroup.procs"), "9"));

        assertThatThrownBy(() -> control.enable("cpu"))
                .isInstanceOf(WouldBecomeThreaded.class)
                .hasMessageContaining("processes [9]", "made it");
        assertThat(control.enabled()).isEmpty();
        assertThat(control.type()).contains("domain");
    }

    @Test
    void aRootMayHoldProcesses() {
        kernel.set(ROOT.resolve("cgroup.procs"), "1\n2");

        assertThat(kernel.boot().create("b").handedDown()).allMatch(HandedDown::ok);
    }

    @Test
    void busyIsTriedAgainAndThenExplained() {
        kernel.fail("write " + path + "/cgroup.subtree_control", Errno.EBUSY);

        assertThat(control.enable("memory").get(0).failure().orElseThrow())
                .isInstanceOf(InternalProcesses.class)
                .hasMessageContaining("EBUSY");
    }

    @Test
    void realTimeSchedulingIsExplained() {
        kernel.fail("write " + path + "/cgroup.subtree_control", Errno.EINVAL);

        assertThat(control.enable("cpu").get(0).failure().orElseThrow())
                .hasMessageContaining("wants every real-time process in the root group first");
    }

    @Test
    void aControllerInUseFurtherDownIsNotTakenAway() {
        control.enable("memory");
        Cgroup below = group.child("b");
        below.subtreeControl().orElseThrow().enable("memory");
        Cgroup gone = group.child("a");
        kernel.fail("read " + gone.path().resolve("cgroup.subtree_control"), Errno.ENODEV);

        assertThatThrownBy(() -> control.disable("memory"))
                .isInstanceOf(CgroupBusy.class)
                .hasMessageContaining("EBUSY, groups [" + below.path() + "] hand memory on");
        below.subtreeControl().orElseThrow().disable("memory", "cpu");
        control.disable("memory");
        assertThat(control.enabled()).doesNotContain("memory");
    }

    @Test
    void aGroupThatIsGoneSaysSo() {
        kernel.vanish(path);

        assertThatThrownBy(() -> control.enable("memory")).isInstanceOf(CgroupGone.class);
    }

    @Test
    void everyGroupOnTheWayHandsDown() {
        Cgroup deep = kernel.boot().create("x", "y", "z");

        assertThat(deep.path()).isEqualTo(ROOT.resolve("x/y/z"));
        assertThat(deep.path(Controller.MEMORY)).contains(deep.path());
        assertThat(deep.handedDown()).extracting(HandedDown::controller).contains("memory", "cpu", "pids");
    }

    @Test
    void aGroupMadeWithoutAControllerCanGetItFromAbove() {
        Cgroups host = kernel.boot();
        Cgroup few = host.make(Limits.none().pids(3)).group().orElseThrow();
        assertThat(few.path(Controller.MEMORY)).isEmpty();

        Limits more = Limits.none().memory(dev.corral.ByteSize.mebibytes(1)).under(few);
        Cgroup inner = host.make(more).group().orElseThrow();

        assertThat(inner.path(Controller.MEMORY)).contains(inner.path());
    }
}
