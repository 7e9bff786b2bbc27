package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.testing.CProgram;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TracedChildTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String TRACER = """
            #include <stdio.h>
            #include <stdlib.h>
            #include <sys/ptrace.h>
            #include <unistd.h>

            int main(int count, char **arguments)
            {
                if (count != 2 || ptrace(PTRACE_SEIZE, atoi(arguments[1]), 0, 0)) {
                    perror("ptrace");
                    return 1;
                }
                puts("has it");
                fflush(stdout);
                getchar();
                return 0;
            }
            """;

    @TempDir
    Path directory;

    /** The kernel keeps a dead child for its debugger; whoever waits for it waits, and nobody else. */
    @Test
    void aDebuggerThatDoesNotLetGoKeepsOnlyItsOwnProcess() throws Exception {
        Path tracer = CProgram.compile(directory, "tracer", TRACER);
        try (Child traced = Command.of("cat").start()) {
            Process debugger = new ProcessBuilder(tracer.toString(), Long.toString(traced.pid()))
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader said = debugger.inputReader()) {
                assumeThat(said.readLine())
                        .as("needs leave to trace its own child")
                        .isEqualTo("has it");
                traced.signal(Signal.KILL);
                for (int i = 0; i < 3; i++) {
                    try (Child other = Command.of("true").start()) {
                        assertThat(other.await(PATIENCE)).isPresent();
                    }
                }
                assertThat(traced.isAlive()).isTrue();
                debugger.getOutputStream().close();
                assertThat(traced.await(PATIENCE)).map(Exit::terminatedBy).contains(Optional.of(Signal.KILL));
            } finally {
                debugger.destroyForcibly();
            }
        }
    }
}
