package dev.corral;

import static dev.corral.testing.Patience.await;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.testing.Namespacing;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for a process of the JDK holds for a child: every method, before the end and after it. */
class ProcessContractTest {
    /** Of JDK 17, and those that came later. */
    private static final Set<String> KNOWN = Set.of(
            "getOutputStream",
            "getInputStream",
            "getErrorStream",
            "inputReader",
            "errorReader",
            "outputWriter",
            "waitFor", // with a Duration from JDK 24 on
            "exitValue",
            "destroy",
            "destroyForcibly",
            "supportsNormalTermination",
            "isAlive",
            "pid",
            "onExit",
            "toHandle",
            "info",
            "children",
            "descendants",
            "close"); // from JDK 26 on

    /** How a process comes into being. */
    @FunctionalInterface
    interface Starter {
        Process start(String script) throws IOException;
    }

    static Stream<Starter> starters() {
        return Stream.of(
                script -> new ProcessBuilder("sh", "-c", script).start(),
                script -> Command.of("sh", "-c", script).start(),
                script -> Command.of("sh", "-c", script).with(Namespacing.all()).start(),
                script -> Command.of("sh", "-c", script)
                        .with(Namespacing.all())
                        .create()
                        .start());
    }

    private static void end(Process process) throws Exception {
        process.getOutputStream().close();
        process.waitFor();
    }

    private static void release(Process process) {
        process.destroyForcibly();
        if (process instanceof Child child) {
            child.close();
        }
    }

