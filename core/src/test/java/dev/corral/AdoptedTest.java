package dev.corral;

import static dev.corral.testing.Patience.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.testing.ForkedJvm;
import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Processes;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What outlives the JVM that started it, and is found again. */
class AdoptedTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private static Command outliving(String... line) {
        return Command.of(List.of(line))
                .input(Stdio.nothing())
                .output(Stdio.nothing())
                .error(Stdio.nothing())
                .outliveJvm();
    }

    /** What outlives a JVM must not outlive a test that fails. */
    private static void killed(ChildId id) throws InterruptedException {
        try (Adopted left = Adopted.of(id)) {
            left.stop(Duration.ZERO);
        } catch (ChildGone ended) {
            return;
        }
    }

    private static Command sleep(String time, boolean contained) {
        Command command = outliving("sh", "-c", "sleep $0 & sleep $0", time);
        return contained ? command.with(Namespacing.pid()) : command;
    }

    @ParameterizedTest
    @CsvSource({"halt, true", "exit, true", "kill, true", "halt, false", "exit, false", "kill, false"})
    void itOutlivesItsJvmAndIsStoppedByAnother(String how, boolean contained) throws Exception {
        if (contained) {
            Namespacing.assumeHas(Feature.USER_NAMESPACE);
        }
        Leftovers before = Leftovers.before();
        String time = Processes.longTime();
        Process jvm =
                new ProcessBuilder(ForkedJvm.commandLine(Parent.class, time, Boolean.toString(contained), how)).start();
        ChildId id = ChildId.parse(jvm.inputReader(UTF_8).readLine());
        if (how.equals("kill")) {
            jvm.destroyForcibly();
        }
        jvm.waitFor();
        try (Adopted adopted = Adopted.of(id)) {
            assertThat(adopted.isAlive()).isTrue();
            assertThat(adopted.await(Duration.ofMillis(1)))
                    .as("nothing ends it")
                    .isFalse();
            assertThat(Files.readString(Path.of("/proc/" + adopted.payloadPid() + "/cmdline")))
                    .contains(time);
            assertThat(adopted.pid() != adopted.payloadPid()).isEqualTo(contained);
            adopted.stop(LONG);
            assertThat(adopted.isAlive()).isFalse();
            assertThat(adopted.signal(Signal.TERM)).isFalse();
        } finally {
            killed(id);
            if (!contained) { // the kernel ends nothing with it
                Processes.mentioning(time)
                        .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            }
        }
        assertThatThrownBy(() -> Adopted.of(id)).isInstanceOf(ChildGone.class).hasMessageContaining(id.toString());
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(Processes.mentioning(time)).isEmpty());
        before.assertNothingIsLeft();
    }

    /** Starts a child, tells which, and leaves. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] arguments) throws Exception {
            Child child =
                    sleep(arguments[0], Boolean.parseBoolean(arguments[1])).start();
            System.out.println(child.id());
            switch (arguments[2]) {
                case "halt" -> Runtime.getRuntime().halt(0);
                case "kill" -> System.in.transferTo(System.out);
                default -> {}
            }
        }
    }

    @Test
    void whoWaitsHearsOfTheEnd() throws Exception {
        try (Child child = outliving("sleep", "1000").start();
                Adopted adopted = Adopted.of(child.id())) {
            var told = adopted.onExit();
            assertThat(told).isNotDone();
            assertThat(adopted.signal(Signal.KILL)).isTrue();
            told.get(30, TimeUnit.SECONDS);
            assertThat(adopted.await(LONG)).isTrue();
            assertThat(child.await().terminatedBy()).contains(Signal.KILL);
            assertThatThrownBy(child::id).isInstanceOf(ChildGone.class);
            assertThatThrownBy(adopted::payloadPid).isInstanceOf(ChildGone.class);
        }
    }

    @Test
    void lettingItGoLeavesItRunning() throws Exception {
        try (Child child = outliving("sleep", "1000").start()) {
            Adopted adopted = Adopted.of(child.id());
            var told = adopted.onExit();
            adopted.close();
            adopted.close();
            assertThat(child.isAlive()).isTrue();
            assertThat(told).isCompletedExceptionally();
            assertThatThrownBy(adopted::isAlive).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> adopted.await(LONG)).hasMessageContaining("let go");
            assertThatThrownBy(() -> adopted.signal(Signal.KILL)).hasMessageContaining("let go");
        }
    }

    @Test
    void closingItEndsItLikeAnyOther() {
        Leftovers before = Leftovers.before();
        outliving("sleep", "1000").start().close();
        before.assertNothingIsLeft();
    }

    @Test
    void aProcessThatGotTheNumberIsNotTakenForIt() {
        try (Child child = outliving("sleep", "1000").start()) {
            ChildId id = child.id();
            ChildId younger = new ChildId(id.boot(), id.pid(), id.started() - 1, id.payload(), id.payloadStarted());
            ChildId otherBoot = new ChildId("0-0", id.pid(), id.started(), id.payload(), id.payloadStarted());
            for (ChildId other : new ChildId[] {younger, otherBoot}) {
                assertThatThrownBy(() -> Adopted.of(other))
                        .isInstanceOf(ChildGone.class)
                        .hasMessageContaining("it has ended");
            }
        }
    }

    @Test
    void anIdIsOneWordThatIsReadAgain() {
        ChildId id = new ChildId("7c1e-2f", 5, 100, 7, 101);
        assertThat(id).hasToString("7c1e-2f:5:100:7:101");
        assertThat(ChildId.parse(id.toString())).isEqualTo(id);
        for (String wrong :
                new String[] {"", "5:100", "x:5:100:7:101", "7c:5:100:7:101:1", "7c:0:1:1:1", "7c:-5:1:1:1"}) {
            assertThatThrownBy(() -> ChildId.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"exit 7, 7, ''", "kill -9 $$, 137, 'SIGKILL'"})
    void howItEndedIsOnRecordAlthoughNoJvmSawIt(String script, int code, String signal) throws Exception {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        Path record = directory.resolve("exit");
        Path go = directory.resolve("go");
        // Inside a user namespace the program is nobody that this user's private directories would let in.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Instant begin = Instant.now();
        Process jvm = new ProcessBuilder(
                        ForkedJvm.commandLine(Recorded.class, record.toString(), go.toString(), script))
                .start();
        ChildId id = ChildId.parse(jvm.inputReader(UTF_8).readLine());
        assertThat(Exit.recorded(record, begin)).as("while it runs").isEmpty();
        jvm.destroyForcibly().waitFor();
        try (Adopted adopted = Adopted.of(id)) {
            Files.createFile(go);
            assertThat(adopted.await(LONG)).isTrue();
        } finally {
            killed(id);
        }
        Exit exit = Exit.recorded(record, begin).orElseThrow();
        assertThat(exit.shellCode()).isEqualTo(code);
        assertThat(exit.terminatedBy().map(Signal::toString).orElse("")).isEqualTo(signal);
        assertThat(exit.duration()).isBetween(Duration.ZERO, Duration.between(begin, Instant.now()));
        assertThat(exit.details().usage()).isPresent();
        assertThat(exit.details().causes()).isEmpty();
        assertThat(Files.getPosixFilePermissions(record)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    /** Starts a child that ends when there is a file, and waits to be killed. */
    static final class Recorded {
        private Recorded() {}

        public static void main(String[] arguments) throws Exception {
            Child child = outliving(
                            "sh", "-c", "while [ ! -e " + arguments[1] + " ]; do sleep 0.05; done; " + arguments[2])
                    .with(Namespacing.pid())
                    .outliveJvm(Path.of(arguments[0]))
                    .start();
            System.out.println(child.id());
            System.in.transferTo(System.out);
        }
    }

    @Test
    void aKilledInitRecordsNothing() throws Exception {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        Path record = directory.resolve("exit");
        try (Child child = outliving("sleep", "1000")
                .with(Namespacing.pid())
                .outliveJvm(record)
                .start()) {
            child.signal(Signal.KILL);
            child.await();
        }
        assertThat(Exit.recorded(record, Instant.now())).isEmpty();
        Files.delete(record);
        assertThatThrownBy(() -> Exit.recorded(record, Instant.now()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(record.toString());
    }

    /** The launcher's own exit code must not pass for the program's. */
    @ParameterizedTest
    @CsvSource({"created, ready, 0, ''", "started, execing, 32, EPIPE"})
    void aProgramThatWasNeverExecutedIsToldFromOneThatExits127(String when, String step, int errno, String name)
            throws Exception {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        Path record = directory.resolve("exit");
        Process jvm = new ProcessBuilder(ForkedJvm.commandLine(Resting.class, record.toString(), when)).start();
        ChildId id = ChildId.parse(jvm.inputReader(UTF_8).readLine());
        jvm.waitFor();
        try {
            assertThat(new ProcessBuilder("sh", "-c", "kill -CONT " + id.payload())
                            .start()
                            .waitFor())
                    .isBetween(0, 1);
            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThatThrownBy(() -> Adopted.of(id)).isInstanceOf(ChildGone.class));
        } finally {
            killed(id);
        }
        Exit exit = Exit.recorded(record, Instant.now()).orElseThrow();
        assertThat(exit.shellCode()).isEqualTo(127);
        assertThat(exit.cause(Cause.NeverExecuted.class)).contains(new Cause.NeverExecuted(step, errno, name));
        assertThat(exit).asString().contains("its program was never executed: the set-up ended at " + step);
    }

    /** Creates a child, may tell it to start, and is gone before it could hear of that. */
    static final class Resting {
        private Resting() {}

        public static void main(String[] arguments) throws Exception {
            Child child = outliving("true")
                    .with(Namespacing.pid())
                    .outliveJvm(Path.of(arguments[0]))
                    .create();
            System.out.println(child.id());
            if (arguments[1].equals("started")) {
                new ProcessBuilder("sh", "-c", "kill -STOP " + child.payloadPid())
                        .start()
                        .waitFor();
                Thread starting = new Thread(child::start);
                starting.start();
                while (java.util.Arrays.stream(starting.getStackTrace())
                        .noneMatch(frame -> frame.getMethodName().equals("converse"))) {
                    Thread.onSpinWait(); // until it has said so, and waits for an answer
                }
            }
            Runtime.getRuntime().halt(0);
        }
    }

    @Test
    void aKillBeforeTheProgramIsNotTheProgramsEnd() throws Exception {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        Path record = directory.resolve("exit");
        try (Child child =
                outliving("true").with(Namespacing.pid()).outliveJvm(record).create()) {
            ProcessHandle.of(child.payloadPid()).ifPresent(ProcessHandle::destroyForcibly);
            await().atMost(LONG).until(() -> !child.isAlive());
        }
        assertThat(Exit.recorded(record, Instant.now()))
                .hasValueSatisfying(exit -> assertThat(exit.terminatedBy()).contains(Signal.KILL))
                .hasValueSatisfying(exit -> assertThat(exit.cause(Cause.NeverExecuted.class))
                        .contains(new Cause.NeverExecuted("session", 0, "")));
    }

    @Test
    void aRecordNeedsAnInit() {
        assertThatThrownBy(() ->
                        outliving("true").outliveJvm(directory.resolve("exit")).start())
                .isInstanceOf(ImpossibleLaunch.class)
                .hasMessageContaining("needs a pid namespace of its own");
    }

    @Test
    void streamsToTheJvmAreRefused() {
        for (Command command : new Command[] {
            Command.of("true"),
            Command.of("true").terminal(Terminal.Size.standard()),
            Command.of("true").input(Stdio.nothing()).output(Stdio.nothing()).error(Stdio.lines(line -> {}))
        }) {
            assertThatThrownBy(() -> command.outliveJvm().start())
                    .isInstanceOf(ImpossibleLaunch.class)
                    .hasMessageContaining("use files, nothing or descriptors");
        }
        Command asking = outliving("true").with(launch -> launch.seccomp(new byte[8], listener -> () -> {}));
        assertThatThrownBy(asking::start).isInstanceOf(ImpossibleLaunch.class).hasMessageContaining("system calls");
    }

    @Test
    void aFileTakesItsOutput() throws Exception {
        Path file = directory.resolve("output");
        Command command = Command.of("echo", "written")
                .input(Stdio.nothing())
                .output(Stdio.toFile(file))
                .errorIntoOutput()
                .outliveJvm();
        try (Child child = command.start()) {
            assertThat(child.await().ok()).isTrue();
        }
        assertThat(Files.readString(file)).isEqualTo("written\n");
    }
}
