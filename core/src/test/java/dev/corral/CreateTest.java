package dev.corral;

import static dev.corral.testing.Patience.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.corral.testing.ForkedJvm;
import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Outputs;
import dev.corral.testing.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Set up now, started later, or never. */
class CreateTest {
    private final Leftovers before = Leftovers.before();

    static Stream<Confinement> withAndWithoutInit() {
        return Namespacing.noneAndAll();
    }

    @AfterEach
    void nothingIsLeft() {
        before.assertNothingIsLeft();
    }

    private static String commandLine(Child child) throws Exception {
        return Files.readString(Path.of("/proc/" + child.payloadPid() + "/cmdline"))
                .replace('\0', ' ')
                .strip();
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void theProgramBeginsAtTheStart(Confinement confinement) throws Exception {
        try (Child child = Command.of("cat", "-u").with(confinement).create()) {
            assertThat(child.isAlive()).isTrue();
            assertThat(child.exit()).isEmpty();
            assertThat(commandLine(child)).isEqualTo("corral-launcher");
            assertThat(child.start()).isSameAs(child);
            assertThat(commandLine(child)).isEqualTo("cat -u");
            child.getOutputStream().write("words".getBytes(UTF_8));
            child.getOutputStream().close();
            assertThat(Outputs.of(child)).isEqualTo("words");
            assertThat(child.await().ok()).isTrue();
        }
    }

    /** It was asked by SIGTERM, which it keeps for later, and the whole grace was waited for. */
    @Test
    void oneThatRestsIsStoppedAtOnce() throws Exception {
        try (Child child = Command.of("true").with(Namespacing.pid()).create()) {
            Exit exit = child.stop(Duration.ofDays(1));
            assertThat(exit.terminatedBy()).contains(Signal.KILL);
        }
    }

    @Test
    void theNamespacesAreThereBeforeTheStart() throws Exception {
        try (Child child = Command.of("cat").with(Namespacing.all()).create()) {
            for (String kind : List.of("user", "mnt", "pid", "net", "uts", "ipc", "cgroup")) {
                Path file = Path.of("/proc/" + child.payloadPid() + "/ns/" + kind);
                assertThat(Files.readSymbolicLink(file))
                        .isNotEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/" + kind)));
            }
            Command visitor =
                    Command.of("hostname").with(launch -> launch.join(List.of("user", "uts"), child.payloadPid()));
            assertThat(Outputs.of(visitor)).isEqualTo("inside\n");
        }
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void closingBeforeTheStartLeavesNothing(Confinement confinement) {
        AtomicInteger returned = new AtomicInteger();
        Child child = Command.of("cat")
                .with(confinement)
                .with(launch -> launch.own(returned::incrementAndGet))
                .create();
        child.close();
        assertThat(returned).hasValue(1);
        assertThat(child.exit().orElseThrow().cause(Cause.Killed.class)).isPresent();
        assertThatThrownBy(child::start).isInstanceOf(ChildGone.class).hasMessageContaining("cat has ended");
    }

    @Test
    void startingTwiceIsAnError() {
        try (Child child = Command.of("cat").create().start()) {
            assertThatThrownBy(child::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("cat has been started already");
        }
        try (Child child = Command.of("cat").start()) {
            assertThatThrownBy(child::start).isInstanceOf(IllegalStateException.class);
            assertThat(child.isAlive()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void aProgramThatIsMissingIsToldAtTheStartAndClosesTheChild(Confinement confinement) {
        AtomicInteger returned = new AtomicInteger();
        Child child = Command.of("/no/such/program")
                .with(confinement)
                .with(launch -> launch.own(returned::incrementAndGet))
                .create();
        ExecFailed failed = catchThrowableOfType(ExecFailed.class, child::start);
        assertThat(failed).hasMessageContaining("/no/such/program").hasMessageContaining("ENOENT");
        assertThat(child.isAlive()).isFalse();
        assertThat(returned).hasValue(1);
        child.close();
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void oneThatIsKilledMeanwhileCanNotBeStarted(Confinement confinement) throws Exception {
        try (Child child = Command.of("cat").with(confinement).create()) {
            child.destroyForcibly();
            assertThat(child.await().terminatedBy()).contains(Signal.KILL);
            assertThatThrownBy(child::start).isInstanceOf(ChildGone.class);
        }
    }

    /** Who is sent inside meanwhile could take them from it. */
    @Test
    void whoWaitsHoldsNothingOfTheHost() throws Exception {
        Path source = Files.createTempFile("corral-create", "");
        Confinement binding = launch -> launch.root()
                .bind(source, Path.of("/dev/null"), Set.of())
                .file(Path.of("/dev/zero"), "x".getBytes(UTF_8), 0644);
        try (Child child = Command.of("cat")
                        .descriptor(9, Stdio.fromFile(source))
                        .with(Namespacing.all())
                        .with(binding)
                        .create();
                Stream<Path> open = Files.list(Path.of("/proc/" + child.payloadPid() + "/fd"))) {
            List<String> targets = new ArrayList<>();
            for (Path link : open.toList()) {
                targets.add(Files.readSymbolicLink(link).toString().replaceAll("[0-9\\[\\]]", ""));
            }
            assertThat(targets)
                    .filteredOn(target -> !target.equals("socket:"))
                    .containsExactlyInAnyOrder(
                            "pipe:",
                            "pipe:",
                            "pipe:",
                            "pipe:",
                            source.toString().replaceAll("[0-9]", ""));
        } finally {
            Files.delete(source);
        }
    }

    @Test
    void itMayBeEnteredBeforeItsProgramBegins() throws Exception {
        try (Child child = Command.of("cat").with(Namespacing.all()).create();
                Child inside = child.exec(Command.of("hostname"))) {
            assertThat(Outputs.of(inside)).isEqualTo("inside\n");
            child.start();
            assertThat(child.isAlive()).isTrue();
        }
    }

    @Test
    void aSignalFromBeforeTheStartWaitsForIt() throws Exception {
        try (Child child = Command.of("cat").create()) {
            child.destroy();
            assertThat(child.await(Duration.ofMillis(50))).isEmpty();
            child.start();
            assertThat(child.await().terminatedBy()).contains(Signal.TERM);
        }
    }

    @Test
    void aJvmThatIsKilledMeanwhileLeavesNothing() throws Exception {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        Process jvm = new ProcessBuilder(ForkedJvm.commandLine(Parent.class)).start();
        List<Long> pids;
        try {
            pids = Stream.of(jvm.inputReader(UTF_8).readLine().split(" "))
                    .map(Long::valueOf)
                    .toList();
            assertThat(pids).hasSize(3).allMatch(pid -> Files.exists(Path.of("/proc/" + pid)));
        } finally {
            jvm.destroyForcibly();
        }
        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(30))
                .until(() -> pids.stream().noneMatch(Processes::runs));
    }

    /** Creates children, and never starts them. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] arguments) throws Exception {
            Child plain = Command.of("cat").create();
            Child container = Command.of("cat").with(Namespacing.all()).create();
            System.out.println(plain.pid() + " " + container.pid() + " " + container.payloadPid());
            System.in.transferTo(System.out);
        }
    }
}
