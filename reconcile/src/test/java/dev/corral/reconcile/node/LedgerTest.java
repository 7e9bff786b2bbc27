package dev.corral.reconcile.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.ChildId;
import dev.corral.reconcile.Key;
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

class LedgerTest {
    private static final Key POD = Key.of("web-0");
    private static final Instant SINCE = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    private Path directory;

    @Test
    void anEndIsWrittenDown() {
        try (StateDirectory state = StateDirectory.open(directory)) {
            Ledger ledger = new Ledger(state);
            ledger.write(running());
            ledger.ended(POD, "main", known -> end());
            assertThat(state.records()).containsExactly(running().ended(end()));
        }
    }

    /** As when two threads see the end of a run, and one is done with the pod while the other asks how the run ended. */
    @Test
    void whatIsForgottenWhileItsEndIsToldStaysForgotten() {
        try (StateDirectory state = StateDirectory.open(directory)) {
            Ledger ledger = new Ledger(state);
            ledger.write(running());
            ledger.ended(POD, "main", known -> {
                ledger.remove(POD);
                return end();
            });
            assertThat(state.records()).isEmpty();
        }
    }

    private static RunRecord running() {
        return new RunRecord(
                POD,
                "main",
                "abc",
                0,
                ChildId.parse("7c-1:41:5:42:6"),
                SINCE,
                Duration.ofSeconds(1),
                Map.of(),
                List.of(),
                List.of(),
                new LastWordsFile(Optional.empty(), Optional.empty()),
                ContainerRuntime.History.none(),
                Optional.empty());
    }

    private static ContainerState.Terminated end() {
        return new ContainerState.Terminated(
                0, Optional.empty(), ContainerState.COMPLETED, "", SINCE, SINCE.plusSeconds(1));
    }
}
