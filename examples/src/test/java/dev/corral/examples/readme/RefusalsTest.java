package dev.corral.examples.readme;

import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Command;
import dev.corral.cgroups.Limits;
import dev.corral.cgroups.NotDelegated;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The error that a page shows to whoever has no delegation is the one that they get, but for who and where they are. */
class RefusalsTest {
    static Stream<Arguments> pages() {
        Limits memory = Limits.none().memory(mebibytes(256));
        return Stream.of(
                Arguments.of("README.md", memory.cpus(0.5).pids(64)), Arguments.of("docs/rootless.md", memory));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void aRefusedLimitReadsAsThePageSays(String page, Limits limits) throws Exception {
        Throwable refused =
                catchThrowable(() -> Command.of("true").with(limits).start().close());
        assumeTrue(refused instanceof NotDelegated, "the limits can be set here");
        String said = String.valueOf(refused.getMessage())
                .replaceAll("uid [0-9]+", "uid 1001")
                .replaceAll("(/sys/fs/cgroup/(memory|cpu|pids))(,cpuacct)?(/[^ ,]*)*", "$1");
        assumeTrue(said.contains("/sys/fs/cgroup/memory, "), "a host of version 2, and the pages show version 1");

        assertThat(Files.readString(Path.of("..", page)).replaceAll("\\s+", " "))
                .contains(said);
    }
}
