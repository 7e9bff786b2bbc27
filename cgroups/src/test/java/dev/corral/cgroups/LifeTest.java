package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** From the making of a group to its removal, on the real kernel. */
@Tag("v2")
class LifeTest extends RealGroups {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void groupsOnTheWayAreMadeAndStay() {
        Cgroup deep = host.create(name, "one", "two");
        try {
            assertThat(deep.path()).endsWith(Path.of(name, "one", "two"));
            assertThat(deep.paths()).allMatch(path -> path.endsWith(Path.of(name, "one", "two")));
            deep.close();

            Cgroup top = host.find(name).orElseThrow();
            assertThat(top.children()).extracting(Cgroup::name).containsExactly("one");
            assertThat(host.create(name, "one", "three").path().getParent())
                    .isEqualTo(top.path().resolve("one"));
        } finally {
            host.find(name).orElseThrow().delete();
        }
    }

    @Test
    void aFailureRemovesTheGroupsOnTheWayToo() throws Exception {
        Cgroup top = host.create(name);
        try (top) {
            Path taken = Files.createDirectory(top.path().resolve("one"));
            Path last = Files.createDirectory(taken.resolve("two"));

            assertThatThrownBy(() -> host.create(name, "one", "two")).isInstanceOf(NameTaken.class);

            assertThat(top.paths())
                    .filteredOn(path -> !path.equals(top.path()))
                    .allSatisfy(path -> assertThat(path.resolve("one")).doesNotExist());
            assertThat(last).exists();
        }
    }

    @Test
    void namesOnTheWayAreEscapedToo() {
        try (Cgroup group = host.create(name);
                Cgroup below = host.create(name, "cgroup.procs")) {
            assertThat(below.path()).isEqualTo(group.path().resolve("_cgroup.procs"));
            assertThat(below.name()).isEqualTo("cgroup.procs");
            assertThat(host.find(name, "cgroup.procs")).isPresent();
        }
        assertThatIllegalArgumentException().isThrownBy(() -> host.create(name, "a/b"));
        assertThatIllegalArgumentException().isThrownBy(() -> host.find(name, ".."));
    }

    @Test
    void aGroupThatWasFoundIsNotRemovedWithItsHandle() throws Exception {
        assertThat(host.find(name)).isEmpty();
        try (Cgroup made = host.create(name)) {
            Process sleeper = inside(made, "exec sleep 600");
            Cgroup found = host.find(name).orElseThrow();
            assertThat(found.id()).isEqualTo(made.id());
            assertThat(found.paths()).containsExactlyInAnyOrderElementsOf(made.paths());
            assertThat(found).hasSameClassAs(made);

            found.close();
            assertThat(sleeper.isAlive()).isTrue();
            found.delete(DeletePolicy.KILL_FIRST);
            assertThat(sleeper.waitFor()).isEqualTo(128 + 9);
        }
    }

    @Test
    void membersAreListedWithAndWithoutGroupsBelow() {
        try (Cgroup group = host.create(name);
                Cgroup below = group.child("below")) {
            Process inner = inside(below, "exec sleep 600");

            assertThat(group.members().pids()).isEmpty();
            assertThat(group.members().recursive()).containsExactly(inner.pid());
            assertThat(below.members().threads()).containsExactly(inner.pid());
            assertThat(below.members()).hasToString("[" + inner.pid() + "]");
        }
    }

    @Test
    void aGroupThatIsGoneHasNoMembers() {
        Cgroup group = host.create(name);
        Members members = group.members();
        group.close();

        assertThat(members.pids()).isEmpty();
        assertThat(members.recursive()).isEmpty();
        assertThat(members.threads()).isEmpty();
        assertThatThrownBy(group::children).isInstanceOf(CgroupGone.class);
        assertThatThrownBy(() -> group.child("a")).isInstanceOf(CgroupGone.class);
    }