    @Test
    void noMethodOfAProcessIsUnknownHere() {
        Set<String> all = Arrays.stream(Process.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(KNOWN).as("look at what is new").containsAll(all);
    }

    @ParameterizedTest
    @MethodSource("starters")
    void readersAndWritersAreThoseOfTheStreams(Starter starter) throws Exception {
        Process process = starter.start("read a; echo out $a; echo err $a >&2");
        try {
            process.outputWriter().write("word\n");
            process.outputWriter().flush();
            assertThat(process.inputReader(UTF_8).readLine()).isEqualTo("out word");
            assertThat(process.errorReader(UTF_8).readLine()).isEqualTo("err word");
            assertThat(process.inputReader(UTF_8)).isSameAs(process.inputReader(UTF_8));
            assertThatThrownBy(() -> process.inputReader(ISO_8859_1)).isInstanceOf(IllegalStateException.class);
            assertThat(process.outputWriter()).isSameAs(process.outputWriter());
        } finally {
            release(process);
        }
    }

    @ParameterizedTest
    @MethodSource("starters")
    void streamsOutliveTheEnd(Starter starter) throws Exception {
        Process process = starter.start("echo out; echo err >&2; exit 7");
        try {
            end(process);
            assertThat(process.inputReader().readLine()).isEqualTo("out");
            assertThat(process.errorReader().readLine()).isEqualTo("err");
            assertThat(process.getInputStream().read()).isEqualTo(-1);
            assertThat(process.getErrorStream().read()).isEqualTo(-1);
        } finally {
            release(process);
        }
    }

    @ParameterizedTest
    @MethodSource("starters")
    void writingAfterTheEndIsAnIOException(Starter starter) throws Exception {
        Process process = starter.start("exit 0");
        try {
            process.waitFor();
            OutputStream input = process.getOutputStream();
            assertThatThrownBy(() -> {
                        input.write(1);
                        input.flush();
                    })
                    .isInstanceOf(IOException.class);
        } finally {
            release(process);
        }
    }

    @ParameterizedTest
    @MethodSource("starters")
    void whileItRuns(Starter starter) throws Exception {
        Process process = starter.start("echo ready; cat");
        try {
            assertThat(process.inputReader().readLine()).isEqualTo("ready");
            assertThat(process.isAlive()).isTrue();
            assertThat(process.supportsNormalTermination()).isTrue();
            assertThatThrownBy(process::exitValue).isInstanceOf(IllegalThreadStateException.class);
            assertThat(process.waitFor(1, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(process.waitFor(-1, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(process.onExit()).isNotDone();
            assertThat(process.pid()).isPositive();
            assertThat(process.toHandle().pid()).isEqualTo(process.pid());
            assertThat(process.toHandle().isAlive()).isTrue();
            assertThat(process.info().startInstant()).isPresent();
            await().until(() -> process.descendants().count() >= 1);
            assertThat(process.children().map(ProcessHandle::parent))
                    .allMatch(parent -> parent.orElseThrow().equals(process.toHandle()));
        } finally {
            release(process);
        }
    }

    @ParameterizedTest
    @MethodSource("starters")
    void afterItsEnd(Starter starter) throws Exception {
        Process process = starter.start("read x; exit 7");
        try {
            ProcessHandle handle = process.toHandle();
            long pid = process.pid();
            end(process);
            assertThat(process.waitFor()).isEqualTo(7);
            assertThat(process.waitFor(0, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(7);
            assertThat(process.isAlive()).isFalse();
            assertThat(process.pid()).isEqualTo(pid);
            assertThat(process.toHandle()).isEqualTo(handle).hasSameHashCodeAs(handle);
            assertThat(process.toHandle().isAlive()).isFalse();
            assertThat(process.toHandle().onExit().get(30, TimeUnit.SECONDS)).isEqualTo(handle);
            assertThat(process.onExit().get(30, TimeUnit.SECONDS)).isSameAs(process);
            assertThat(process.children()).isEmpty();
            assertThat(process.descendants()).isEmpty();
            assertThat(process.info().command()).isEmpty();
            assertThat(process.supportsNormalTermination()).isTrue();
            process.destroy();
            assertThat(process.destroyForcibly().exitValue()).isEqualTo(7);
        } finally {
            release(process);
        }
    }

    @ParameterizedTest
    @MethodSource("starters")
    void destroyIsTermAndDestroyForciblyIsKill(Starter starter) throws Exception {
        Process asked = starter.start("exec cat");
        asked.destroy();
        assertThat(asked.waitFor()).isEqualTo(143);
        release(asked);
        Process killed = starter.start("exec cat");
        assertThat(killed.destroyForcibly().waitFor()).isEqualTo(137);
        release(killed);
        Process byHandle = starter.start("exec cat");
        assertThat(byHandle.toHandle().destroyForcibly()).isTrue();
        assertThat(byHandle.waitFor()).isEqualTo(137);
        release(byHandle);
    }

    @ParameterizedTest
    @MethodSource("starters")
    void waitingIsInterruptible(Starter starter) throws Exception {
        Process process = starter.start("exec cat");
        try {
            Thread.currentThread().interrupt();
            assertThatThrownBy(process::waitFor).isInstanceOf(InterruptedException.class);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> process.waitFor(1, TimeUnit.HOURS)).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
        } finally {
            release(process);
        }
    }

    @ParameterizedTest
    @MethodSource("starters")
    void newerJdksWaitForADuration(Starter starter) throws Exception {
        assumeThat(Runtime.version().feature()).as("needs JDK 24").isGreaterThanOrEqualTo(24);
        Method waitFor = Process.class.getMethod("waitFor", Duration.class);
        Process process = starter.start("read x; exit 7");
        try {
            assertThat(waitFor.invoke(process, Duration.ofMillis(1))).isEqualTo(false);
            end(process);
            assertThat(waitFor.invoke(process, Duration.ZERO)).isEqualTo(true);
        } finally {
            release(process);
        }
    }

    @Test
    void closingAChildIsWhatTheNewestJdkMeansByIt() throws Exception {
        Child child = Command.of("cat").start();
        ((AutoCloseable) child).close();
        assertThat(child.isAlive()).isFalse();
        assertThatThrownBy(() -> child.getInputStream().read()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> child.getOutputStream().write(1)).isInstanceOf(IOException.class);
        child.close();
    }
}
