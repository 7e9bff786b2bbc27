package dev.corral.examples.readme;

import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Exit;
import dev.corral.cgroups.LimitCause;
import dev.corral.cgroups.Limits;
import dev.corral.examples.testing.Needs;
import dev.corral.namespaces.Isolation;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    @BeforeEach
    void limitsCanBeSet() {
        Needs.controlGroups();
        assumeThat(Path.of("/usr/bin/python3")).as("needs python3 in /usr/bin").isExecutable();
    }

    @Test
    void aCommandWithLimitsAndAViewOfItsOwn() throws InterruptedException {
        String script = "a = bytearray(40 << 20)";
        // README
        Command render = Command.of("python3", "-c", script)
                .with(Limits.none().memory(mebibytes(256)).cpus(0.5).pids(64))
                .with(Isolation.full().hostname("render"));

        try (Child child = render.start()) {
            Exit exit = child.await();
            out.println(exit); // exited 0 in 1.2 s, peak memory 87 MiB
        } // or: killed by SIGKILL in 0.3 s: out of memory (limit 256 MiB)
        // end
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .matches("exited 0 in \\d+(\\.\\d)? m?s, peak memory \\d+(\\.\\d)? MiB\n");
    }

    @Test
    void aCommandThatWantsTooMuch() throws InterruptedException {
        Command greedy = Command.of("python3", "-c", "a = []\nwhile True: a.append(b'x' * 2**20)")
                .with(Limits.none().memory(mebibytes(64)));
        try (Child child = greedy.start()) {
            Exit exit = child.await();
            assertThat(exit.cause(LimitCause.OutOfMemory.class)).isPresent();
            assertThat(exit.toString()).matches("killed by SIGKILL in .* m?s: out of memory \\(limit 64 MiB\\)");
        }
    }
}
