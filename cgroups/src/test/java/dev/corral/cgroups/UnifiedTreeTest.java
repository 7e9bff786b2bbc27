package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.CgroupJoinFailed;
import dev.corral.Command;
import dev.corral.internal.linux.LibC;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The version 2 tree of the real kernel: all of a unified host, or the twins of a hybrid one with what it has there. */
@Tag("v2")
class UnifiedTreeTest extends RealGroups {
    private static final Set<String> FOR_THREADS = Set.of("cpu", "cpuset", "pids");

    @Test
    void controllersAreHandedDownAndTakenBack() {
        try (Cgroup group = host.create(name)) {
            String controller = one(group, false);
            SubtreeControl control = group.subtreeControl().orElseThrow();

            assertThat(control.enable(controller)).containsExactly(HandedDown.done(controller));
            assertThat(control.enabled()).contains(controller);
            try (Cgroup below = group.child("below")) {
                assertThat(below.subtreeControl().orElseThrow().available()).contains(controller);
                below.subtreeControl().orElseThrow().enable(controller);
                assertThatThrownBy(() -> control.disable(controller))
                        .isInstanceOf(CgroupBusy.class)
                        .hasMessageContaining("groups [" + below.path() + "] hand " + controller + " on");
            }
            control.disable(controller);
            assertThat(control.enabled()).doesNotContain(controller);
        }
    }

    @Test
    void whatIsNoControllerHereSaysSo() {
        try (Cgroup group = host.create(name)) {
            unified(group);
            assertThat(group.subtreeControl().orElseThrow().enable("freezer"))
                    .singleElement()
                    .satisfies(outcome -> assertThat(outcome.failure().orElseThrow())
                            .isInstanceOf(ControllerUnavailable.class)
                            .hasMessageEndingWith(
                                    "freezer is not a version 2 controller; every group has cgroup.freeze"));
            if (host.mode() == CgroupMode.HYBRID) {
                assertThat(group.subtreeControl()
                                .orElseThrow()
                                .enable("memory")
                                .get(0)
                                .failure()
                                .orElseThrow())
                        .hasMessageEndingWith("version 1 holds it on this host, and a controller belongs to one version"
                                + " at a time");
            }
            Cgroup below = group.child("below");
            Optional<String> kept = group.subtreeControl().orElseThrow().available().stream()
                    .filter(controller ->
                            !group.subtreeControl().orElseThrow().enabled().contains(controller))
                    .findFirst();
            kept.ifPresent(controller -> assertThat(below.subtreeControl()
                            .orElseThrow()
                            .enable(controller)
                            .get(0)
                            .failure()
                            .orElseThrow())
                    .hasMessageContaining("the group above, " + group.path() + ", does not hand it down"));
        }
    }

    @Test
    void processesInsideAreNamedBeforeAnythingIsWritten() {
        try (Cgroup group = host.create(name)) {
            String controller = one(group, false);
            Process sleeper = inside(group, "exec sleep 600");

            assertThatThrownBy(() -> group.subtreeControl().orElseThrow().enable(controller))
                    .hasMessageContaining("processes [" + sleeper.pid() + "] sit in " + group.path())
                    .isInstanceOf(InternalProcesses.class);
            assertThat(group.subtreeControl().orElseThrow().enabled()).isEmpty();
        }
    }

    @Test
    void theSilentSwitchToThreadedIsRefused() {
        try (Cgroup group = host.create(name)) {
            String controller = one(group, true);
            Process sleeper = inside(group, "exec sleep 600");
            SubtreeControl control = group.subtreeControl().orElseThrow();

            assertThatThrownBy(() -> control.enable(controller))
                    .asInstanceOf(type(WouldBecomeThreaded.class))
                    .satisfies(e -> assertThat(e.pids()).containsExactly(sleeper.pid()));
            assertThat(control.type()).contains("domain");
            assertThat(control.allowThreaded().enable(controller)).allMatch(HandedDown::ok);
            assertThat(control.type()).contains("domain threaded");
        }
    }

