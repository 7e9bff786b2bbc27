package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.ByteSize;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Groups that must not be stopped, and those that can't be, on the real kernel. */
@Tag("v2")
class StandstillTest extends RealGroups {
    @Test
    void aJvmIsNeverStoppedWithItsOwnGroup() throws Exception {
        try (Cgroup group = host.create(name)) {
            String join = group.paths().stream()
                    .map(path -> "echo $$ > '" + path + "/cgroup.procs' && ")
                    .collect(Collectors.joining());
            List<String> command = new ArrayList<>(List.of("sh", "-c", join + "exec \"$@\"", "sh"));
            command.addAll(OtherJvm.line(
                    StandstillProgram.class,
                    group.paths().stream().map(Object::toString).toArray(String[]::new)));
            Process program =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try {
                assertThat(program.waitFor(60, TimeUnit.SECONDS))
                        .as("it stands still")
                        .isTrue();
            } finally {
                group.thaw();
            }
            List<String> said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();

            assertThat(said).as("what it said").anyMatch(line -> line.startsWith("freeze: "));
            assertThat(said)
                    .filteredOn(line -> line.matches("(freeze|freezer|file): .*"))
                    .allSatisfy(line -> assertThat(line)
                            .contains("HoldsThisJvm cannot freeze ", "this JVM, pid " + program.pid())
                            .endsWith("move it to another group first"));
            assertThat(said)
                    .filteredOn(line -> line.matches("(attach|thread): .*"))
                    .hasSize(2)
                    .allSatisfy(line ->
                            assertThat(line).contains("HoldsThisJvm cannot move this JVM to ", "the group is frozen"));
            assertThat(said)
                    .filteredOn(line -> line.startsWith("off: "))
                    .allSatisfy(line -> assertThat(line).isEqualTo("off: done"));
        }
    }

    /** Version 1 lets a process wait for memory for ever, and nothing can stop it there. */
    @Test
    void aGroupThatWaitsForMemorySaysSoWhenItCannotBeStopped() {
        try (Cgroup group = host.create(name)) {
            assumeTrue(group.find(MemoryV1.class).isPresent(), "needs memory held by version 1");
            MemoryV1 memory = group.find(MemoryV1.class).orElseThrow();
            memory.oomKillDisabled(true);
            memory.limits(Limit.of(ByteSize.mebibytes(16)), SwapPolicy.NONE);
            Process hog =
                    inside(group, "exec awk 'BEGIN { s = \"x\"; while (length(s) < 30000000) s = s s; while (1) ; }'");
            await().atMost(Duration.ofMinutes(1)).until(memory::underOom);

            assertThatThrownBy(() -> group.freeze(Duration.ofMillis(300)))
                    .isInstanceOf(FreezeTimeout.class)
                    .hasMessageStartingWith(
                            "cannot freeze " + group.path() + ": a process in it did not stop within 300 ms")
                    .hasMessageEndingWith(", for " + memory.path()
                            + " has no memory left and nobody is to be killed for it (oom_kill_disable);"
                            + " raise its memory limit, or end a process in it");
            assertThat(group.isFrozen()).isFalse();
            assertThat(hog.isAlive()).isTrue();
        }
    }
}
