package dev.corral;

import static dev.corral.testing.Patience.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Output that goes to somebody in the JVM, line by line. */
class LinesTest {
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    private Command telling(String script) {
        return Command.of("sh", "-c", script).output(Stdio.lines(lines::add));
    }

    /** As if a stream had come in pieces. */
    private static List<String> cut(byte[]... pieces) {
        List<String> told = new ArrayList<>();
        LineCutter cutter = new LineCutter("a program", told::add);
        for (byte[] piece : pieces) {
            cutter.take(piece, piece.length);
        }
        cutter.end();
        return told;
    }

    private static List<String> cut(String... pieces) {
        return cut(Arrays.stream(pieces).map(piece -> piece.getBytes(UTF_8)).toArray(byte[][]::new));
    }

    @Test
    void linesAreToldWithoutTheirEnds() {
        assertThat(cut("one\ntwo\r\n\n\rthree\r")).containsExactly("one", "two", "", "\rthree\r");
        assertThat(cut("on", "e\ntw", "o\r", "\n")).containsExactly("one", "two");
        assertThat(cut("")).isEmpty();
        assertThat(cut("\n")).containsExactly("");
    }

    @Test
    void charactersThatComeInPiecesAreWhole() {
        byte[] text = "日本\n".getBytes(UTF_8);
        byte[][] single = new byte[text.length][];
        for (int i = 0; i < text.length; i++) {
            single[i] = new byte[] {text[i]};
        }
        assertThat(cut(single)).containsExactly("日本");
    }

    @Test
    void aLineThatIsTooLongComesInPiecesOfWholeCharacters() {
        assertThat(cut("x".repeat(LineCutter.MOST) + "\n")).containsExactly("x".repeat(LineCutter.MOST));
        assertThat(cut("x".repeat(LineCutter.MOST + 1) + "\ny")).containsExactly("x".repeat(LineCutter.MOST), "x", "y");
        for (String character : List.of("é", "日", "😀")) {
            for (int shift = 0; shift < 4; shift++) {
                String text = "x".repeat(shift) + character.repeat(10_000);
                List<String> told = cut(text + "\n");
                assertThat(String.join("", told)).isEqualTo(text);
                assertThat(told).allSatisfy(piece -> {
                    assertThat(piece.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(LineCutter.MOST);
                    assertThat(piece).doesNotContain("\ufffd");
                });
            }
        }
        byte[] noText = new byte[LineCutter.MOST * 2 + 7];
        Arrays.fill(noText, (byte) 0xbf);
        assertThat(cut(noText)).hasSize(3);
    }

    @Test
    void theyAreToldAsTheyCome() throws Exception {
        try (Child child = telling("echo one; read go; echo two; printf three").start()) {
            await().until(() -> lines.equals(List.of("one")));
            child.getOutputStream().write('\n');
            child.await();
            assertThat(child.getInputStream().read()).as("somebody else has it").isEqualTo(-1);
        }
        assertThat(lines).as("all when close returns").containsExactly("one", "two", "three");
    }

    @Test
    void outputAndErrorMayHaveTheSameConsumer() throws Exception {
        Leftovers before = Leftovers.before();
        Command command = telling("echo out; echo err >&2").error(Stdio.lines(line -> lines.add("! " + line)));
        try (Child child = command.with(Namespacing.all()).start()) {
            child.await();
        }
        assertThat(lines).containsExactlyInAnyOrder("out", "! err");
        lines.clear();
        telling("echo out; echo err >&2").errorIntoOutput().run().orThrow();
        assertThat(lines).containsExactly("out", "err");
        before.assertNothingIsLeft();
    }

    @Test
    void manyLinesComeInOrder() throws Exception {
        telling("i=0; while [ $i -lt 20000 ]; do echo $i; i=$((i+1)); done")
                .run()
                .orThrow();
        assertThat(lines).hasSize(20_000);
        assertThat(lines.get(19_999)).isEqualTo("19999");
    }

    @Test
    void whoFailsGetsTheNextLineAllTheSame() throws Exception {
        Command command = Command.of("printf", "a\nb\nc\n").output(Stdio.lines(line -> {
            lines.add(line);
            throw new IllegalStateException("no taste for " + line);
        }));
        command.run().orThrow();
        assertThat(lines).containsExactly("a", "b", "c");
    }

    @Test
    void theThreadIsADaemonOfCorrals() throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        Command.of("echo")
                .output(Stdio.lines(line -> thread.complete(Thread.currentThread())))
                .run();
        assertThat(thread.get().isDaemon()).isTrue();
        assertThat(thread.get().getName()).startsWith("corral-output");
    }

    @Test
    void whoGetsTheLinesMayClose() throws Exception {
        CompletableFuture<Child> started = new CompletableFuture<>();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        Command command = Command.of("sh", "-c", "echo enough; exec cat").output(Stdio.lines(line -> {
            started.join().close();
            closed.complete(null);
        }));
        Child child = command.start();
        started.complete(child);
        closed.get();
        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void whoDoesNotTakeThemHoldsNobodyUpForEver() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Child child = Command.of("echo")
                .output(Stdio.lines(line -> {
                    try {
                        never.await();
                    } catch (InterruptedException enough) {
                        Thread.currentThread().interrupt();
                    }
                }))
                .start();
        child.await();
        child.close();
        never.countDown();
        assertThat(child.exit()).isPresent();
    }

    @Test
    void whatCanNotBeReadInLinesIsRefused() {
        Stdio stdio = Stdio.lines(lines::add);
        assertThatThrownBy(() -> Command.of("true").input(stdio)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Command.of("true").descriptor(3, stdio)).isInstanceOf(IllegalArgumentException.class);
    }
}
