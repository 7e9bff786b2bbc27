package dev.corral.cgroups;

import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Applied;
import dev.corral.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real groups with real processes in them. */
@Tag("v2")
class KernelCgroupTest {
    private static final Limits LIMITS =
            Limits.none().memory(mebibytes(48)).cpus(0.5).pids(20);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Cgroups host = Cgroups.detect();
    private final String name = "corral-test-" + Long.toHexString(System.nanoTime());
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void needsGroups() {
        host.availability().values().forEach(answer -> assumeTrue(answer.ok(), answer::describe));
    }

    @AfterEach
    void nothingIsLeft() {
        started.forEach(Process::destroyForcibly);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void limitsAreReadBackFromTheKernel() throws Exception {
        try (Cgroup group = host.create(name)) {
            Applied applied = group.apply(LIMITS);

            assertThat(applied.dropped()).isEmpty();
            assertThat(value(applied, "memory")).isEqualTo("50331648");
            assertThat(value(applied, "cpu")).isEqualTo("50000 100000");
            assertThat(value(applied, "pids")).isEqualTo("20");
            for (Applied.Entry entry : applied.entries()) {
                Path file = Path.of(entry.file().orElseThrow());
                assertThat(entry.readBack().orElseThrow())
                        .startsWith(Files.readString(file).strip());
            }
        }
    }

    @Test
    void usageCountsWhatRunsInside() throws Exception {
        try (Cgroup group = host.create(name)) {
            group.apply(LIMITS);
            Process loop = inside(group, "while :; do :; done");

            await().atMost(PATIENCE)
                    .until(() -> group.usage().cpu().orElseThrow().used().toMillis() > 100);
            Usage usage = group.usage();

            assertThat(usage.cpu().orElseThrow().throttling().orElseThrow().periods())
                    .isPositive();
            assertThat(usage.memory().orElseThrow().current().bytes()).isPositive();
            assertThat(usage.memory().orElseThrow().limit()).isEqualTo(Limit.of(mebibytes(48)));
            assertThat(usage.pids())
                    .contains(new PidsStat(
                            1, Limit.of(20L), usage.pids().orElseThrow().peak(), Optional.of(0L)));
            assertThat(loop.isAlive()).isTrue();
        }
    }

    @Test
    void closingTwiceKillsOnce() throws Exception {
        Cgroup group = host.create(name);
        Process sleeper = inside(group, "exec sleep 600");

        group.close();
        group.close();

        assertThat(sleeper.waitFor()).isEqualTo(128 + 9);
        assertThat(group.paths()).noneMatch(Files::exists);
        assertThatThrownBy(group::usage).isInstanceOf(CgroupGone.class);
    }

    @Test
    void killReachesGroupsBelow() throws Exception {
        try (Cgroup group = host.create(name);
                Cgroup below =
                        host.make(Limits.none().pids(10).under(group)).group().orElseThrow();
                Cgroup beside =
                        host.make(Limits.none().pids(10).under(group)).group().orElseThrow()) {
            Process inner = inside(below, "sleep 600 & sleep 600 & wait");
            // in version 2, what limits groups below it holds no process
            Process other = inside(group instanceof CgroupV2 ? beside : group, "exec sleep 600");

            assertThat(group.kill().ok()).isTrue();

            assertThat(inner.waitFor()).isEqualTo(128 + 9);
            assertThat(other.waitFor()).isEqualTo(128 + 9);
        }
    }

    @Test
    void closingRemovesGroupsBelow() {
        Cgroup group = host.create(name);
        Cgroup below = host.make(Limits.none().pids(10).under(group)).group().orElseThrow();

        group.close();
        below.close();

        assertThat(below.paths()).noneMatch(Files::exists);
    }

    @Test
    void aLegacyHostFreezesBeforeItKills(@TempDir Path proc) throws Exception {
        Cgroup group = LegacyHost.below(proc).create(name);
        assertThat(group).isInstanceOf(CgroupV1.class);
        assertThat(group.paths()).anyMatch(path -> path.startsWith("/sys/fs/cgroup/freezer"));
        group.apply(Limits.none().pids(50));
        Process forks = inside(group, "while :; do sleep 600 & sleep 0.01; done 2>&1");

        await().atMost(PATIENCE).until(() -> group.usage().pids().orElseThrow().current() > 10);
        group.close();

        assertThat(forks.waitFor()).isEqualTo(128 + 9);
        assertThat(group.paths()).noneMatch(Files::exists);
    }

    @Test
    void aLegacyHostCountsCpuTimeInItsOwnHierarchy(@TempDir Path proc) throws Exception {
        try (Cgroup group = LegacyHost.below(proc).create(name)) {
            inside(group, "while :; do :; done");

            await().atMost(PATIENCE)
                    .until(() -> group.usage().cpu().orElseThrow().used().toMillis() > 10);
            assertThat(group.usage().cpu().orElseThrow().user()).isPresent();
        }
    }

    @Test
    void deleteWaitsForTheLastOneToLeave() throws Exception {
        Cgroup group = host.create(name);
        Process brief = inside(group, "read -r line || exit 0");
        Thread deleting = new Thread(group::delete);
        deleting.start();
        // it has found somebody inside, and waits
        await().atMost(PATIENCE).until(() -> deleting.getState() == Thread.State.TIMED_WAITING);
        brief.getOutputStream().close();
        deleting.join();

        assertThat(brief.waitFor()).isZero();
        assertThat(group.paths()).noneMatch(Files::exists);
    }

    @Test
    void deleteOfABusyGroupSaysWhoIsInIt() throws Exception {
        try (Cgroup group = host.create(name)) {
            Process sleeper = inside(group, "exec sleep 600");

            assertThatThrownBy(group::delete)
                    .hasMessageContaining("EBUSY, processes [" + sleeper.pid() + "] are still in it after 2 s")
                    .asInstanceOf(type(CgroupBusy.class))
                    .satisfies(e -> assertThat(e.pids()).containsExactly(sleeper.pid()));
            assertThat(sleeper.isAlive()).isTrue();
        }
    }

    @Test
    void aNameTakenInOneHierarchyUndoesTheOthers() throws Exception {
        Path taken = Files.createDirectory(parentOf(Controller.PIDS).resolve(name));
        try {
            assertThatThrownBy(() -> host.create(name))
                    .isInstanceOf(NameTaken.class)
                    .hasMessageContaining("cannot create " + taken + ": EEXIST");
            assertThat(leftovers()).containsExactly(taken);
        } finally {
            Files.delete(taken);
        }
    }

    @Test
    void aLimitBelowTheUsageIsRefused() throws Exception {
        try (Cgroup group = host.create(name)) {
            inside(group, "(head -c 30000000 /dev/zero; sleep 600) | tail");
            await().atMost(PATIENCE)
                    .until(() -> group.usage().memory().orElseThrow().current().compareTo(mebibytes(20)) > 0);

            assertThatThrownBy(
                            () -> group.apply(Limits.none().memory(mebibytes(1)).swap(SwapPolicy.UNLIMITED)))
                    .isInstanceOf(LimitBelowUsage.class)
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void allocatingWithoutEndIsOutOfMemory() throws Exception {
        Limits memory = Limits.none().memory(mebibytes(48));
        try (Cgroup group = host.make(memory).group().orElseThrow()) {
            ExitWatch watch = new ExitWatch(Charged.of(group), 0, () -> 0);

            int code = inside(group, "exec tail /dev/zero").waitFor();
            Exit exit = watch.explain(Exit.of(
                    code - 128,
                    new Exit.Details(Duration.ofMillis(300), Optional.empty(), Optional.empty(), List.of())));

            assertThat(exit).hasToString("killed by SIGKILL in 0.3 s: out of memory (limit 48 MiB)");
            // what is wanted in one piece may not fit any more when there is still a little
            assertThat(exit.details().peakMemory())
                    .hasValueSatisfying(peak -> assertThat(peak).isBetween(mebibytes(46), mebibytes(48)));
            assertThat(exit.cause(LimitCause.OutOfMemory.class).flatMap(LimitCause.OutOfMemory::owner))
                    .isEqualTo(group.path(Controller.MEMORY));
        }
    }

    @Test
    @Tag("long")
    void aThousandGroupsLeaveNothingOpen() throws Exception {
        host.make(LIMITS).group().orElseThrow().close();
        RealEvents.awaitSilence();
        long before = OpenDescriptors.count();
        for (int i = 0; i < 1000; i++) {
            try (Cgroup group = host.make(LIMITS).group().orElseThrow()) {
                assertThat(group.usage().memory()).isPresent();
            }
        }
        assertThat(OpenDescriptors.count()).isEqualTo(before);
    }

    @Test
    void anInterruptedThreadStillRemovesItsGroup() throws Exception {
        Cgroup group = host.create(name);
        inside(group, "exec sleep 600");

        Thread.currentThread().interrupt();
        group.close();

        assertThat(Thread.interrupted()).as("the interrupt was handed on").isTrue();
        assertThat(group.paths()).noneMatch(Files::exists);
    }

    private Process inside(Cgroup group, String script) throws IOException {
        String join = group.paths().stream()
                .map(path -> "echo $$ > '" + path + "/cgroup.procs'; ")
                .collect(Collectors.joining());
        Process process =
                new ProcessBuilder("sh", "-c", "set -e; " + join + "echo in; exec 2>/dev/null; " + script).start();
        started.add(process);
        assertThat(process.getInputStream().read()).isEqualTo('i');
        return process;
    }

    private Path parentOf(Controller controller) {
        Availability answer = host.availability(controller);
        assertThat(answer).isInstanceOf(Availability.Available.class);
        return ((Availability.Available) answer).parent();
    }

    private static String value(Applied applied, String feature) {
        return applied.entries().stream()
                .filter(entry -> entry.feature().equals(feature))
                .flatMap(entry -> entry.readBack().stream())
                .findFirst()
                .orElseThrow();
    }

    private List<Path> leftovers() {
        return host.availability().values().stream()
                .flatMap(answer -> answer instanceof Availability.Available available
                        ? Stream.of(available.parent().resolve(name))
                        : Stream.empty())
                .filter(Files::exists)
                .distinct()
                .toList();
    }
}
