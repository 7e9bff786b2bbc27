package dev.corral.namespaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.Launch.IdRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdMapTest {
    @Test
    void theFirstBlockIsTakenWhereNoFileGivesAnyAway(@TempDir Path etc) {
        assertThat(IdChoice.free(etc, 524_288)).isEqualTo(524_288);
    }

    @Test
    void blocksGivenAwayAreSkipped(@TempDir Path etc) throws Exception {
        Files.writeString(etc.resolve("subuid"), "alice:524288:65536\nbob:655359:1\n");
        Files.writeString(etc.resolve("group"), "staff:x:589824:alice\n");
        assertThat(IdChoice.free(etc, 524_288)).isEqualTo(655_360);
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
        assertThatThrownBy(() -> IdMap.of(overlapping, fine))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("user id ranges overlap");
        assertThatThrownBy(() -> IdMap.of(fine, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMapHasBetween1And340Ranges() {
        List<IdRange> one = List.of(new IdRange(0, 1000, 1));
        List<IdRange> many = new ArrayList<>();
        for (int i = 0; i < 341; i++) {
            many.add(new IdRange(i, 1000 + i, 1));
        }
        assertThat(IdMap.of(one, many.subList(0, 340)).groups()).hasSize(340);
        assertThatThrownBy(() -> IdMap.of(one, many))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a group id map has between 1 and 340 ranges, not 341");
        assertThatThrownBy(() -> IdMap.of(List.of(), one))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a user id map");
    }

    @Test
    void rangesOnlyOverlapIfTheyShareAnId() {
        List<IdRange> neighbours = List.of(new IdRange(0, 1000, 10), new IdRange(10, 1010, 10));
        assertThat(IdMap.of(neighbours, neighbours).users()).isEqualTo(neighbours);
        List<IdRange> inside = List.of(new IdRange(0, 1000, 10), new IdRange(9, 5000, 1));
        assertThatThrownBy(() -> IdMap.of(inside, neighbours)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aHostThatGivesAllIdsAwayIsToldAsSuch(@TempDir Path etc) throws Exception {
        Files.writeString(etc.resolve("subgid"), "everybody:0:4294967295\n");
        assertThatThrownBy(() -> IdChoice.free(etc, 524_288))
                .isInstanceOf(NoFreeIds.class)
                .hasMessageContaining("give an id map");
    }
}
