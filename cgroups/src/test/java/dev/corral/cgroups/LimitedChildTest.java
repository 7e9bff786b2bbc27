package dev.corral.cgroups;

import static dev.corral.ByteSize.mebibytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Applied;
import dev.corral.ByteSize;
import dev.corral.Cause;
import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Confinement;
import dev.corral.ExecFailed;
import dev.corral.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Children started with limits, from the command to the explained end. */
@Tag("v2")
class LimitedChildTest {
    private static final Confinement OWN_PIDS = launch -> launch.namespaces(List.of("pid"));
    private static final Confinement NOTHING = launch -> {};

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Cgroups host = Cgroups.detect();
    private final String name = "corral-test-" + Long.toHexString(System.nanoTime());
    /** An emulated CPU needs so long for anything that half of it would always be too little. */
    private final Limits limits = Limits.none()
            .memory(mebibytes(48))
            .cpus(RealGroup.EMULATED ? 2 : 0.5)
            .pids(20)
            .named(name);

    @BeforeEach
    void needsGroups() {
        host.availability().values().forEach(answer -> assumeTrue(answer.ok(), answer::describe));
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertThat(leftovers()).isEmpty();
    }

    static List<Confinement> withAndWithoutInit() {
        return List.of(NOTHING, OWN_PIDS);
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void aChildIsBornInsideItsGroup(Confinement init) throws Exception {
        try (Child child =
                Command.of("cat", "/proc/self/cgroup").with(limits).with(init).start()) {
            Cgroup group = child.find(Cgroup.class).orElseThrow();
            String membership = new String(child.getInputStream().readAllBytes(), UTF_8);

            assertThat(child.await()).matches(Exit::ok);
            assertThat(membership.lines().filter(line -> line.endsWith(group.name())))
                    .hasSameSizeAs(group.paths());
        }
    }

    @Test
    void theReportHoldsWhatTheKernelKeeps() throws Exception {
        try (Child child = Command.of("sleep", "600").with(limits).start()) {
            Applied applied = child.find(Applied.class).orElseThrow();
            Cgroup group = child.find(Cgroup.class).orElseThrow();

            assertThat(applied.dropped()).isEmpty();
            assertThat(group.usage().memory().orElseThrow().limit()).isEqualTo(Limit.of(mebibytes(48)));
            await().atMost(PATIENCE)
                    .until(() -> group.usage().pids().orElseThrow().current() == 1);
        }
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void allocatingWithoutEndIsOutOfMemory(Confinement init) throws Exception {
        Limits memory = Limits.none().memory(mebibytes(48)).named(name);
        try (Child child =
                Command.of("tail", "/dev/zero").with(memory).with(init).start()) {
            Exit exit = child.await();

            assertThat(exit.toString()).matches("killed by SIGKILL in .+: out of memory \\(limit 48 MiB\\)");
            LimitCause.OutOfMemory cause =
                    exit.cause(LimitCause.OutOfMemory.class).orElseThrow();
            assertThat(cause.limit()).contains(mebibytes(48));
            // what is wanted in one piece may not fit any more when there is still a little
            assertThat(cause.peak())
                    .hasValueSatisfying(peak -> assertThat(peak).isBetween(mebibytes(46), mebibytes(48)));
            assertThat(cause.owner())
                    .isEqualTo(child.find(Cgroup.class).orElseThrow().path(Controller.MEMORY));
        }
    }

    @Test
    void anOrdinaryEndTellsThePeak() throws Exception {
        try (Child child = Command.of("true").with(limits).start()) {
            Exit exit = child.await();

            assertThat(exit.toString()).matches("exited 0 in .+, peak memory .+[KM]iB");
            assertThat(exit.details().peakMemory())
                    .hasValueSatisfying(peak -> assertThat(peak).isBetween(ByteSize.bytes(1), mebibytes(48)));
        }
    }

    @Test
    void aKillByItsOwnerIsNoLackOfMemory() throws Exception {
        Child child = Command.of("sleep", "600").with(limits).start();

        child.close();

        assertThat(child.exit().orElseThrow().details().causes()).containsExactly(new Cause.Killed());
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void thePayloadMayHaveAsManyProcessesAsAskedFor(Confinement init) throws Exception {
        String script = "sleep 600 & sleep 600 & sleep 600 & echo three";
        try (Child child =
                Command.of("sh", "-c", script).with(limits.pids(4)).with(init).start()) {
            assertThat(child.getInputStream().readNBytes(6)).isEqualTo("three\n".getBytes(UTF_8));
        }
    }

    @Test
    void moreProcessesThanThatAreRefused() throws Exception {
        String script = "for i in 1 2 3 4 5 6 7 8; do sleep 600 & done; echo all";
        try (Child child = Command.of("sh", "-c", script).with(limits.pids(4)).start()) {
            assertThat(child.errorReader().readLine()).contains("fork");
        }
    }

    @Test
    void aChildThatWasKilledWithItsGroupSaysSo() throws Exception {
        try (Child child = Command.of("sleep", "600").with(limits).start()) {
            assertThat(child.find(Cgroup.class).orElseThrow().kill().ok()).isTrue();
            assertThat(child.await().details().causes()).containsExactly(new Cause.Killed());
        }
        try (Cgroup group = host.create(name);
                Child child = Command.of("sleep", "600").with(group).start()) {
            group.kill();
            assertThat(child.await().details().causes()).containsExactly(new Cause.Killed());
        }
    }

    @Test
    void theExitTellsOfTheProcessLimit() throws Exception {
        String script = "sleep 600 & sleep 600 & sleep 600 & sleep 600 & sleep 600 & sleep 600 & sleep 600 & sleep 600";
        try (Child child = Command.of("sh", "-c", script).with(limits.pids(4)).start()) {
            Exit exit = child.await();

            assertThat(exit.ok()).isFalse();
            // a slow machine may throttle it besides
            assertThat(exit.toString()).contains(": out of processes (limit 4)");
            assertThat(exit.cause(LimitCause.PidsLimit.class).flatMap(LimitCause.PidsLimit::owner))
                    .isEqualTo(child.find(Cgroup.class).orElseThrow().path(Controller.PIDS));
        }
    }

    @Test
    void theProcessLimitMayBeThatOfAGroupAbove() throws Exception {
        try (Cgroup pod = host.create(name)) {
            pod.apply(Limits.none().pids(5));
            String script =
                    "sleep 600 & sleep 600 & sleep 600 & sleep 600 & sleep 600 & sleep 600 & sleep 600 & sleep 600";
            try (Child child = Command.of("sh", "-c", script)
                    .with(limits.pids(20).under(pod))
                    .start()) {
                LimitCause.PidsLimit cause =
                        child.await().cause(LimitCause.PidsLimit.class).orElseThrow();

                assertThat(cause).isEqualTo(new LimitCause.PidsLimit(Optional.of(5L), pod.path(Controller.PIDS)));
            }
        }
    }

    @Test
    void whatASiblingWasRefusedIsNoCause() throws Exception {
        String script = "sleep 600 & sleep 600 & sleep 600 & sleep 600 & sleep 600 & sleep 600 & sleep 600 & sleep 600";
        try (Cgroup pod = host.create(name);
                Child bystander = Command.of("sh", "-c", "read line; exit 3")
                        .with(limits.under(pod))
                        .start();
                Child full = Command.of("sh", "-c", script)
                        .with(limits.pids(4).under(pod))
                        .start()) {
            assertThat(full.await().cause(LimitCause.PidsLimit.class)).isPresent();
            bystander.getOutputStream().close();

            Exit exit = bystander.await();

            assertThat(exit.shellCode()).isEqualTo(3);
            assertThat(exit.cause(LimitCause.PidsLimit.class)).isEmpty();
        }
    }

    @Test
    void theMemoryLimitMayBeThatOfAGroupAbove() throws Exception {
        theLimitOfTheGroupAboveIsToldOf(limits.memory(mebibytes(200)));
    }

    @Test
    void theMemoryLimitOfAGroupAboveIsToldOfWithoutAnOwnOne() throws Exception {
        theLimitOfTheGroupAboveIsToldOf(Limits.none().pids(20).named(name));
    }

    private void theLimitOfTheGroupAboveIsToldOf(Limits own) throws Exception {
        try (Cgroup pod = host.create(name)) {
            pod.apply(Limits.none().memory(mebibytes(48)));
            try (Child child =
                    Command.of("tail", "/dev/zero").with(own.under(pod)).start()) {
                LimitCause.OutOfMemory cause =
                        child.await().cause(LimitCause.OutOfMemory.class).orElseThrow();

                assertThat(cause.owner()).isEqualTo(pod.path(Controller.MEMORY));
                assertThat(cause.limit()).contains(mebibytes(48));
            }
        }
    }

    @Test
    void theMemoryLimitOfThisJvmIsToldOfWhereAChildInheritsIt() throws Exception {
        try (Cgroup pod = host.create(name)) {
            assumeTrue(pod.find(MemoryV1.class).isPresent(), "in version 2 a JVM in a group can't make others in it");
            pod.apply(Limits.none().memory(mebibytes(384)));
            String join = "echo $$ >" + pod.path(Controller.MEMORY).orElseThrow() + "/cgroup.procs && exec \"$@\"";
            List<String> line = new ArrayList<>(List.of("sh", "-c", join, "sh"));
            line.addAll(OtherJvm.line(InheritsMemoryProgram.class, name));
            Process jvm = new ProcessBuilder(line)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();

            assertThat(jvm.inputReader().readLine())
                    .matches("killed by SIGKILL in .+: out of memory \\(limit 384 MiB\\)");
            assertThat(jvm.waitFor()).isZero();
        }
    }

    @Test
    void aShellTellsThatItsProgramWasKilled() throws Exception {
        try (Child child =
                Command.of("sh", "-c", "tail /dev/zero; exit $?").with(limits).start()) {
            Exit exit = child.await();

            assertThat(exit.shellCode()).isEqualTo(137);
            assertThat(exit.cause(LimitCause.OutOfMemory.class)).isEmpty();
            assertThat(exit.cause(LimitCause.DescendantOutOfMemory.class)
                            .orElseThrow()
                            .limit())
                    .contains(mebibytes(48));
        }
    }

    @Test
    void aChildThatRanOutOfTimeTellsThatItWasThrottled() throws Exception {
        try (Child child = Command.of("sh", "-c", "while :; do :; done")
                .with(limits.cpus(0.05))
                .timeLimit(Duration.ofSeconds(2))
                .start()) {
            Exit exit = child.await();

            assertThat(exit.cause(Cause.TimedOut.class)).isPresent();
            LimitCause.CpuThrottled cause =
                    exit.cause(LimitCause.CpuThrottled.class).orElseThrow();
            // on a busy machine it does not get its quota in each period
            assertThat(cause.share()).isBetween(0.1, 1.0);
            assertThat(cause.time()).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        }
    }

    @Test
    void aChildThatKeptWithinItsLimitsHasNoCause() throws Exception {
        // with less than a CPU a slow machine would throttle it
        try (Child child = Command.of("sh", "-c", "exit 3").with(limits.cpus(1)).start()) {
            assertThat(child.await().details().causes()).isEmpty();
        }
    }

    @Test
    void whatTheProgramLeftBehindEndsWithTheChild() throws Exception {
        Cgroup group;
        try (Child child =
                Command.of("sh", "-c", "sleep 600 & sleep 600 &").with(limits).start()) {
            group = child.find(Cgroup.class).orElseThrow();
            assertThat(child.await()).matches(Exit::ok);
            Cgroup left = group;
            await().atMost(PATIENCE)
                    .until(() -> left.usage().pids().orElseThrow().current() == 2);
        }
        assertThat(group.paths()).noneMatch(Files::exists);
    }

    @Test
    void aProgramThatDoesNotExistLeavesNoGroup() {
        Command missing = Command.of("/no/such/program").with(limits);

        assertThatThrownBy(missing::start).isInstanceOf(ExecFailed.class);
    }

    @Test
    void aLimitBelowAPageFailsTheLaunchAndLeavesNoGroup() {
        Command command = Command.of("true").with(limits.memory(ByteSize.bytes(100)));

        assertThatThrownBy(command::start).isInstanceOf(InvalidLimit.class).hasMessageContaining("100 bytes");
    }

    @Test
    void aGroupMadeByHandIsJoinedAndOutlivesItsChildren() throws Exception {
        try (Cgroup group = host.create(name)) {
            group.apply(Limits.none().cpus(0.1));
            try (Child loop =
                    Command.of("sh", "-c", "while :; do :; done").with(group).start()) {
                assertThat(loop.find(Cgroup.class)).contains(group);
                await().atMost(PATIENCE).until(() -> throttled(group));
                assertThat(loop.await(Duration.ZERO)).isEmpty();
            }
            assertThat(group.paths()).allMatch(Files::exists);
            assertThat(group.kill().ok()).isTrue();
        }
    }

    @Test
    void aChildsGroupCanLieInAnother() throws Exception {
        try (Cgroup pod = host.create(name);
                Child child = Command.of("sleep", "600").with(limits.under(pod)).start()) {
            assertThat(child.find(Cgroup.class).orElseThrow().path().getParent())
                    .isEqualTo(pod.path());
            await().atMost(PATIENCE)
                    .until(() -> pod.usage().pids().orElseThrow().current() == 1);
        }
    }

    @Test
    @Tag("long")
    void manyChildrenLeaveNothing() throws Exception {
        Command brief = Command.of("true").with(limits).with(OWN_PIDS);
        brief.start().close();
        long before = OpenDescriptors.count();

        for (int i = 0; i < 200; i++) {
            try (Child child = brief.start()) {
                assertThat(child.await()).matches(Exit::ok);
            }
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(OpenDescriptors.count()).isLessThanOrEqualTo(before));
    }

    private static boolean throttled(Cgroup group) {
        return group.usage().cpu().orElseThrow().throttling().orElseThrow().throttled() > 2;
    }

    private List<Path> leftovers() throws IOException {
        try (Stream<Path> all = Stream.of(Controller.values())
                .map(host::availability)
                .flatMap(answer -> answer instanceof Availability.Available available
                        ? Stream.of(available.parent())
                        : Stream.empty())
                .flatMap(LimitedChildTest::entries)) {
            return all.filter(path -> path.getFileName().toString().startsWith(name))
                    .toList();
        }
    }

    private static Stream<Path> entries(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList().stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
