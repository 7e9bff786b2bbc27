package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.FileNames;
import dev.corral.internal.linux.XattrCalls;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a killed JVM leaves is removed, and nothing else. */
@Tag("v2")
class SweepTest extends RealGroups {
    private static final Path FS = Path.of("/sys/fs/cgroup");
    private static final Owner DEAD = new Owner(4711, 5, FakeKernel.OWNER.namespace());

    @Test
    void theGroupsOfAKilledJvmAreRemovedWithTheirProcesses() throws Exception {
        Process jvm = new ProcessBuilder(OtherJvm.line(LeavesGroups.class, name))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String[] left;
        try (BufferedReader said = jvm.inputReader()) {
            left = Optional.ofNullable(said.readLine()).orElse("").split(" ", -1);
            assertThat(left).hasSize(3);
            ProcessHandle sleeper = ProcessHandle.of(Long.parseLong(left[2])).orElseThrow();
            try (Cgroup mine = host.create(name + "-mine")) {
                assertThat(host.sweep().removed())
                        .as("while it lives")
                        .noneMatch(path -> path.toString().contains(name)); // others may have left some, too
                jvm.destroyForcibly().waitFor();
                assertThat(directories(left[0])).isNotEmpty();

                Swept swept = host.sweep();

                assertThat(swept.failures())
                        .noneMatch(
                                failure -> String.valueOf(failure.getMessage()).contains(name));
                assertThat(directories(left[0])).isEmpty();
                assertThat(directories(left[1])).isEmpty();
                assertThat(swept.removed())
                        .extracting(path -> path.getFileName().toString())
                        .contains(left[0], left[1]);
                await().atMost(LIMIT).until(() -> !sleeper.isAlive());
                assertThat(mine.paths()).allMatch(Files::exists);
            }
        }
    }

