package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.PollCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Triggers of pressure, with the traps of the kernel. */
@Tag("v2")
class PressureEventsTest extends RealEvents {
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
                await().atMost(Heard.PATIENCE).until(() -> stall(group).compareTo(Duration.ofMillis(2500)) > 0);
                assertThat(loops.isAlive()).isTrue();
                assertThat(group.kill(Heard.PATIENCE).ok()).isTrue();
            }
            await().atMost(Heard.PATIENCE)
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

    /** The kernel answers as it does for a group that is gone. */
    @Test
    void pressureThatIsSwitchedOffLaterIsNoRemovalOfTheGroup() {
        try (Cgroup group = host.create(name)) {
            needsPressure(group);
            RawFile pressure = group.file("cgroup.pressure");
            assumeTrue(pressure.exists(), "cgroup.pressure comes with Linux 6.1");
            try (Subscription listening = group.on(heard)
                            .trigger(PsiTrigger.cpu(
                                    PsiTrigger.Kind.SOME, Duration.ofMillis(500), Duration.ofSeconds(2)));
                    StatReader reader = group.reader(StatMask.of(StatMask.PRESSURE, StatMask.TREE))) {
                assertThat(reader.read().pressure()).isPresent();

                pressure.write("0");

                heard.await(1, ControllerUnavailable.class);
                assertThat(heard.all()).doesNotContain("removed");
                assertThat(listening.isActive()).isFalse();
                Usage left = reader.read();
                assertThat(left.pressure()).isEmpty();
                assertThat(left.tree()).isPresent();
                group.delete();
                assertThatThrownBy(reader::read).isInstanceOf(CgroupGone.class);
            }
        }
    }

    /** Two that want the same CPU, so that one of them always waits; they end with their group, and if that fails by themselves. */
    private static Child loops(Cgroup group) throws IOException {
        String loop = "timeout 100 taskset -c " + RealGroup.oneCpu() + " sh -c 'while :; do :; done'";
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
}
