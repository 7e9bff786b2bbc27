package dev.corral;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.testing.ForkedJvm;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Outputs;
import dev.corral.testing.Processes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A JVM that ends normally closes its children, the newest first, and gives back what was made for them. */
class ShutdownTest {
    /** The three seconds that all have together, and what a kill may take. */
    private static final Duration LATE = Duration.ofSeconds(5);

    @TempDir
    Path directory;

    private static Process start(String how, String time, Path notes) throws Exception {
        return new ProcessBuilder(ForkedJvm.commandLine(Parent.class, how, time, notes.toString()))
                .redirectErrorStream(true)
                .start();
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit", "return", "throw", "term"})
    void everyNormalEndClosesInReverse(String how) throws Exception {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        String time = Processes.longTime();
        Path notes = directory.resolve("notes");
        Process jvm = start(how, time, notes);
        BufferedReader output = jvm.inputReader(UTF_8);
        assertThat(output.readLine()).isEqualTo("ready");
        if (how.equals("term")) {
            jvm.toHandle().destroy(); // without closing its streams
        }
        assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(jvm.exitValue())
                .isEqualTo(
                        switch (how) {
                            case "exit" -> 5;
                            case "throw" -> 1;
                            case "term" -> 143;
                            default -> 0;
                        });
        assertThat(Files.readString(notes))
                .as("asked to end, then given back, the newest first; who was closed before is not closed again")
                .isEqualTo("closed early\nchild 3 ended by TERM\ngiven back 3\ngiven back 2\ngiven back 1\n");
        assertThat(Processes.mentioning(time)).isEmpty();
    }

    @Test
    void whoDoesNotEndInTimeIsKilled() throws Exception {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        String time = Processes.longTime();
        Path notes = directory.resolve("notes");
        Process jvm = start("stubborn", time, notes);
        assertThat(jvm.inputReader(UTF_8).readLine()).isEqualTo("ready");
        long begin = System.nanoTime();
        jvm.getOutputStream().close();
        assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(Files.readString(notes)).isEqualTo("given back stubborn\n");
        assertThat(Processes.mentioning(time)).isEmpty();
    }

    @Test
    void aJvmWithoutChildrenHasNoHook() throws Exception {
        assertThat(ForkedJvm.run(Childless.class).ok().output()).isEmpty();
    }

    /** Starts and closes, and is not held up at its end. */
    static final class Childless {
        private Childless() {}

        public static void main(String[] arguments) throws Exception {
            Command.of("true").run().orThrow();
            try (Child child = Command.of("true").start()) {
                child.await();
            }
        }
    }

    /** Leaves children open, and ends. */
    static final class Parent {
        private Parent() {}

        private static void note(Path notes, String text) {
            try {
                Files.writeString(notes, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        private static Confinement noted(Path notes, String what) {
            return launch -> launch.own(() -> note(notes, "given back " + what));
        }

        /** By the clock of the JVM that ends, which stands still where the machine has no time for that. */
        private static void noteWhenLate(Path notes) {
            Thread late = new Thread(() -> {
                long end = System.nanoTime() + LATE.toNanos();
                while (System.nanoTime() < end) {
                    LockSupport.parkNanos(end - System.nanoTime());
                }
                note(notes, "it still waits");
            });
            late.setDaemon(true);
            late.start();
        }

        public static void main(String[] arguments) throws Exception {
            String time = arguments[1];
            Path notes = Path.of(arguments[2]);
            if (arguments[0].equals("stubborn")) {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> noteWhenLate(notes)));
                Child stubborn = Command.of("sh", "-c", "trap '' TERM; echo ready; sleep " + time + "; sleep " + time)
                        .with(Namespacing.all())
                        .with(noted(notes, "stubborn"))
                        .start();
                System.out.println(Outputs.line(stubborn));
                System.in.transferTo(System.out); // so that whoever takes the time begins first
                return;
            }
            Command.of("cat")
                    .with(launch -> launch.own(() -> note(notes, "closed early")))
                    .start()
                    .close();
            Child first = Command.of("sleep", time).with(noted(notes, "1")).start();
            Child second = Command.of("sleep", time)
                    .with(Namespacing.all())
                    .with(noted(notes, "2"))
                    .create();
            String script =
                    "trap 'echo child 3 ended by TERM >> $0; exit' TERM; echo ready; while :; do sleep 0.02; done";
            Child third = Command.of("sh", "-c", script, notes.toString())
                    .with(noted(notes, "3"))
                    .start();
            System.out.println(Outputs.line(third));
            if (!List.of(first, second, third).stream().allMatch(Child::isAlive)) {
                throw new IllegalStateException("one has ended");
            }
            switch (arguments[0]) {
                case "exit" -> System.exit(5);
                case "throw" -> throw new IllegalStateException("leaving");
                case "term" -> System.in.transferTo(System.out);
                default -> {}
            }
        }
    }
}