    @Test
    void emptyOnlyKeepsGroupsBelowAndSaysSo() {
        try (Cgroup group = host.create(name);
                Cgroup below = group.child("below")) {
            assertThatThrownBy(() -> group.delete(DeletePolicy.EMPTY_ONLY))
                    .hasMessageContaining("EBUSY, groups [")
                    .hasMessageContaining(below.path() + "")
                    .hasMessageEndingWith("are still in it")
                    .asInstanceOf(type(CgroupBusy.class))
                    .satisfies(e -> assertThat(e.groups()).containsExactlyInAnyOrderElementsOf(below.paths()))
                    .satisfies(e -> assertThat(e.pids()).isEmpty());
            group.delete(DeletePolicy.RECURSIVE);
            assertThat(below.paths()).noneMatch(Files::exists);
        }
    }

    @Test
    void whatIsLeftOfABusyGroupIsNamedForEachHierarchy() {
        try (Cgroup group = host.create(name)) {
            Process sleeper = inside(group, "exec sleep 600");

            assertThatThrownBy(() -> group.delete(DeletePolicy.RECURSIVE))
                    .asInstanceOf(type(CgroupBusy.class))
                    .satisfies(e -> group.paths()
                            .forEach(path -> assertThat(e.subject()).contains(path.toString())))
                    .satisfies(e -> assertThat(e.pids()).containsExactly(sleeper.pid()));
        }
    }

    @Test
    void aTreeThatForksWithoutEndIsGoneAfterTheKill() throws Exception {
        try (Cgroup group = host.create(name);
                Cgroup below = group.child("below")) {
            group.apply(Limits.none().pids(500));
            Process storm = inside(below, STORM);
            await().atMost(PATIENCE).until(() -> below.members().pids().size() > 50);

            assertThat(group.kill(PATIENCE).survivors()).isEmpty();

            storm.waitFor();
            assertThat(group.members().recursive()).isEmpty();
        }
    }

    /** By the freezer of version 1, though the group has a twin in version 2, and in a group below. */
    @Test
    void whatIsFrozenByEitherFreezerIsKilled() {
        try (Cgroup group = host.create(name);
                Cgroup below = group.child("below")) {
            Optional<FreezerV1> freezer = below.find(FreezerV1.class);
            assumeTrue(freezer.isPresent(), "version 1 has no freezer here");
            Process sleeper = inside(below, "exec sleep 600");
            try {
                await().atMost(PATIENCE).until(() -> freezer.orElseThrow().freeze() == FreezerV1.State.FROZEN);

                assertThat(group.kill(PATIENCE).survivors()).isEmpty();
                await().atMost(PATIENCE).until(() -> !sleeper.isAlive());
            } finally {
                freezer.orElseThrow().thaw();
            }
        }
    }

    /** Though the twin in version 2 knows nothing of it. */
    @Test
    void whatTheFreezerOfVersion1HoldsStandsStillAndCanBeThawed() {
        try (Cgroup group = host.create(name);
                Cgroup below = group.child("below")) {
            Optional<FreezerV1> found = group.find(FreezerV1.class);
            assumeTrue(found.isPresent(), "version 1 has no freezer here");
            FreezerV1 freezer = found.orElseThrow();
            Process sleeper = inside(below, "exec sleep 600");
            try {
                await().atMost(PATIENCE).until(() -> freezer.freeze() == FreezerV1.State.FROZEN);

                assertThat(group.isFrozen()).isTrue();
                assertThat(group.isFrozenByAncestor()).isFalse();
                assertThat(below.isFrozen()).isTrue();
                assertThat(below.isFrozenByAncestor()).isTrue();
                assertThat(below.kill(Duration.ofMillis(50)).survivors())
                        .containsExactly(new Survivor(sleeper.pid(), "a group above is frozen"));

                group.thaw();
                assertThat(freezer.state()).isEqualTo(FreezerV1.State.THAWED);
                assertThat(group.isFrozen()).isFalse();
                await().atMost(PATIENCE).until(() -> !sleeper.isAlive());
            } finally {
                freezer.thaw();
            }
        }
    }