    @Test
    void aGroupThatHandsDownTakesNoProcess() {
        try (Cgroup group = host.create(name)) {
            String controller = one(group, false);
            group.subtreeControl().orElseThrow().enable(controller);
            Process sleeper = shell("exec sleep 600");

            assertThatThrownBy(() -> group.attach(sleeper))
                    .isInstanceOf(InternalProcesses.class)
                    .hasMessageContaining("EBUSY, " + group.path() + " hands " + controller
                            + " to groups below it and cannot hold processes; use a leaf such as " + group.path()
                            + "/leaf");
        }
    }

    @Test
    void aNameInTheWayOfAControllerIsFound() throws Exception {
        try (Cgroup group = host.create(name)) {
            String controller = one(group, false);
            Path below = Files.createDirectory(group.path().resolve("below"));
            Path inTheWay = Files.createDirectory(below.resolve(file(group, controller)));

            assertThat(group.subtreeControl().orElseThrow().enable(controller))
                    .singleElement()
                    .satisfies(outcome -> assertThat(outcome.failure().orElseThrow())
                            .isInstanceOf(NameTaken.class)
                            .hasMessageContaining("EEXIST, the group " + inTheWay + " has the name of a file of "));
            Files.delete(inTheWay);
            assertThat(group.subtreeControl().orElseThrow().enable(controller)).allMatch(HandedDown::ok);
        }
    }

    @Test
    void anAncestorThatAllowsNoMoreGroupsIsNamed() throws Exception {
        try (Cgroup group = host.create(name);
                Cgroup inner = group.child("inner")) {
            Files.writeString(unified(group).resolve("cgroup.max.descendants"), "1\n");
            assertThatThrownBy(() -> inner.child("more"))
                    .hasMessageContaining("EAGAIN, " + group.path() + " allows 1 descendants and has 1")
                    .asInstanceOf(type(LimitReached.class))
                    .satisfies(e -> assertThat(e.owner()).isEqualTo(group.path()))
                    .satisfies(e -> assertThat(e.limit()).isEqualTo(1));
            assertThat(inner.paths())
                    .allSatisfy(path -> assertThat(path.resolve("more")).doesNotExist());

            Files.writeString(group.path().resolve("cgroup.max.descendants"), "max\n");
            Files.writeString(group.path().resolve("cgroup.max.depth"), "1\n");
            assertThatThrownBy(() -> inner.child("more"))
                    .isInstanceOf(LimitReached.class)
                    .hasMessageContaining(group.path() + " allows groups 1 deep, and this one would be 2 deep");
        }
    }

    /** Only possible below a group that hands down no controller of whole processes. */
    private static void makeThreaded(Cgroup above, Cgroup group) throws Exception {
        Path top = unified(above);
        List<String> handedDown = above.directories().stream()
                .filter(directory -> directory.hierarchy().unified())
                .flatMap(directory -> directory.words("cgroup.subtree_control").stream())
                .toList();
        for (String controller : handedDown) {
            Files.writeString(top.resolve("cgroup.subtree_control"), "-" + controller + "\n");
        }
        Files.writeString(unified(group).resolve("cgroup.type"), "threaded\n");
    }

    @Test
    void aGroupOfAnotherTypeTakesNoProcess() throws Exception {
        try (Cgroup group = host.create(name);
                Cgroup threads = group.child("threads");
                Cgroup invalid = group.child("invalid")) {
            makeThreaded(group, threads);
            Process sleeper = shell("exec sleep 600");

            assertThat(invalid.subtreeControl().orElseThrow().type()).contains("domain invalid");
            assertThatThrownBy(() -> invalid.attach(sleeper))
                    .isInstanceOf(KernelRefused.class)
                    .hasMessageContaining("EOPNOTSUPP, " + invalid.path() + " is of type \"domain invalid\"");
        }
    }

