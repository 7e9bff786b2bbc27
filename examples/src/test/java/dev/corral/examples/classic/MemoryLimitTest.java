package dev.corral.examples.classic;

import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.Exit;
import dev.corral.Signal;
import dev.corral.cgroups.LimitCause;
import dev.corral.examples.testing.Needs;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryLimitTest {
    @Test
    void theExitSaysThatTheLimitHasKilledIt() throws InterruptedException {
        Needs.controlGroups();

        Exit exit = MemoryLimit.run();

        assertThat(exit.terminatedBy()).contains(Signal.KILL);
        assertThat(exit.cause(LimitCause.OutOfMemory.class))
                .hasValueSatisfying(cause -> assertThat(cause.limit()).isEqualTo(Optional.of(mebibytes(64))));
        assertThat(exit.toString()).endsWith(": out of memory (limit 64 MiB)");
    }
}