    /** A pid that is listed may be another process's a moment later, so the group is asked again once that process is held. */
    @Test
    void whoLeftTheGroupWhileItIsKilledIsSpared() {
        try (Cgroup group = host.create(name)) {
            Process gone = shell("exec sleep 600");
            GroupDirectory directory = group.directories()
                    .get(0)
                    .through(new Held(host.host().tree()) {
                        @Override
                        public Optional<String> read(Path file) {
                            return file.endsWith("cgroup.procs") && !isHeld(gone.pid())
                                    ? Optional.of(gone.pid() + "\n")
                                    : super.read(file);
                        }
                    });

            KillResult result = new GroupKill(host.host().backoff(), List.of(directory)).within(Duration.ofMillis(300));

            assertThat(result.survivors()).extracting(Survivor::pid).containsExactly(gone.pid());
            assertThat(gone.isAlive()).isTrue();
        }
    }

    /** Whether this JVM has a descriptor of a process. */
    private static boolean isHeld(long pid) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fdinfo"))) {
            return descriptors.anyMatch(info -> says(info, "Pid:\t" + pid));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean says(Path file, String line) {
        try {
            return Files.readAllLines(file).contains(line);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    @Test
    void onAHybridHostTheTreeOfVersion2Stops() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid");
        Cgroup group = kernel.boot().create("a");
        kernel.writes.clear();

        assertThatThrownBy(() -> group.freeze(Duration.ofSeconds(1))).isInstanceOf(FreezeTimeout.class);

        assertThat(kernel.writes).containsExactly("cgroup.freeze=1", "cgroup.freeze=0");
    }

    @Test
    void whereTheTreeOfVersion2IsSomebodyElsesTheFreezerOfVersion1Stops() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid");
        Cgroup group = kernel.boot().create("a");
        kernel.deny("/sys/fs/cgroup/unified");
        kernel.writes.clear();

        group.freeze(Duration.ofSeconds(1));

        assertThat(kernel.writes).containsExactly("freezer.state=FROZEN");
        assertThat(group.isFrozen()).isTrue();
        group.thaw();
        assertThat(kernel.writes).endsWith("freezer.state=THAWED");
        assertThat(group.isFrozen()).isFalse();
    }

    @Test
    void thisJvmIsNotMovedToWhereTheFreezerOfVersion1WouldStopIt() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid");
        Cgroup group = kernel.boot().create("a");
        kernel.set(Path.of("/sys/fs/cgroup/freezer/a/freezer.state"), "FROZEN");

        assertThatThrownBy(() -> group.attach(ProcessHandle.current()))
                .isInstanceOf(HoldsThisJvm.class)
                .hasMessageContaining("/sys/fs/cgroup/freezer/a: the group is frozen");
    }

    @Test
    void aFrozenGroupIsKilledAndRemoved() throws Exception {
        Process sleeper;
        try (Cgroup group = host.create(name)) {
            sleeper = inside(group, "exec sleep 600");
            group.freeze(PATIENCE);
            assertThat(group.isFrozen()).isTrue();
        }
        assertThat(sleeper.waitFor()).isEqualTo(128 + 9);
    }

    /** Removal and listing race with processes that end; nothing is ever left over, and nothing fails. */
    @Test
    void deletingRacesWithEndingProcesses() {
        for (int i = 0; i < 30; i++) {
            Cgroup group = host.create(name);
            List<Process> briefs =
                    Stream.generate(() -> inside(group, "exit 0")).limit(3).toList();
            assertThat(group.members().recursive()).hasSizeLessThanOrEqualTo(3);
            group.delete();
            assertThat(briefs).noneMatch(brief -> group.members().pids().contains(brief.pid()));
        }
    }

    @Test
    void severalThreadsMayCloseOneGroup() throws Exception {
        Cgroup group = host.create(name);
        inside(group, "exec sleep 600");
        List<Thread> threads =
                Stream.generate(() -> new Thread(group::close)).limit(4).toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(group.paths()).noneMatch(Files::exists);
    }
}
