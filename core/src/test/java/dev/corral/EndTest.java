package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.Exit.Exited;
import dev.corral.Exit.Signalled;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Outputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pids, the wait for the end, and what the end tells: the same with an init as without one. */
class EndTest {
    static Stream<Confinement> withAndWithoutInit() {
        return Namespacing.noneAndAll();
    }

    private static Exit end(Confinement confinement, String script) throws InterruptedException {
        try (Child child = Command.of("sh", "-c", script).with(confinement).start()) {
            return child.await();
        }
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void everyExitCodeComesThrough(Confinement confinement) throws Exception {
        for (int code = 0; code <= 255; code += code < 5 || code > 120 ? 1 : 23) {
            Exit exit = end(confinement, "exit " + code);
            assertThat(exit).isInstanceOf(Exited.class);
            assertThat(exit.rawStatus()).isEqualTo(code << 8);
            assertThat(exit.shellCode()).isEqualTo(code);
        }
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void aSignalIsNotTakenForTheCodeThatShellsGiveIt(Confinement confinement) throws Exception {
        Exit killed = end(confinement, "kill -KILL $$");
        assertThat(killed).isInstanceOf(Signalled.class);
        assertThat(killed.rawStatus()).isEqualTo(9);
        assertThat(killed.details().causes()).as("nobody here did it").isEmpty();

        Exit exited = end(confinement, "exit 137");
        assertThat(exited).isInstanceOf(Exited.class);
        assertThat(exited.rawStatus()).isEqualTo(137 << 8);
        assertThat(exited.shellCode()).isEqualTo(killed.shellCode());
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void theCoreDumpBitIsTheKernels(Confinement confinement) throws Exception {
        Exit without = end(confinement, "ulimit -c 0; kill -SEGV $$");
        assertThat(without).isInstanceOfSatisfying(Signalled.class, signalled -> {
            assertThat(signalled.signal()).isEqualTo(new Signal(11));
            assertThat(signalled.coreDumped()).isFalse();
        });
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void usageIsThePayloads(Confinement confinement) throws Exception {
        Exit exit = end(confinement, "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done");
        ResourceUsage usage = exit.details().usage().orElseThrow();
        assertThat(usage.userTime().plus(usage.systemTime()))
                .isBetween(Duration.ofMillis(5), exit.duration().plusMillis(10));
        assertThat(usage.peakResident()).isBetween(ByteSize.kibibytes(200), ByteSize.mebibytes(100));
    }

    @Test
    void withoutAnInitTheProgramIsTheDirectChild() throws Exception {
        try (Child child = Command.of("sh", "-c", "echo $$; cat").start()) {
            assertThat(Outputs.line(child)).isEqualTo(Long.toString(child.pid()));
            assertThat(child.payloadPid()).isEqualTo(child.pid());
        }
    }

    @Test
    void withAnInitTheProgramIsItsChild() throws Exception {
        try (Child child =
                Command.of("sh", "-c", "echo $$; cat").with(Namespacing.pid()).start()) {
            assertThat(Outputs.line(child)).isEqualTo("2");
            assertThat(child.payloadPid()).isNotEqualTo(child.pid());
            assertThat(Files.readString(Path.of("/proc/" + child.payloadPid() + "/status")))
                    .containsPattern("NSpid:\t" + child.payloadPid() + "\t2\n")
                    .containsPattern("PPid:\t" + child.pid() + "\n");
        }
    }

    @Test
    void theHandleIsThatOfTheDirectChild() throws Exception {
        try (Child child = Command.of("cat").start()) {
            assertThat(child.toHandle().pid()).isEqualTo(child.pid());
            assertThat(child.toHandle().parent()).contains(ProcessHandle.current());
            assertThat(child.info().command().orElse("")).endsWith("cat");
            assertThat(ProcessHandle.current().children()).contains(child.toHandle());
            child.getOutputStream().close();
            child.await();
            assertThat(child.toHandle().isAlive()).isFalse();
        }
    }

    /** The JDK waits for any pid when asked, and must not take the status from us. */
    @Test
    void theJdksOwnWaitDoesNotStealTheStatus() throws Exception {
        try (Child child = Command.of("sh", "-c", "read line; exit 42").start()) {
            CompletableFuture<ProcessHandle> jdk = child.toHandle().onExit();
            child.getOutputStream().close();
            assertThat(child.await().shellCode()).isEqualTo(42);
            jdk.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void aRunningChildHasNoEndYet() throws Exception {
        try (Child child = Command.of("cat").start()) {
            assertThat(child.isAlive()).isTrue();
            assertThat(child.exit()).isEmpty();
            assertThat(child.exited()).isNotDone();
            assertThat(child.onExit()).isNotDone();
            assertThat(child.await(Duration.ofMillis(1))).isEmpty();
            assertThat(child.await(Duration.ZERO)).isEmpty();
            assertThat(child.waitFor(1, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(child.waitFor(-1, TimeUnit.SECONDS)).isFalse();
            assertThatThrownBy(child::exitValue)
                    .isInstanceOf(IllegalThreadStateException.class)
                    .hasMessage("cat has not ended");
            assertThat(child).hasToString("cat, pid " + child.pid());
        }
    }

    @Test
    void everyWayToWaitTellsTheSameEnd() throws Exception {
        try (Child child = Command.of("sh", "-c", "exit 7").start()) {
            Exit exit = child.await();
            assertThat(child.await(Duration.ofSeconds(Long.MAX_VALUE))).contains(exit);
            assertThat(child.exit()).contains(exit);
            assertThat(child.exited().get(1, TimeUnit.SECONDS)).isSameAs(exit);
            assertThat(child.onExit().get(1, TimeUnit.SECONDS)).isSameAs(child);
            assertThat(child.waitFor()).isEqualTo(7);
            assertThat(child.waitFor(0, TimeUnit.SECONDS)).isTrue();
            assertThat(child.exitValue()).isEqualTo(7);
            assertThat(child.isAlive()).isFalse();
            assertThat(child).hasToString("sh -c \"exit 7\", pid " + child.pid() + ", " + exit);
        }
    }

    @Test
    void theEndIsToldToWhoeverAskedBeforehand() throws Exception {
        try (Child child = Command.of("sh", "-c", "read line; exit 3").start()) {
            CompletableFuture<Integer> told = child.exited().thenApply(Exit::shellCode);
            CompletableFuture<Process> process = child.onExit();
            child.getOutputStream().close();
            assertThat(told.get(30, TimeUnit.SECONDS)).isEqualTo(3);
            assertThat(process.get(30, TimeUnit.SECONDS)).isSameAs(child);
        }
    }

    /** The thread that waits for all children must not be held up by what somebody does about the end of one. */
    @Test
    void whoeverIsToldOfAnEndMayWaitForAnother() throws Exception {
        try (Child first = Command.of("sh", "-c", "read line; exit 3").start();
                Child second = Command.of("sh", "-c", "read line; exit 4").start()) {
            CompletableFuture<Integer> told = first.exited().thenApply(exit -> {
                try {
                    second.getOutputStream().close();
                    return second.await().shellCode();
                } catch (IOException | InterruptedException failed) {
                    throw new IllegalStateException(failed);
                }
            });
            CompletableFuture<Integer> alsoTold = first.onExit().thenApply(process -> {
                try {
                    return second.waitFor();
                } catch (InterruptedException failed) {
                    throw new IllegalStateException(failed);
                }
            });
            first.getOutputStream().close();
            assertThat(told.get(30, TimeUnit.SECONDS)).isEqualTo(4);
            assertThat(alsoTold.get(30, TimeUnit.SECONDS)).isEqualTo(4);
        }
    }

    @Test
    void completingWhatWasHandedOutChangesNothing() throws Exception {
        try (Child child = Command.of("cat").start()) {
            child.exited().cancel(true);
            child.onExit().cancel(true);
            assertThat(child.isAlive()).isTrue();
            child.getOutputStream().close();
            assertThat(child.await().ok()).isTrue();
        }
    }

    @Test
    void theDurationIsThatFromStartToEnd() throws Exception {
        long begin = System.nanoTime();
        Exit exit = end(Namespacing.none(), "sleep 0.2");
        Duration around = Duration.ofNanos(System.nanoTime() - begin);
        assertThat(exit.duration()).isBetween(Duration.ofMillis(200), around);
    }

    @Test
    void anEndThatCameBeforeAnybodyLookedIsKept() throws Exception {
        for (int i = 0; i < 50; i++) {
            try (Child child = Command.of("true").start()) {
                assertThat(child.await(Duration.ofSeconds(30)).map(Exit::ok)).isEqualTo(Optional.of(true));
            }
        }
    }
}