    @Test
    void aThreadedGroupListsItsThreadsAndIsKilledOneByOne() throws Exception {
        try (Cgroup group = host.create(name);
                Cgroup threads = group.child("threads")) {
            makeThreaded(group, threads);
            Process sleeper = inside(group, "exec sleep 600");
            Files.writeString(threads.path().resolve("cgroup.threads"), sleeper.pid() + "\n");

            assertThat(threads.members().threads()).contains(sleeper.pid());
            assertThat(threads.members().pids()).contains(sleeper.pid());
            assertThat(threads.kill().ok()).isTrue();
            assertThat(sleeper.waitFor()).isEqualTo(128 + 9);
        }
    }

    @Test
    void aThreadMovesWithinItsDomain() throws Exception {
        Cgroup alone = host.create(name);
        try (alone;
                Cgroup threads = alone.child("threads")) {
            makeThreaded(alone, threads);
            assumeTrue(threads instanceof CgroupV2, "on a hybrid host threads are moved in version 1");
            Process sleeper = inside(alone, "exec sleep 600");

            threads.attachThread(sleeper.pid());

            assertThat(threads.members().threads()).containsExactly(sleeper.pid());
        }
    }

    @Test
    void aFrozenTreeDiesWithoutAThaw() throws Exception {
        try (Cgroup group = host.create(name)) {
            unified(group);
            Process inner;
            try (Cgroup below = group.child("below")) {
                inner = inside(below, "exec sleep 600");
                dieFrozen(group, below);
            }
            assertThat(inner.waitFor()).isEqualTo(128 + 9);
        }
    }

    /** What a process may do by itself is of no use beyond the root of its namespace, where the tree is mounted so. */
    @Test
    void aProcessIsMovedAcrossTheBoundaryOfANamespaceByNobody() throws Exception {
        assumeTrue(LibC.effectiveUser() == 0, "needs root, for a namespace of its own");
        assumeTrue(
                text(Path.of("/proc/self/mountinfo")).contains("nsdelegate"), "needs cgroup2 mounted with nsdelegate");
        try (Cgroup group = host.create(name);
                Cgroup own = group.child("own");
                Cgroup other = group.child("other")) {
            unified(group);
            Process outsider = inside(other, "exec sleep 600");
            assertThat(RefusedProgram.in(own, "namespace", own.path().toString(), Long.toString(outsider.pid())))
                    .contains("KernelRefused cannot write " + outsider.pid() + " to " + own.path()
                            + "/cgroup.procs: ENOENT, pid " + outsider.pid() + " lies outside this cgroup namespace");
            assertThat(other.members().pids()).containsExactly(outsider.pid());
        }
    }

    @Test
    void aGroupOfThreadsHandsDownNoControllerOfWholeProcesses() {
        try (Cgroup group = host.create(name)) {
            String forThreads = one(group, true);
            String forProcesses = one(group, false);
            inside(group, "exec sleep 600");
            SubtreeControl control = group.subtreeControl().orElseThrow().allowThreaded();
            assertThat(control.enable(forThreads)).allMatch(HandedDown::ok);

            assertThat(control.enable(forProcesses).get(0).failure().orElseThrow())
                    .isInstanceOf(KernelRefused.class)
                    .hasMessageContaining("EOPNOTSUPP, " + forProcesses
                            + " cannot be handed down by a group of type \"domain threaded\"");
        }
    }

