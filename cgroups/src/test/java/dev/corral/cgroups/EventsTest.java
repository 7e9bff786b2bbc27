package dev.corral.cgroups;

import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Exit;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.PollCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events of real groups. */
@Tag("v2")
class EventsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Cgroups host = Cgroups.detect();
    private final String name = "corral-events-" + Long.toHexString(System.nanoTime());
    private final Heard heard = new Heard();

    @BeforeEach
    void needsGroups() {
        host.availability().values().forEach(answer -> assumeTrue(answer.ok(), answer::describe));
    }

    @Test
    void aKillForWantOfMemoryIsTold() throws Exception {
        try (Cgroup group = host.create(name);
                Subscription listening = group.on(heard)) {
            group.apply(Limits.none().memory(mebibytes(48)));
            hog(group);

            heard.await(1, CgroupEvents.OomKill.class);
            Optional<Path> memory = group.path(Controller.MEMORY);
            assertThat(heard.all(CgroupEvents.OomKill.class)).singleElement().satisfies(kill -> {
                assertThat(kill.victim()).isEqualTo(memory);
                assertThat(kill.limit()).contains(mebibytes(48));
                assertThat(kill.owner()).isEqualTo(memory);
                // what is wanted in one piece may not fit any more when there is still a little
                assertThat(kill.peak())
                        .hasValueSatisfying(peak -> assertThat(peak).isBetween(mebibytes(46), mebibytes(48)));
            });

            hog(group);
            heard.await(2, CgroupEvents.OomKill.class);
            assertThat(heard.all(CgroupEvents.OomKill.class).get(1).owner()).isEqualTo(memory);
            assertThat(listening.isActive()).isTrue();
        }
    }

    /** Those who listen to the group above hear of the victim below, and those below of the limit above. */
    @Test
    void victimAndOwnerMayBeDifferentGroups() throws Exception {
        Heard above = new Heard();
        try (Cgroup pod = host.create(name);
                Cgroup below = inside(pod);
                Subscription first = pod.on(above);
                Subscription second = below.on(heard)) {
            pod.apply(Limits.none().memory(mebibytes(48)));
            hog(below);

            for (Heard listener : List.of(above, heard)) {
                listener.await(1, CgroupEvents.OomKill.class);
                CgroupEvents.OomKill kill =
                        listener.all(CgroupEvents.OomKill.class).get(0);
                assertThat(kill.victim()).isEqualTo(below.path(Controller.MEMORY));
                assertThat(kill.owner()).isEqualTo(pod.path(Controller.MEMORY));
                assertThat(kill.limit()).contains(mebibytes(48));
            }
            assertThat(first.isActive() && second.isActive()).isTrue();
        }
    }

    /** A limit that was in the way of an earlier kill is not taken for that of a later one. */
    @Test
    void eachKillHasTheOwnerOfItsOwnLimit() throws Exception {
        try (Cgroup pod = host.create(name);
                Cgroup below = inside(pod);
                Subscription listening = below.on(heard)) {
            below.apply(Limits.none().memory(mebibytes(32)));
            hog(below);
            heard.await(1, CgroupEvents.OomKill.class);

            below.apply(Limits.none().memory(mebibytes(400)));
            pod.apply(Limits.none().memory(mebibytes(48)));
            hog(below);
            heard.await(2, CgroupEvents.OomKill.class);

            assertThat(heard.all(CgroupEvents.OomKill.class))
                    .extracting(CgroupEvents.OomKill::owner)
                    .containsExactly(below.path(Controller.MEMORY), pod.path(Controller.MEMORY));
            assertThat(listening.isActive()).isTrue();
        }
    }

    @Test
    void comingGoingAndStandingStillAreTold() throws Exception {
        try (Cgroup group = host.create(name);
                Subscription listening = group.on(heard)) {
            try (Child sleeper = Command.of("sleep", "60").with(group).start()) {
                heard.await("populated");
                group.freeze(PATIENCE);
                heard.await("populated", "frozen");
                group.thaw();
                heard.await("populated", "frozen", "thawed");
                assertThat(sleeper.isAlive()).isTrue();
            }
            heard.await("populated", "frozen", "thawed", "empty");
            assertThat(listening.isActive()).isTrue();
        }
    }

    @Test
    void aRefusedForkIsTold() throws Exception {
        try (Cgroup group = host.create(name);
                Subscription listening = group.on(heard)) {
            group.apply(Limits.none().pids(3));
            String script = "sleep 9 & sleep 9 & sleep 9 & sleep 9 & sleep 9 & sleep 9";
            try (Child child = Command.of("sh", "-c", script).with(group).start()) {
                assertThat(child.await()).matches(exit -> !exit.ok());
            }

            heard.await(1, CgroupEvents.ForkRefused.class);
            assertThat(heard.all(CgroupEvents.ForkRefused.class).get(0))
                    .isEqualTo(new CgroupEvents.ForkRefused(Optional.of(3L), group.path(Controller.PIDS)));
            assertThat(listening.isActive()).isTrue();
        }
    }

    @Test
    void aRemovalIsToldOnceAndEndsTheSubscription() throws Exception {
        await().atMost(PATIENCE).until(() -> threads() == 0); // that of the test before holds two until it has ended
        long before = OpenDescriptors.count();
        Cgroup group = host.create(name);
        Subscription listening = group.on(heard);
        group.close();

        heard.await("removed");
        assertThat(listening.isActive()).isFalse();
        assertThat(heard.all()).containsExactly("removed");
        await().atMost(PATIENCE).until(() -> threads() == 0);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(OpenDescriptors.count()).isEqualTo(before));
        assertThatThrownBy(() -> listening.trigger(
                        PsiTrigger.cpu(PsiTrigger.Kind.SOME, Duration.ofMillis(100), Duration.ofSeconds(2))))
                .isInstanceOf(CgroupGone.class);
        assertThatThrownBy(() -> group.on(heard)).isInstanceOf(CgroupGone.class);
        listening.close();
    }

    @Test
    void theRemovalOfAGroupBesideIsNoneOfThisOne() throws Exception {
        Cgroup other = host.create(name + "-b");
        Subscription both = other.on(heard);
        try (Cgroup group = host.create(name);
                Subscription listening = group.on(heard)) {
            other.close();
            heard.await("removed");
            assertThat(both.isActive()).isFalse();
            assertThat(listening.isActive()).isTrue();
        }
    }

    @Test
    void allShareOneThreadWhichEndsWithTheLast() {
        try (Cgroup group = host.create(name)) {
            Subscription first = group.on(heard);
            Subscription second = group.on(heard);
            assertThat(threads()).isEqualTo(1);
            first.close();
            assertThat(threads()).isEqualTo(1);
            second.close();
            second.close();
            await().atMost(PATIENCE).until(() -> threads() == 0);
            try (Subscription third = group.on(heard)) {
                assertThat(threads()).isEqualTo(1);
                assertThat(third.isActive()).isTrue();
            }
        }
    }

    @Test
    void aHandlerThatFailsOrClosesDisturbsNobody() throws Exception {
        try (Cgroup group = host.create(name)) {
            Subscription[] mine = new Subscription[1];
            mine[0] = group.on(new CgroupEvents() {
                @Override
                public void populated() {
                    throw new IllegalStateException("on purpose");
                }

                @Override
                public void empty() {
                    mine[0].close();
                }
            });
            try (Subscription other = group.on(heard);
                    Child child = Command.of("sleep", "60").with(group).start()) {
                heard.await("populated");
                child.destroyForcibly();
                heard.await("populated", "empty");
                await().atMost(PATIENCE).until(() -> !mine[0].isActive());
                assertThat(other.isActive()).isTrue();
            }
        }
    }

    @Test
    void anExecutorThatTakesNothingLosesEventsAndNothingElse() throws Exception {
        var executor = Executors.newSingleThreadExecutor();
        executor.shutdown();
        try (Cgroup group = host.create(name);
                Subscription deaf = group.on(heard, executor);
                Subscription other = group.on(heard)) {
            comeAndGo(group);
            assertThat(deaf.isActive()).isTrue();
            assertThat(other.isActive()).isTrue();
        }
    }

    @Test
    void aThresholdOfVersion1IsToldWhenUsageCrossesIt() throws Exception {
        try (Cgroup group = host.create(name);
                Subscription listening = group.on(heard)) {
            assumeTrue(
                    group.path(Controller.MEMORY).orElseThrow().startsWith("/sys/fs/cgroup/memory"),
                    "memory is held by version 2 here");
            listening.threshold(mebibytes(16));
            try (Child child = Command.of("sh", "-c", "(head -c 30000000 /dev/zero; sleep 60) | tail")
                    .with(group)
                    .start()) {
                heard.await("threshold 16 MiB");
                assertThat(child.isAlive()).isTrue();
            }
        }
    }

    @Test
    void aThresholdNeedsVersion1() throws Exception {
        try (Cgroup group = host.create(name);
                Subscription listening = group.on(heard)) {
            assumeTrue(group instanceof CgroupV2, "memory is held by version 1 here");

            assertThatThrownBy(() -> listening.threshold(mebibytes(16)))
                    .isInstanceOf(UnsupportedLimit.class)
                    .hasMessageContaining("memory.high");
        }
    }

    @Test
    void memoryHighIsTold() throws Exception {
        try (Cgroup group = host.create(name);
                Subscription listening = group.on(heard)) {
            assumeTrue(
                    group instanceof CgroupV2, "only version 2 has memory.high, and memory is held by version 1 here");
            group.directories()
                    .get(0)
                    .write("memory.high", Long.toString(mebibytes(16).bytes()));
            try (Child child = Command.of("sh", "-c", "(head -c 30000000 /dev/zero; sleep 60) | tail")
                    .with(group)
                    .start()) {
                await().atMost(PATIENCE).until(() -> heard.all().contains("high"));
                assertThat(child.isAlive()).isTrue();
                assertThat(listening.isActive()).isTrue();
            }
        }
    }

    // ------------------------------------------------------------- pressure

    @Test
    void aPressureTriggerGoesOffWithTheTimeThatWasLost() throws Exception {
        try (Cgroup group = host.create(name)) {
            needsPressure(group);
            PsiTrigger trigger = PsiTrigger.cpu(PsiTrigger.Kind.SOME, Duration.ofMillis(300), Duration.ofSeconds(2));
            try (Subscription listening = group.on(heard).trigger(trigger);
                    Child loops = loops(group)) {
                heard.await(1, Heard.Stalled.class);
                Heard.Stalled stalled = heard.all(Heard.Stalled.class).get(0);
                assertThat(stalled.trigger()).isEqualTo(trigger);
                assertThat(stalled.newStall()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
                assertThat(loops.isAlive()).isTrue();
                assertThat(listening.isActive()).isTrue();
            }
        }
    }

    @Test
    void aWindowThatNeedsPrivilegeIsRoundedUpAndThatIsSaid() {
        try (Cgroup group = host.create(name)) {
            needsPressure(group);
            try (Subscription listening = group.on(heard)
                    .trigger(PsiTrigger.memory(PsiTrigger.Kind.FULL, Duration.ofMillis(150), Duration.ofSeconds(1)))) {
                boolean privileged =
                        status("CapEff").filter(mask -> (mask >> 24 & 1) == 1).isPresent();
                assertThat(listening.notes().stream().anyMatch(note -> note.contains("2 s instead of 1000 ms")))
                        .isEqualTo(!privileged);
            }
        }
    }

    /** Trap: without privilege the kernel's first event counts time that was lost before. */
    @Test
    void timeThatWasLostBeforeIsNoAlarm() throws Exception {
        try (Cgroup group = host.create(name)) {
            needsPressure(group);
            try (Child loops = loops(group)) {
                await().atMost(PATIENCE).until(() -> stall(group).compareTo(Duration.ofMillis(2500)) > 0);
                assertThat(loops.isAlive()).isTrue();
            }
            await().atMost(PATIENCE)
                    .until(() -> group.usage(StatMask.TREE)
                            .tree()
                            .flatMap(TreeStat::populated)
                            .equals(Optional.of(false)));
            Path file = group.path().resolve("cpu.pressure");
            try (Subscription listening = group.on(heard)
                            .trigger(PsiTrigger.cpu(
                                    PsiTrigger.Kind.SOME, Duration.ofMillis(1500), Duration.ofSeconds(2)));
                    Fd raw = new Fd(LibC.open(file, LibC.O_RDWR | LibC.O_NONBLOCK))) {
                write(raw, "some 1500000 2000000\n");
                int ready = PollCalls.poll(raw.number(), PollCalls.POLLPRI, 6_000);
                assumeTrue(ready != 0, "this kernel gave no false alarm");
                // both were evaluated at the same moment; the thread has heard of it when it hears of what came later
                comeAndGo(group);
                assertThat(heard.all(Heard.Stalled.class)).isEmpty();
                assertThat(listening.isActive()).isTrue();
            }
        }
    }

    /** Trap: the files of the whole machine put a NUL in place of the last byte. */
    @Test
    void theTextOfATriggerEndsWithANewline() {
        Path machine = Path.of("/proc/pressure/cpu");
        assumeTrue(Files.exists(machine), "this kernel keeps no pressure");
        String text = PsiTrigger.cpu(PsiTrigger.Kind.SOME, Duration.ofMillis(250), Duration.ofSeconds(2))
                .text();
        assertThat(text).isEqualTo("some 250000 2000000\n");
        assumeTrue(Files.isWritable(machine), "triggers of the whole machine are not for this user");
        try (Fd right = new Fd(LibC.open(machine, LibC.O_RDWR | LibC.O_NONBLOCK));
                Fd wrong = new Fd(LibC.open(machine, LibC.O_RDWR | LibC.O_NONBLOCK))) {
            write(right, text);
            // the kernel takes the last digit for the newline, and a stall of 250 ms within 200 ms for a mistake
            assertThatThrownBy(() -> write(wrong, text.strip())).isInstanceOf(ErrnoException.class);
            assertThatThrownBy(() -> write(right, text)).hasMessageContaining("EBUSY");
        }
    }

    @Test
    void pressureThatIsSwitchedOffIsSaidToBe() {
        try (Cgroup group = host.create(name)) {
            needsPressure(group);
            GroupDirectory directory =
                    group.directories().get(group.directories().size() - 1);
            assumeTrue(directory.exists("cgroup.pressure"), "cgroup.pressure comes with Linux 6.1");
            directory.write("cgroup.pressure", "0");
            try (Subscription listening = group.on(heard)) {
                assertThatThrownBy(() -> listening.trigger(
                                PsiTrigger.cpu(PsiTrigger.Kind.SOME, Duration.ofMillis(150), Duration.ofSeconds(2))))
                        .isInstanceOf(UnsupportedLimit.class)
                        .hasMessageContaining("switched off in the group");
            }
            assertThat(group.usage(StatMask.PRESSURE).pressure()).isEmpty();
            assertThat(group.absence(StatMask.PRESSURE))
                    .singleElement()
                    .asString()
                    .contains("switched off in the group by cgroup.pressure");
        }
    }

    // ------------------------------------------------------------- version 1 alone

    @Test
    void aHostWithoutVersion2LooksAgainAndAgain(@TempDir Path proc) throws Exception {
        Cgroups legacy = LegacyHost.below(proc);
        Cgroup group = legacy.create(name);
        try (Subscription listening = group.on(heard)) {
            assertThat(listening.notes()).anyMatch(note -> note.contains("every 100 ms"));
            try (Child child = Command.of("sleep", "60").with(group).start()) {
                heard.await("populated");
                group.freeze(PATIENCE);
                heard.await("populated", "frozen");
                group.thaw();
                heard.await("populated", "frozen", "thawed");
                assertThat(child.isAlive()).isTrue();
            }
            heard.await("populated", "frozen", "thawed", "empty");
            assertThatThrownBy(() -> listening.trigger(
                            PsiTrigger.cpu(PsiTrigger.Kind.SOME, Duration.ofMillis(100), Duration.ofSeconds(2))))
                    .isInstanceOf(UnsupportedLimit.class)
                    .hasMessageContaining("only version 2 knows pressure");
            group.close();
            heard.await("populated", "frozen", "thawed", "empty", "removed");
        } finally {
            group.close();
        }
    }

    private Cgroup inside(Cgroup pod) {
        return pod.host()
                .make(Limits.none().memory(mebibytes(400)).under(pod))
                .group()
                .orElseThrow();
    }

    private static void hog(Cgroup group) throws InterruptedException {
        try (Child child = Command.of("tail", "/dev/zero").with(group).start()) {
            assertThat(child.await()).isInstanceOf(Exit.Signalled.class);
        }
    }

    private void comeAndGo(Cgroup group) throws InterruptedException {
        try (Child child = Command.of("sleep", "60").with(group).start()) {
            heard.await("populated");
            child.destroyForcibly();
            assertThat(child.await()).isInstanceOf(Exit.Signalled.class);
        }
        heard.await("populated", "empty");
    }

    /** Two that want the same CPU, so that one of them always waits; they end by themselves. */
    private static Child loops(Cgroup group) throws IOException {
        String loop = "timeout 5 taskset -c " + RealGroup.oneCpu() + " sh -c 'while :; do :; done'";
        return Command.of("sh", "-c", loop + " & " + loop + " & wait")
                .with(group)
                .start();
    }

    private static Duration stall(Cgroup group) {
        return group.usage(StatMask.PRESSURE)
                .pressure()
                .orElseThrow()
                .cpu()
                .orElseThrow()
                .some()
                .orElseThrow()
                .total();
    }

    private static void needsPressure(Cgroup group) {
        assumeTrue(
                group.usage(StatMask.PRESSURE).pressure().isPresent(),
                () -> group.absence(StatMask.PRESSURE).toString());
    }

    private static Optional<Long> status(String key) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith(key + ":"))
                    .map(line -> Long.parseUnsignedLong(
                            line.substring(key.length() + 1).strip(), 16))
                    .findFirst();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void write(Fd fd, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        LibC.write(fd.number(), bytes, bytes.length);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("corral-cgroup-events"))
                .count();
    }

    @Test
    void whoListensIsToldThatNothingIsHeardAnyMore() throws Exception {
        // looked at every 100 ms
        assumeTrue(
                host.mode() != CgroupMode.UNIFIED && Files.exists(Path.of("/sys/fs/cgroup/pids")),
                "version 1 does not hold pids");
        AtomicBoolean starved = new AtomicBoolean();
        Host real = Host.real(Path.of("/proc"));
        Cgroups starving = Cgroups.detect(
                real.through(new Held(real.tree()) {
                    @Override
                    public Optional<String> value(Path directory, String file) {
                        if (starved.get() && file.equals("pids.events")) {
                            throw new OutOfMemoryError("a test");
                        }
                        return super.value(directory, file);
                    }
                }),
                Path.of("/sys"));
        try (Cgroup group = starving.create(name);
                Subscription listening = group.on(heard);
                Cgroup other = starving.create(name + "-other")) {
            starved.set(true);

            heard.await(1, ListeningFailed.class);
            assertThat(heard.all(ListeningFailed.class)).singleElement().satisfies(why -> {
                assertThat(why)
                        .hasMessageContaining("cannot listen to ")
                        .hasRootCauseInstanceOf(OutOfMemoryError.class);
            });
            assertThat(listening.isActive()).isFalse();

            // the thread that all share goes on
            starved.set(false);
            Heard others = new Heard();
            try (Subscription more = other.on(others)) {
                other.freeze(PATIENCE);
                others.await("frozen");
                other.thaw();
                assertThat(more.isActive()).isTrue();
            }
        }
    }
}
