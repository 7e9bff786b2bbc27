package dev.corral.reconcile.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.ChildId;
import dev.corral.Signal;
import dev.corral.internal.linux.FileNames;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.workload.BackOff;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.ContainerState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunRecordTest {
    private static final RunRecord RUNNING = new RunRecord(
            Key.of("web-0"),
            "main",
            "abc",
            3,
            ChildId.parse("7c-1:41:5:42:6"),
            Instant.parse("2026-01-02T03:04:05.678901234Z"),
            Duration.ofMillis(1500),
            Map.of("http", 8080, "admin", 8081),
            List.of(FileNames.path("/sys/fs/cgroup/a b=c\u00fc\udcff"), Path.of("/sys/fs/cgroup/memory/x")),
            List.of("cpu 1: \u00e9 \\ \n#! not here"),
            new LastWordsFile(
                    Optional.of(
                            new LastWordsFile.Place(FileNames.path("/state/a b=c\u00fc\udcff"), "last/words\udcff")),
                    Optional.of("(dev=1,ino=2) 3 2026-01-02T03:04:05Z")),
            new ContainerRuntime.History(
                    Optional.of(new ContainerState.Terminated(
                            3,
                            Optional.empty(),
                            ContainerState.ERROR,
                            "no quorum",
                            Instant.parse("2026-01-02T03:03:05Z"),
                            Instant.parse("2026-01-02T03:04:05Z"))),
                    Optional.of(new BackOff(Duration.ofSeconds(20), Instant.parse("2026-01-02T03:04:05.5Z"))),
                    List.of(Instant.parse("2026-01-02T03:03:00Z"), Instant.parse("2026-01-02T03:04:05.5Z"))),
            Optional.empty());

    private static RunRecord ended() {
        return RUNNING.ended(new ContainerState.Terminated(
                137,
                Optional.of(Signal.KILL),
                "Error",
                "# killed\nby SIGKILL = so",
                RUNNING.since(),
                Instant.parse("2026-01-02T03:05:05Z")));
    }

    @Test
    void theFileKeepsNamesAsTheyAre(@TempDir Path directory) {
        try (StateDirectory state = StateDirectory.open(directory)) {
            state.write(RUNNING);
            assertThat(state.records()).containsExactly(RUNNING);
        }
    }

    @Test
    void whatWasWrittenIsRead() {
        assertThat(RunRecord.parse(RUNNING.text())).isEqualTo(RUNNING);
        assertThat(RunRecord.parse(ended().text())).isEqualTo(ended());
        assertThat(RUNNING.text().lines()).as("no time of writing").noneMatch(line -> line.startsWith("#"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"format", "namespace", "pod", "container", "digest", "attempt", "child", "since", "grace"})
    void nothingMayBeMissing(String name) {
        String text = RUNNING.text()
                .lines()
                .filter(line -> !line.startsWith(name + "="))
                .reduce("", (a, b) -> a + b + "\n");
        assertThatThrownBy(() -> RunRecord.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "format=2\n", "\u0000\u0000\u0000"})
    void otherTextsAreRefused(String text) {
        assertThatThrownBy(() -> RunRecord.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("it is no record of format 1");
    }
}
