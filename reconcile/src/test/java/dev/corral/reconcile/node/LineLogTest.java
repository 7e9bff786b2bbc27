package dev.corral.reconcile.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.ByteSize;
import dev.corral.reconcile.testing.ManualClock;
import dev.corral.reconcile.workload.ContainerLog;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.LogLine;
import dev.corral.reconcile.workload.LogQuery;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineLogTest {
    private final ManualClock clock = ManualClock.startingAt(Instant.parse("2026-01-02T03:04:05Z"));
    private final LineLog log = new LineLog(clock, 1024, Optional.empty());

    @Test
    void aLineHasTheTimeAtWhichItsEndWasRead() {
        write(log, "one\ntw");
        clock.advance(Duration.ofSeconds(1));
        write(log, "o\n\nlast");
        assertThat(texts(log)).containsExactly("one", "two", "");
        log.end();
        assertThat(log.lines().toString())
                .isEqualTo("[2026-01-02T03:04:05Z one, 2026-01-02T03:04:06Z two, 2026-01-02T03:04:06Z ,"
                        + " 2026-01-02T03:04:06Z last]");
    }

    @Test
    void aQueryTakesWhatIsNewOrLast() {
        write(log, "one\n");
        clock.advance(Duration.ofSeconds(1));
        write(log, "two\nthree\n");
        assertThat(LogQuery.all().since(clock.now()).of(log.lines()))
                .extracting(LogLine::text)
                .containsExactly("two", "three");
        assertThat(LogQuery.all().tail(1).of(log.lines()))
                .extracting(LogLine::text)
                .containsExactly("three");
        assertThat(LogQuery.all().tail(0).of(log.lines())).isEmpty();
        assertThat(LogQuery.all().tail(9).of(log.lines())).hasSize(3);
        assertThatThrownBy(() -> LogQuery.all().tail(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theOldestLinesGoWhenThereAreTooMany() {
        for (int i = 0; i < 100; i++) {
            write(log, i + "\n");
        }
        assertThat(texts(log)).hasSize(15).first().isEqualTo("85");
        write(log, "x".repeat(40_000) + "\n");
        assertThat(log.lines()).extracting(line -> line.text().length()).containsExactly(40_000 - 2 * 16_384);
    }

    @Test
    void aFollowerReadsWhatIsThereAndWaitsForMore() throws Exception {
        write(log, "one\n");
        try (ContainerLog.Follower follower = log.follow()) {
            assertThat(follower.next(Duration.ZERO)).map(LogLine::text).contains("one");
            assertThat(follower.next(Duration.ofMillis(1))).isEmpty();
            assertThat(follower.ended()).isFalse();
            CompletableFuture<Optional<LogLine>> next = CompletableFuture.supplyAsync(() -> {
                try {
                    return follower.next(Duration.ofSeconds(20));
                } catch (InterruptedException impossible) {
                    throw new IllegalStateException(impossible);
                }
            });
            write(log, "two\n");
            assertThat(next.get(20, TimeUnit.SECONDS)).map(LogLine::text).contains("two");
            for (int i = 0; i < 100; i++) {
                write(log, i + "\n");
            }
            log.end();
            assertThat(follower.next(Duration.ZERO)).map(LogLine::text).contains("85");
            assertThat(follower.missed()).isEqualTo(85);
            while (!follower.ended()) {
                follower.next(Duration.ZERO);
            }
            assertThat(follower.next(Duration.ofDays(1))).isEmpty();
        }
    }

    @Test
    void filesAreReplacedByNewerOnesAndReadInOrder(@TempDir Path directory) throws Exception {
        Path newest = directory.resolve("pod/0.log");
        LineLog kept = new LineLog(clock, 100, Optional.of(new LogFiles(newest, 100, 3)));
        for (int i = 0; i < 49; i++) {
            write(kept, "line " + i + "\n");
        }
        write(kept, "10 %\r20 %\n");
        kept.end();
        List<String> texts = texts(kept);
        assertThat(texts).hasSizeBetween(7, 12).last().isEqualTo("10 %\r20 %");
        assertThat(texts).first().isEqualTo("line " + (50 - texts.size()));
        try (var files = Files.list(directory.resolve("pod"))) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .containsExactlyInAnyOrder("0.log", "0.log.1", "0.log.2");
        }
        assertThat(Files.size(newest)).isLessThanOrEqualTo(100);
    }

    @Test
    void aCharacterThatAFullDiskHasCutTakesNoOtherLineWithIt(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("log");
        Files.write(file, new byte[] {'x', ' ', (byte) 0xc3, '\n'});
        Files.writeString(file, "2026-01-02T03:04:05Z after\n", StandardOpenOption.APPEND);

        assertThat(new LogFiles(file, 1024, 2).lines())
                .extracting(LogLine::text)
                .containsExactly("after");
    }

    @Test
    void twoRunsAreKeptAndGoWithTheirPod(@TempDir Path directory) throws Exception {
        Logs logs = new Logs(LogPolicy.files(directory, ByteSize.kibibytes(1), 2), clock);
        for (int attempt = 0; attempt < 4; attempt++) {
            LineLog run = logs.begun(new ContainerRuntime.Identity("web-0", "uid", "main", attempt));
            write(run, "run " + attempt + "\n");
            run.end();
        }
        assertThat(logs.of("uid", "main", false).map(LineLogTest::texts)).contains(List.of("run 3"));
        assertThat(logs.of("uid", "main", true).map(LineLogTest::texts)).contains(List.of("run 2"));
        assertThat(logs.of("uid", "other", false)).isEmpty();
        try (var files = Files.list(directory.resolve("web-0_uid/main"))) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .containsExactlyInAnyOrder("2.log", "3.log");
        }
        logs.remove("uid");
        assertThat(directory).isEmptyDirectory();
        assertThat(logs.of("uid", "main", false)).isEmpty();
    }

    @Test
    void whatIsNoLineOfALogIsLeftOut() {
        assertThat(LogFiles.parse("nonsense")).isEmpty();
        assertThat(LogFiles.parse("2026-13-01T00:00:00Z x")).isEmpty();
        assertThat(LogFiles.parse("2026-01-02T03:04:05Z a b"))
                .map(LogLine::text)
                .contains("a b");
    }

    private static void write(LineLog log, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        log.append(bytes, bytes.length);
    }

    private static List<String> texts(ContainerLog log) {
        return log.lines().stream().map(LogLine::text).toList();
    }
}
