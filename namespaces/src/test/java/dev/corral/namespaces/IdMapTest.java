package dev.corral.namespaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.Launch.IdRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdMapTest {
    @Test
    void theFirstBlockIsTakenWhereNoFileGivesAnyAway(@TempDir Path etc) {
        assertThat(IdMap.free(etc)).isEqualTo(524_288);
    }

    @Test
    void blocksGivenAwayAreSkipped(@TempDir Path etc) throws Exception {
        Files.writeString(etc.resolve("subuid"), "alice:524288:65536\nbob:655359:1\n");
        Files.writeString(etc.resolve("group"), "staff:x:589824:alice\n");
        assertThat(IdMap.free(etc)).isEqualTo(655_360);
    }

    @Test
    void oddLinesGiveNothingAway() {
        assertThat(TakenIds.ranges("# comment\n\na:b:c\nx:1\n99999999999:99999999999:99999999999\n")
                        .ranges())
                .isEmpty();
        assertThat(TakenIds.accounts("root:x:0:0::/root:/bin/sh\n+\nbroken\n").ranges())
                .containsExactly(new TakenIds.Range(0, 1));
    }

    @Test
    void overlappingRangesAreRefused() {
        List<IdRange> fine = List.of(new IdRange(0, 1000, 1));
        List<IdRange> overlapping = List.of(new IdRange(0, 1000, 10), new IdRange(10, 1009, 1));
        assertThatThrownBy(() -> new IdMap(overlapping, fine))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("user id ranges overlap");
        assertThatThrownBy(() -> new IdMap(fine, List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