    @Test
    void aTypeThatCannotBeHasItsReason() throws Exception {
        try (Cgroup group = host.create(name);
                Cgroup threads = group.child("threads")) {
            unified(group);
            assertThatThrownBy(() -> threads.file("cgroup.type").write("domain"))
                    .isInstanceOf(KernelRefused.class)
                    .hasMessageContaining("EINVAL, its type is \"domain\" and can't become \"domain\": the only type");
            makeThreaded(group, threads);
            assertThatThrownBy(() -> threads.file("cgroup.type").write("domain"))
                    .hasMessageContaining("EINVAL, its type is \"threaded\" and can't become \"domain\"");
            Process sleeper = inside(group, "exec sleep 600");
            Cgroup invalid = group.child("invalid");
            assertThat(sleeper.isAlive()).isTrue();
            assertThat(invalid.file("cgroup.type").text()).contains("domain invalid");
            try (Cgroup busy = host.create(name + "-2");
                    Cgroup below = busy.child("below")) {
                inside(below, "exec sleep 600");
                assertThatThrownBy(() -> below.file("cgroup.type").write("threaded"))
                        .isInstanceOf(KernelRefused.class)
                        .hasMessageContaining(
                                "EOPNOTSUPP, its type is \"domain\" and can't become \"threaded\": neither");
            }
        }
    }

    @Test
    void aThreadedGroupTellsWhereItsProcessesAre() throws Exception {
        try (Cgroup group = host.create(name);
                Cgroup threads = group.child("threads")) {
            makeThreaded(group, threads);
            assertThatThrownBy(() -> threads.v2()
                            .orElseThrow()
                            .tree()
                            .file("cgroup.procs")
                            .text())
                    .hasMessageEndingWith("EOPNOTSUPP, its type is \"threaded\": the group above lists its processes;"
                            + " read cgroup.threads");
            assumeTrue(threads.file("cgroup.kill").exists(), "needs Linux 5.14");
            assertThatThrownBy(() -> threads.file("cgroup.kill").write("1"))
                    .hasMessageContaining(
                            "EOPNOTSUPP, its type is \"threaded\": the kernel kills whole processes only");
        }
    }

    @Test
    void aChildIsBornInNoGroupThatCannotHoldIt() throws Exception {
        try (Cgroup group = host.create(name);
                Cgroup threads = group.child("threads");
                Cgroup invalid = group.child("invalid")) {
            makeThreaded(group, threads);
            assertThatThrownBy(() -> Command.of("true").with(invalid).start())
                    .isInstanceOf(CgroupJoinFailed.class)
                    .hasMessageContaining("EOPNOTSUPP on " + invalid.path());
        }
        try (Cgroup group = host.create(name)) {
            group.subtreeControl().orElseThrow().enable(one(group, false));
            assertThatThrownBy(() -> Command.of("true").with(group).start())
                    .isInstanceOf(CgroupJoinFailed.class)
                    .hasMessageContaining("EBUSY on " + group.path())
                    .hasMessageContaining("can't hold processes");
        }
    }

    @Test
    void aProgramGoesOutOfTheWayOfItsJobs() throws Exception {
        assumeTrue(
                host.mode() == CgroupMode.UNIFIED, "only a unified host forbids processes beside groups with limits");
        try (Cgroup group = host.create(name)) {
            java.util.List<String> command = new java.util.ArrayList<>(
                    List.of("sh", "-c", "echo $$ > '" + group.path() + "/cgroup.procs' && exec \"$@\"", "sh"));
            command.addAll(OtherJvm.line(SupervisedProgram.class, group.path().toString()));
            Process program =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(program.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);

            assertThat(program.waitFor()).as(said).isZero();
            assertThat(said)
                    .containsPattern("job 0::.*/" + name + "/payload-job-")
                    .containsPattern("self 0::.*/" + name + "/supervisor")
                    .contains("again pids can be limited, below " + group.path());
        }
    }

    /** A controller that the group could hand down: one for threads too, or one that is not. */
    private static String one(Cgroup group, boolean forThreads) {
        unified(group);
        List<String> available = group.subtreeControl().orElseThrow().available();
        Optional<String> found = available.stream()
                .filter(controller -> FOR_THREADS.contains(controller) == forThreads)
                .findFirst();
        assumeTrue(found.isPresent(), () -> "no such controller in the cgroup2 tree of this host: it has " + available);
        return found.orElseThrow();
    }

    private static String file(Cgroup group, String controller) throws Exception {
        try (var files = Files.list(group.path())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.startsWith(controller + ".") && !file.endsWith(".pressure"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }
}
