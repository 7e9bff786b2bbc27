package dev.corral;

import static dev.corral.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.corral.testing.ForkedJvm;
import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A command from start to end in one call, within a time, and what it wrote. */
class RunTest {
    /** What no shell takes for its first two lines, however busy the machine. */
    private static final Duration MOST = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final Leftovers before = Leftovers.before();

    static Stream<Confinement> withAndWithoutInit() {
        return Namespacing.noneAndAll();
    }

    @AfterEach
    void nothingIsLeft() {
        before.assertNothingIsLeft();
    }

    private static Command shell(String script) {
        return Command.of("sh", "-c", script);
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void outputErrorAndEndAreToldApart(Confinement confinement) throws Exception {
        Command command = shell("echo out; echo err >&2; exit 3").with(confinement);
        Result result = command.run();
        assertThat(result.output().text()).isEqualTo("out\n");
        assertThat(result.error().lines()).containsExactly("err");
        assertThat(result.exit().shellCode()).isEqualTo(3);
        assertThat(result.command()).isSameAs(command);
    }

    @Test
    void theInputIsAtItsEnd() throws Exception {
        assertThat(Command.of("cat").run().orThrow().output().isEmpty()).isTrue();
        Path file = Files.writeString(directory.resolve("in"), "from a file");
        assertThat(Command.of("cat").input(Stdio.fromFile(file)).run().output()).hasToString("from a file");
    }

    @Test
    void whatIsNoPipeIsNotKept() throws Exception {
        Path file = directory.resolve("out");
        Result result =
                shell("echo out; echo err >&2").output(Stdio.toFile(file)).run();
        assertThat(result.output().isEmpty()).isTrue();
        assertThat(result.error().text()).isEqualTo("err\n");
        assertThat(file).hasContent("out");
        assertThat(shell("echo out; echo err >&2")
                        .errorIntoOutput()
                        .run()
                        .output()
                        .lines())
                .containsExactly("out", "err");
    }

    @Test
    void muchIsKeptOfBothAtOnce() throws Exception {
        Result result = shell("head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2; head -c 1000 /dev/zero")
                .run()
                .orThrow();
        assertThat(result.output().bytes()).hasSize(3_001_000);
        assertThat(result.error().bytes()).hasSize(3_000_000);
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void moreThanTheBoundIsAnErrorAndNotHalfAnAnswer(Confinement confinement) throws Exception {
        Namespacing.assumeWorks(confinement);
        Command command = shell("yes >&2").with(confinement).mostOutput(ByteSize.kibibytes(100));
        assertThatThrownBy(command::run)
                .isInstanceOf(OutputTooLarge.class)
                .hasMessage(
                        "sh -c \"yes >&2\" wrote more than 100 KiB to standard error: raise the bound with mostOutput,"
                                + " write to a file, or read the streams of start()");
        Command exact = shell("head -c 1024 /dev/zero").with(confinement);
        assertThat(exact.mostOutput(ByteSize.bytes(1024)).run().output().bytes())
                .hasSize(1024);
        assertThatThrownBy(() -> exact.mostOutput(ByteSize.bytes(1023)).run())
                .isInstanceOf(OutputTooLarge.class)
                .hasMessageContaining("to standard output");
    }

    /** Nobody would read on, and the program would wait for that until its time is up. */
    @Test
    void moreThanTheJvmHasMemoryForIsAnErrorToo() throws Exception {
        List<String> java = ForkedJvm.commandLine(Poor.class);
        java.add(1, "-Xmx24m");
        assertThat(ForkedJvm.run(new ProcessBuilder(java)).ok().output().lines())
                .endsWith(
                        "head -c 100000000 /dev/zero wrote more to standard output than this JVM has memory for: write to a"
                                + " file, or read the streams of start()");
    }

    /** Keeps more than it has room for. */
    static final class Poor {
        private Poor() {}

        public static void main(String[] arguments) throws Exception {
            Command much = Command.of("head", "-c", "100000000", "/dev/zero").mostOutput(ByteSize.gibibytes(1));
            try {
                Result half = much.run(Duration.ofMinutes(1));
                System.out.println(half.exit() + " with " + half.output().bytes().length + " bytes");
            } catch (OutputTooLarge refused) {
                System.out.println(refused.getMessage());
            }
        }
    }

    @Test
    void whatIsLeftBehindIsNotWaitedFor() throws Exception {
        String time = Processes.longTime();
        long begin = System.nanoTime();
        Result result = shell("setsid sleep " + time + " & echo done").run().orThrow();
        assertThat(result.output().text()).isEqualTo("done\n");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMinutes(1));
        Processes.awaitMentioning(time, 1); // none does in the midst of its exec
        Processes.mentioning(time).forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    @Test
    void aFailureIsThrownWithItsLastWords() throws Exception {
        assertThatThrownBy(() -> shell("echo first >&2; echo no such thing >&2; echo >&2; exit 2")
                        .run()
                        .orThrow())
                .isInstanceOf(CommandFailed.class)
                .hasMessageMatching("sh -c .*: exited 2 in [0-9.]+ m?s: no such thing");
        assertThatThrownBy(() -> shell("printf %4000s x >&2; exit 2").run().orThrow())
                .message()
                .hasSizeLessThan(500);
        CommandFailed failed = catchThrowableOfType(
                CommandFailed.class, () -> shell("kill -9 $$").run().orThrow());
        assertThat(failed.exit().terminatedBy()).contains(Signal.KILL);
        assertThat(failed).hasMessageContaining("killed by SIGKILL");
        Result fine = Command.of("true").run();
        assertThat(fine.orThrow()).isSameAs(fine);
    }

    @Test
    void anExitIsThrownToo() throws Exception {
        try (Child child = shell("exit 4").start()) {
            Exit exit = child.await();
            assertThatThrownBy(exit::orThrow).isInstanceOf(CommandFailed.class).hasMessageStartingWith("exited 4 in ");
        }
        try (Child child = shell("exit 0").start()) {
            Exit exit = child.await();
            assertThat(exit.orThrow()).isSameAs(exit);
        }
    }

    @Test
    void aProgramThatIsMissingIsALaunchException() {
        assertThatThrownBy(() -> Command.of("/no/such/program").run()).isInstanceOf(ExecFailed.class);
    }

    @Test
    void anInterruptKillsIt() throws Exception {
        String time = Processes.longTime();
        FutureTask<Result> running =
                new FutureTask<>(() -> Command.of("sleep", time).run());
        Thread thread = new Thread(running);
        thread.start();
        Processes.awaitMentioning(time, 1);
        // Its program runs before the start of it has returned, which would be cancelled.
        await().until(() -> thread.getState() == Thread.State.WAITING);
        thread.interrupt();
        assertThatThrownBy(() -> running.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(InterruptedException.class);
        assertThat(Processes.mentioning(time)).isEmpty();
        thread.join();
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void aProgramThatTakesTooLongIsAskedToEnd(Confinement confinement) throws Exception {
        Command command = shell("trap 'echo leaving; exit 6' TERM; echo ready; while :; do sleep 0.02; done")
                .with(confinement);
        Duration limit = Duration.ofMillis(400);
        Result result = command.run(limit);
        while (!result.output().lines().contains("ready") && limit.compareTo(MOST) < 0) {
            limit = limit.multipliedBy(4); // a shell of a busy machine had not come that far
            result = command.run(limit);
        }
        assertThat(result.output().lines()).containsExactly("ready", "leaving");
        assertThat(result.exit().shellCode()).isEqualTo(6);
        assertThat(result.exit().cause(Cause.TimedOut.class)).contains(new Cause.TimedOut(limit));
        assertThat(result.exit().toString()).endsWith(": " + new Cause.TimedOut(limit).describe());
        assertThat(new Cause.TimedOut(Duration.ofMillis(400)).describe()).isEqualTo("out of time (limit 0.4 s)");
        assertThat(result.exit().details().causes()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void aProgramThatDoesNotEndIsKilled(Confinement confinement) throws Exception {
        Command command = shell("trap '' TERM; echo ready; exec cat").with(confinement);
        Duration limit = Duration.ofMillis(100);
        Result result = ended(command.timeLimit(limit, Duration.ofMillis(100)));
        while (result.output().isEmpty() && limit.compareTo(MOST) < 0) {
            limit = limit.multipliedBy(4); // a shell of a busy machine had not come that far
            result = ended(command.timeLimit(limit, Duration.ofMillis(100)));
        }
        Exit exit = result.exit();
        assertThat(exit.terminatedBy()).contains(Signal.KILL);
        assertThat(exit.details().causes()).containsExactly(new Cause.TimedOut(limit));
        assertThat(exit.duration()).isGreaterThanOrEqualTo(limit.plusMillis(100));
    }

    /** Its input stays open: it has no other reason to end. */
    private static Result ended(Command command) throws Exception {
        try (Child child = command.start()) {
            byte[] output = child.getInputStream().readAllBytes();
            return new Result(command, child.await(), new Output(output), new Output(new byte[0]));
        }
    }

    @Test
    void whoEndsInTimeHasNoSuchCause() throws Exception {
        Exit exit = Command.of("true").run(Duration.ofSeconds(100)).exit();
        assertThat(exit.ok()).isTrue();
        assertThat(exit.details().causes()).isEmpty();
        Exit killed =
                shell("kill -TERM $$").run(Duration.ofSeconds(Long.MAX_VALUE)).exit();
        assertThat(killed.details().causes()).isEmpty();
    }

    @Test
    void theTimeOfARestingOneBeginsWithItsStart() throws Exception {
        try (Child child = Command.of("cat")
                .timeLimit(Duration.ofMillis(50), Duration.ZERO)
                .create()) {
            assertThat(child.await(Duration.ofMillis(200))).isEmpty();
            child.start();
            assertThat(child.await().cause(Cause.TimedOut.class)).isPresent();
        }
    }

    @Test
    void badTimesAreRefusedWhereTheyAreGiven() {
        Command command = Command.of("true");
        assertThatThrownBy(() -> command.timeLimit(Duration.ZERO))
                .hasMessage("time limit PT0S: it is more than nothing");
        assertThatThrownBy(() -> command.timeLimit(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> command.timeLimit(Duration.ofMillis(1), Duration.ofMillis(-1)))
                .hasMessageContaining("grace");
    }

    @Test
    void itCanBeRunAgain() throws Exception {
        Command command = shell("echo $$").with(Namespacing.all());
        Output first = command.run().orThrow().output();
        assertThat(command.run().orThrow().output())
                .isEqualTo(first)
                .hasSameHashCodeAs(first)
                .isNotEqualTo(new Output(new byte[0]));
        try (Child ended = command.start()) {
            ended.await();
            try (Child again = ended.command().start()) {
                assertThat(again.pid()).isNotEqualTo(ended.pid());
                assertThat(again.await().ok()).isTrue();
            }
        }
    }

    @Test
    void outputKeepsItsBytes() throws Exception {
        byte[] bytes = shell("printf '\\377\\000a'").run().output().bytes();
        assertThat(bytes).containsExactly(0xff, 0, 'a');
        Output output = new Output(bytes);
        Arrays.fill(output.bytes(), (byte) 0);
        assertThat(output.bytes()).containsExactly(0xff, 0, 'a');
        assertThat(output.text()).isEqualTo("\ufffd\0a");
    }
}