    @Test
    void theNextOneCleansUpByItself() throws Exception {
        Process jvm = new ProcessBuilder(OtherJvm.line(LeavesGroups.class, name))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = jvm.inputReader()) {
            String[] left = Optional.ofNullable(said.readLine()).orElse("").split(" ", -1);
            jvm.destroyForcibly().waitFor();

            try (Cgroup next = host.create(name + "-next")) {
                assertThat(directories(left[0])).isEmpty();
                assertThat(directories(left[1])).isEmpty();
                assertThat(next.paths()).allMatch(Files::exists);
            }
        }
    }

    @Test
    void anotherNamespacesGroupAndOneWithoutAMarkAreLeftAlone() throws Exception {
        try (Cgroup foreign = host.create(name + "-foreign");
                Cgroup unmarked = host.create(name + "-unmarked")) {
            Process sleeper = inside(foreign, "exec sleep 600");
            for (Path path : foreign.paths()) {
                host.host().tree().setAttribute(path, Owner.MARK, new Owner(1, 1, 1).text());
            }
            for (Path path : unmarked.paths()) {
                host.host().tree().setAttribute(path, Owner.MARK, "somebody");
            }

            assertThat(host.sweep().removed()).noneMatch(path -> path.toString().contains(name));

            assertThat(foreign.paths()).allMatch(Files::exists);
            assertThat(unmarked.paths()).allMatch(Files::exists);
            assertThat(sleeper.isAlive()).isTrue();
        }
    }

    @Test
    void everyGroupBearsTheMarkOfThisJvm() {
        try (Cgroup group = host.create(name, "below")) {
            String self = host.host().owner().orElseThrow().text();
            assertThat(self).startsWith(ProcessHandle.current().pid() + ":");
            for (Path path : group.paths()) {
                assertThat(XattrCalls.get(path, Owner.MARK)).contains(self);
                assertThat(XattrCalls.get(path.resolveSibling(""), Owner.MARK)).contains(self);
            }
        } finally {
            host.find(name).ifPresent(Cgroup::delete);
        }
    }

    @Test
    void aGroupThatWasHandedToAProcessStaysWhileThatIsThere() throws Exception {
        try (Cgroup group = host.create(name)) {
            Process sleeper = inside(group, "exec sleep 600");
            group.handTo(sleeper.pid());

            for (Path path : group.paths()) {
                assertThat(XattrCalls.get(path, Owner.MARK))
                        .hasValueSatisfying(mark -> assertThat(mark).startsWith(sleeper.pid() + ":"));
            }
            assertThat(host.sweep().removed()).noneMatch(path -> path.toString().contains(name));
            assertThat(sleeper.isAlive()).isTrue();
            try (Cgroup again = host.at(group.paths()).orElseThrow()) {
                assertThat(again.paths()).isEqualTo(group.paths());
            }
            assertThat(group.paths()).as("closing what was found does nothing").allMatch(Files::exists);

            sleeper.destroyForcibly().waitFor();
            assertThat(host.sweep().removed()).containsAll(group.paths());
            assertThat(host.at(group.paths())).isEmpty();
        }
    }

    @Test
    void aGroupWhoseCountsSomebodyAwaitsStaysWhileTheFileDoes(@TempDir Path directory) throws Exception {
        awaited(Files.createFile(directory.resolve("a:b\nc")));
    }

    @Test
    void aFileMayLieOnALongPath(@TempDir Path directory) throws Exception {
        Path below = directory.resolve("d".repeat(200)).resolve("d".repeat(200));
        awaited(Files.createFile(Files.createDirectories(below).resolve("file")));
    }

    @Test
    void aFileMayHaveAnyName(@TempDir Path directory) throws Exception {
        awaited(Files.createFile(FileNames.in(directory, "gr\u00f6\u00dfe \udcff")));
    }

    private void awaited(Path file) throws Exception {
        try (Cgroup group = host.create(name)) {
            Process sleeper = inside(group, "exec sleep 600");
            group.handTo(sleeper.pid(), file);
            sleeper.destroyForcibly().waitFor();

            assertThat(host.sweep().removed()).noneMatch(path -> path.toString().contains(name));
            assertThat(host.at(group.paths())).as("what it has counted").isPresent();

            Files.delete(file);
            assertThat(host.sweep().removed()).containsAll(group.paths());
        }
    }

    @Test
    void aGroupIsHandedToNobodyWhoIsGone() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        try (Cgroup group = host.create(name)) {
            assertThatThrownBy(() -> group.handTo(gone.pid()))
                    .isInstanceOf(ProcessGone.class)
                    .hasMessageContaining("has ended");
        }
    }

    @Test
    void aGroupIsNotHandedOnWhereTheFileSystemTakesNoMark() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid");
        Cgroup group = kernel.boot().create("a");
        kernel.process(DEAD.pid(), DEAD.start(), 'S');
        group.paths().forEach(path -> kernel.fail("setxattr " + path, Errno.EOPNOTSUPP));

        assertThatThrownBy(() -> group.handTo(DEAD.pid()))
                .isInstanceOf(KernelRefused.class)
                .hasMessageContaining("EOPNOTSUPP")
                .hasMessageContaining("takes no extended attributes");
    }

    // ---------------------------------------------------------------- in memory

    @Test
    void aPidThatCameAgainIsSomebodyElse() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid");
        Cgroups fake = kernel.boot();
        Cgroup group = fake.create("a");
        mark(kernel, group, DEAD);
        kernel.process(DEAD.pid(), DEAD.start() + 1, 'S');

        assertThat(fake.sweep().removed()).hasSameElementsAs(group.paths());
        assertThat(kernel.groups("a")).isEmpty();
    }

    @Test
    void aProcessThatIsHiddenLives() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid");
        Cgroups fake = kernel.boot();
        mark(kernel, fake.create("a"), DEAD);
        kernel.living.add(DEAD.pid());

        assertThat(fake.sweep().removed()).isEmpty();
    }

    @Test
    void theGroupOfThisJvmIsLeftAlone() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid");
        Cgroups fake = kernel.boot();
        Cgroup group = fake.create("a");
        mark(kernel, group, DEAD);
        group.paths()
                .forEach(path -> kernel.set(
                        path.resolve("cgroup.procs"),
                        Long.toString(ProcessHandle.current().pid())));

        Swept swept = fake.sweep();

        assertThat(swept.removed()).isEmpty();
        assertThat(swept.failures()).isEmpty();
    }

    @Test
    void anotherUsersGroupIsLeftAlone() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid");
        Cgroups fake = kernel.boot();
        Cgroup group = fake.create("a");
        mark(kernel, group, DEAD);
        group.paths().forEach(path -> kernel.owners.put(path, 1001));

        assertThat(fake.sweep().removed()).isEmpty();
    }

    /** Neither keeps the next one from being looked at. */
    @Test
    void whoseOwnerIsNotToBeSeenOrIsGoneMeanwhileIsLeftAlone() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid");
        Cgroups fake = kernel.boot();
        Cgroup unreadable = fake.create("a");
        Cgroup vanishing = fake.create("b");
        Cgroup last = fake.create("c");
        for (Cgroup each : List.of(unreadable, vanishing, last)) {
            mark(kernel, each, DEAD);
        }
        unreadable.paths().forEach(path -> kernel.fail("getxattr " + path, Errno.EACCES));
        vanishing.paths().forEach(path -> kernel.fail("stat " + path, Errno.ENOENT));

        Swept swept = fake.sweep();

        assertThat(swept.removed()).hasSameElementsAs(last.paths());
        assertThat(swept.failures()).isEmpty();
    }

    @Test
    void theNameTellsWhereTheFileSystemTakesNoMark() {
        FakeKernel kernel = new FakeKernel("4.9-legacy");
        Cgroups fake = kernel.boot();
        String name = "corral-" + DEAD.inName() + "-1x";
        for (String hierarchy : List.of("memory", "cpu,cpuacct", "freezer")) {
            kernel.mkdir(FS.resolve(hierarchy).resolve(name));
            kernel.mkdir(FS.resolve(hierarchy).resolve("corral-somebody"));
        }

        String marked = "corral-" + DEAD.inName() + "-2x";
        kernel.mkdir(FS.resolve("memory").resolve(marked));
        kernel.setAttribute(FS.resolve("memory").resolve(marked), Owner.MARK, "somebody");

        assertThat(fake.sweep().removed()).hasSize(3);
        assertThat(kernel.groups(name)).isEmpty();
        assertThat(kernel.groups(marked)).as("a mark that says something else").hasSize(1);
        assertThat(kernel.groups("corral-somebody")).hasSize(3);
    }

    @Test
    void aMarkThatIsRefusedKeepsNobodyFromMakingAGroup() {
        FakeKernel kernel = new FakeKernel("4.9-legacy").fail("setxattr " + FS.resolve("memory/a"), Errno.EOPNOTSUPP);

        assertThat(kernel.boot().create("a").paths()).hasSize(3);
    }

    @Test
    void whatLiesInAGroupOfALivingMakerIsLookedAtToo() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid");
        Cgroups fake = kernel.boot();
        Cgroup outer = fake.create("outer");
        Cgroup inner = outer.child("inner");
        mark(kernel, inner, DEAD);
        kernel.mkdir(FS.resolve("pids/foreign"));
        kernel.mkdir(FS.resolve("pids/foreign/inner"));
        kernel.setAttribute(FS.resolve("pids/foreign/inner"), Owner.MARK, DEAD.text());

        assertThat(fake.sweep().removed())
                .hasSameElementsAs(inner.paths())
                .allMatch(path -> path.endsWith(Path.of("outer", "inner")));
        assertThat(kernel.groups("foreign")).hasSize(1);
    }

    @Test
    void aGroupThatCannotBeRemovedIsReported() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid");
        Cgroups fake = kernel.boot();
        Cgroup group = fake.create("a");
        mark(kernel, group, DEAD);
        kernel.fail("rmdir /sys/fs/cgroup/pids/a", Errno.EPERM);

        Swept swept = fake.sweep();

        assertThat(swept.removed()).hasSize(group.paths().size() - 1);
        assertThat(swept.failures())
                .singleElement()
                .isInstanceOf(NotDelegated.class)
                .asString()
                .contains("cannot remove /sys/fs/cgroup/pids/a: EPERM");
    }

    /** Each launch with limits looks for what was left, and who launches waits for it. */
    @Test
    void aGroupThatCannotBeEmptiedIsTriedOnceByEachJvmAndBriefly() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid");
        Cgroups fake = kernel.boot();
        Cgroup stuck = fake.create("a");
        mark(kernel, stuck, DEAD);
        stuck.paths().forEach(path -> kernel.set(path.resolve("cgroup.procs"), "0"));

        assertThat(timeToMake(kernel.host(), "b")).isBetween(Duration.ofMillis(500), Duration.ofMillis(1500));
        assertThat(timeToMake(kernel.host(), "c")).isZero();

        Cgroup late = fake.create("late");
        mark(kernel, late, DEAD);
        assertThat(timeToMake(kernel.host(), "e")).as("beside another one").isZero();
        assertThat(kernel.groups("late")).isEmpty();

        Host self = kernel.host();
        Host other = new Host(
                self.tree(),
                self.processes(),
                Optional.of(new Owner(4243, 101, FakeKernel.OWNER.namespace())),
                self.user(),
                self.pageSize(),
                self.clock(),
                self.backoff(),
                self.random());
        assertThat(timeToMake(other, "d")).as("another JVM").isPositive();
        assertThat(Cgroups.detect(self, Path.of("/sys")).sweep().failures())
                .as("when it is asked for")
                .singleElement()
                .isInstanceOf(CgroupBusy.class)
                .asString()
                .endsWith("processes [0] are still in it");
    }

    private static Duration timeToMake(Host host, String name) {
        LongSupplier clock = host.backoff().nanoTime();
        long before = clock.getAsLong();
        Cgroups.detect(host, Path.of("/sys")).create(name);
        return Duration.ofNanos(clock.getAsLong() - before);
    }

    @Test
    void aHierarchyThatCannotBeListedIsReportedAndTheOthersAreSwept() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid");
        Cgroups fake = kernel.boot();
        Cgroup group = fake.create("a");
        mark(kernel, group, DEAD);
        kernel.fail("list /sys/fs/cgroup/pids", Errno.EACCES);

        Swept swept = fake.sweep();

        assertThat(swept.removed()).hasSize(group.paths().size() - 1);
        assertThat(swept.failures())
                .singleElement()
                .isInstanceOf(KernelRefused.class)
                .asString()
                .contains("cannot list /sys/fs/cgroup/pids: EACCES");
    }

    @Test
    void anOwnerIsReadAsItWasWritten() {
        assertThat(Owner.parse(DEAD.text())).contains(DEAD);
        Owner awaited = new Owner(7, 8, 9, Optional.of("/a\0:b\nc"));
        assertThat(Owner.parse(awaited.text())).contains(awaited);
        assertThat(awaited.isAwaited()).as("what can't be looked for").isTrue();
        assertThat(Owner.ofName("x-y-" + DEAD.inName() + "-zz")).contains(DEAD);
        assertThat(Owner.parse("1:2")).isEmpty();
        assertThat(Owner.parse("1:2:99999999999999999999")).isEmpty();
        assertThat(Owner.ofName("corral-4711-abc")).isEmpty();
        assertThat(Owner.ofName(DEAD.inName())).isEmpty();
    }

    private static void mark(FakeKernel kernel, Cgroup group, Owner owner) {
        group.paths().forEach(path -> kernel.setAttribute(path, Owner.MARK, owner.text()));
    }
}
