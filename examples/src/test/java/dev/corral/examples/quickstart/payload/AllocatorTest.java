package dev.corral.examples.quickstart.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AllocatorTest {
    @Test
    void stopsByItselfWhereNothingStopsIt() throws Exception {
        try (RunningProgram allocator = RunningProgram.start(Allocator.class, Map.of(), "40")) {
            assertThat(allocator.remainingLines())
                    .containsExactly(
                            "holding 16 MiB",
                            "holding 32 MiB",
                            "no limit stopped this program: it stops by itself at 40 MiB");
            assertThat(allocator.exitCode()).isZero();
        }
    }
}
