package dev.corral;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Outputs;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A terminal of its own as the streams of a program, with an init and without one, in a file tree of its own and on the host. */
class TerminalTest {
    private static final Terminal.Size SIZE = new Terminal.Size(100, 30);
    private static final Set<MountFlag> READ_ONLY = Set.of(MountFlag.READ_ONLY);

    private final Leftovers before = Leftovers.before();

    static Stream<Confinement> places() {
        return Stream.concat(Namespacing.noneAndAll(), Stream.of(TerminalTest::ownTree));
    }

    /** A new root with a /dev of its own. */
    private static void ownTree(Launch launch) {
        Namespacing.all(false).prepare(launch);
        RootPlan root = Namespacing.proc(launch.root().empty()).dev(Path.of("/dev"));
        for (String top : List.of("/usr", "/lib", "/lib64", "/bin")) {
            if (Files.isSymbolicLink(Path.of(top))) {
                root.symlink(Path.of(top), "usr" + top);
            } else if (Files.isDirectory(Path.of(top))) {
                root.bind(Path.of(top), Path.of(top), READ_ONLY);
            }
        }
    }

    @AfterEach
    void nothingIsLeft() {
        before.assertNothingIsLeft();
    }

    private static Command script(Confinement place, String script) {
        return Command.of("sh", "-c", script).with(place).terminal(SIZE);
    }

    private static void type(Child child, String text) throws Exception {
        child.getOutputStream().write(text.getBytes(UTF_8));
        child.getOutputStream().flush();
    }

    @ParameterizedTest
    @MethodSource("places")
    void allThreeStreamsAreTheTerminal(Confinement place) throws Exception {
        String script = "tty; test -t 0 && test -t 1 && test -t 2 && echo all three; tty <&2";
        try (Child child = script(place, script).start()) {
            List<String> lines = Outputs.of(child).lines().toList();
            assertThat(lines).hasSize(3);
            assertThat(lines.get(0)).matches("/dev/pts/[0-9]+").isEqualTo(lines.get(2));
            assertThat(lines.get(1)).isEqualTo("all three");
            assertThat(child.await().ok()).isTrue();
            assertThat(child.getInputStream().read())
                    .as("the end comes with the program's")
                    .isEqualTo(-1);
            assertThat(child.getErrorStream().read()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void itIsTheControllingTerminal(Confinement place) throws Exception {
        try (Child child = script(place, "echo through > /dev/tty; ps -o tty= -p $$ || true")
                .start()) {
            assertThat(Outputs.of(child)).startsWith("through\r\n");
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void itHasTheGivenSizeAndHearsOfANewOne(Confinement place) throws Exception {
        String script = "trap 'stty size; exit 4' WINCH; stty size; while :; do sleep 0.02; done";
        try (Child child = script(place, script).start()) {
            BufferedReader shown = child.inputReader(UTF_8);
            assertThat(shown.readLine()).isEqualTo("30 100");
            child.terminal().orElseThrow().resize(new Terminal.Size(132, 43));
            assertThat(shown.readLine()).isEqualTo("43 132");
            assertThat(child.await().shellCode()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void controlCInterrupts(Confinement place) throws Exception {
        try (Child child = script(place, "echo ready; exec cat").start()) {
            BufferedReader shown = child.inputReader(UTF_8);
            assertThat(shown.readLine()).isEqualTo("ready");
            type(child, "\u0003");
            assertThat(child.await().terminatedBy()).contains(Signal.INT);
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void whatIsTypedIsEchoedAndControlDIsTheEnd(Confinement place) throws Exception {
        try (Child child = script(place, "read line; echo got $line; cat > /dev/null; echo over")
                .start()) {
            type(child, "word\n");
            BufferedReader shown = child.inputReader(UTF_8);
            assertThat(shown.readLine()).isEqualTo("word");
            assertThat(shown.readLine()).isEqualTo("got word");
            type(child, "\u0004");
            assertThat(shown.readLine()).isEqualTo("over");
            assertThat(child.await().ok()).isTrue();
        }
    }

    @Test
    void closingTheInputDoesNotHangUp() throws Exception {
        try (Child child =
                script(Namespacing.all(), "read line; echo got $line").start()) {
            type(child, "word\n");
            child.getOutputStream().close();
            assertThat(Outputs.of(child)).contains("got word");
        }
    }

    @Test
    void closingTheChildHangsUpAndKills() throws Exception {
        Child child = script(Namespacing.none(), "trap '' HUP; cat").start();
        Terminal terminal = child.terminal().orElseThrow();
        child.close();
        assertThat(child.isAlive()).isFalse();
        terminal.resize(SIZE); // of nothing any more
    }

    @Test
    void itIsNeverTheJvms() throws Exception {
        Path own = Path.of("/proc/self/fd/0");
        try (Child child = script(Namespacing.none(), "tty; cat").start()) {
            String name = Outputs.line(child).strip();
            assertThat(Files.readSymbolicLink(own)).isNotEqualTo(Path.of(name));
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String foreground = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[5];
            assertThat(foreground).isNotEqualTo(Long.toString(child.payloadPid()));
        }
    }

    @Test
    void somebodyElseMayOpenItByItsName() throws Exception {
        Namespacing.assumeManyIds();
        Namespacing.assumeMayBecome(5);
        for (Confinement place : places().toList()) {
            Command command = script(place, "echo by name > $(tty)").with(Identity.of(5, 5));
            try (Child child = command.start()) {
                assertThat(Outputs.of(child)).isEqualTo("by name\r\n");
            }
        }
    }

    @Test
    void whoRestsHasItAlready() throws Exception {
        try (Child child = script(Namespacing.all(), "stty size").create()) {
            child.terminal().orElseThrow().resize(new Terminal.Size(7, 5));
            child.start();
            assertThat(Outputs.of(child)).isEqualTo("5 7\r\n");
        }
    }

    @Test
    void withoutOneThereIsNone() throws Exception {
        try (Child child = Command.of("sh", "-c", "tty; echo x > /dev/tty || echo none")
                .errorIntoOutput()
                .start()) {
            assertThat(child.terminal()).isEqualTo(Optional.empty());
            assertThat(Outputs.of(child)).startsWith("not a tty").endsWith("none\n");
        }
    }

    @Test
    void badSizesAreRefusedWhereTheyAreGiven() {
        assertThatThrownBy(() -> new Terminal.Size(0, 1))
                .hasMessage("a terminal of 0 by 1: both lie between 1 and 65535");
        assertThatThrownBy(() -> new Terminal.Size(1, 65536)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Terminal.Size.standard()).hasToString("80x24");
    }
}
