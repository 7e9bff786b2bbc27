package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.Exit.Details;
import dev.corral.Exit.Exited;
import dev.corral.Exit.Signalled;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExitTest {
    private record OutOfMemory(ByteSize limit) implements Cause {
        @Override
        public String describe() {
            return "out of memory (limit " + limit + ")";
        }
    }

    private static Details after(long millis) {
        return new Details(Duration.ofMillis(millis), Optional.empty(), Optional.empty(), List.of());
    }

    @Test
    void everyExitCodeIsReadFromTheRawStatus() {
        for (int code = 0; code <= 255; code++) {
            Exit exit = Exit.of(code << 8, after(1));
            assertThat(exit).isInstanceOf(Exited.class);
            assertThat(exit.shellCode()).isEqualTo(code);
            assertThat(exit.ok()).isEqualTo(code == 0);
            assertThat(exit.terminatedBy()).isEmpty();
        }
    }

    @Test
    void everySignalIsReadFromTheRawStatus() {
        for (int number = 1; number <= 64; number++) {
            Exit exit = Exit.of(number, after(1));
            assertThat(exit.terminatedBy()).contains(new Signal(number));
            assertThat(exit.shellCode()).isEqualTo(128 + number);
            assertThat(exit.ok()).isFalse();
        }
    }

    @Test
    void anExitWith137IsNoSigkill() {
        assertThat(Exit.of(137 << 8, after(1))).isInstanceOf(Exited.class);
        assertThat(Exit.of(9, after(1))).isInstanceOf(Signalled.class);
        assertThat(Exit.of(137 << 8, after(1)).shellCode())
                .isEqualTo(Exit.of(9, after(1)).shellCode());
    }

    @Test
    void theCoreDumpBitIsTold() {
        assertThat(Exit.of(11 | 0x80, after(1)))
                .isEqualTo(new Signalled(new Signal(11), true, 139, after(1)))
                .hasToString("killed by SIGSEGV (core dumped) in 1 ms");
    }

    @Test
    void aSentenceTellsEndTimeAndPeak() {
        assertThat(Exit.of(0, after(1234).peakMemory(ByteSize.mebibytes(87))))
                .hasToString("exited 0 in 1.2 s, peak memory 87 MiB");
        assertThat(Exit.of(3 << 8, after(12))).hasToString("exited 3 in 12 ms");
        assertThat(Exit.of(15, after(60_000))).hasToString("killed by SIGTERM in 60.0 s");
    }

    @Test
    void aCauseStandsInsteadOfThePeak() {
        Details details =
                after(300).peakMemory(ByteSize.mebibytes(256)).cause(new OutOfMemory(ByteSize.mebibytes(256)));
        assertThat(Exit.of(9, details)).hasToString("killed by SIGKILL in 0.3 s: out of memory (limit 256 MiB)");
        assertThat(Exit.of(9, details.cause(new Cause.Killed())))
                .hasToString("killed by SIGKILL in 0.3 s: out of memory (limit 256 MiB), killed by its owner");
    }

    @Test
    void aCauseIsFoundByItsType() {
        Exit exit = Exit.of(9, after(1).cause(new Cause.Killed()));
        assertThat(exit.cause(Cause.Killed.class)).isPresent();
        assertThat(exit.cause(Cause.Unknown.class)).isEmpty();
        assertThat(exit.with(after(2)).cause(Cause.Killed.class)).isEmpty();
        assertThat(exit.with(after(2)).duration()).isEqualTo(Duration.ofMillis(2));
    }
}
