package dev.corral;

import static dev.corral.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.testing.Namespacing;
import dev.corral.testing.Outputs;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a program has used while it still runs. */
class UsageTest {
    private static final String STAT = "7 (a ) b) R 1 7 7 0 -1 4194304 80 300 0 0 150 50 7 3 20 0 1 0 100 2600000 220"
            + " 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0";

    static Stream<Confinement> withAndWithoutInit() {
        return Namespacing.noneAndAll();
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void itGrowsWithTheWork(Confinement confinement) throws Exception {
        try (Child child = Command.of("sh", "-c", "echo ready; read x; while :; do :; done")
                .with(confinement)
                .start()) {
            assertThat(Outputs.line(child)).isEqualTo("ready");
            ResourceUsage first = child.usage().orElseThrow();
            assertThat(first.peakResident()).isBetween(ByteSize.kibibytes(200), ByteSize.mebibytes(100));
            child.getOutputStream().write('\n');
            await().until(() -> child.usage().orElseThrow().userTime().compareTo(Duration.ofMillis(50)) > 0);
            child.destroyForcibly();
            child.await();
            assertThat(child.usage()).isEmpty();
            Optional<ResourceUsage> last = child.exit().orElseThrow().details().usage();
            assertThat(last.isPresent())
                    .as("an init that is killed has nothing to tell, and its own usage is not the program's")
                    .isEqualTo(child.pid() == child.payloadPid());
            last.ifPresent(usage -> assertThat(usage.userTime()).isGreaterThan(first.userTime()));
        }
    }

    @Test
    void whatWaitedForChildrenUsedIsCounted() throws Exception {
        String script = "i=0; (while [ $i -lt 100000 ]; do i=$((i+1)); done); echo ready; cat";
        try (Child child = Command.of("sh", "-c", script).start()) {
            assertThat(Outputs.line(child)).isEqualTo("ready");
            ResourceUsage usage = child.usage().orElseThrow();
            assertThat(usage.userTime().plus(usage.systemTime())).isPositive();
        }
    }

    @Test
    void theFilesOfProcAreRead() {
        assertThat(LiveUsage.parse(STAT, "Name:\ta\nVmHWM:\t  123 kB\nThreads:\t1\n"))
                .contains(new ResourceUsage(Duration.ofMillis(1570), Duration.ofMillis(530), ByteSize.kibibytes(123)));
        assertThat(LiveUsage.parse(STAT, "Name:\tzombie\n")).isEmpty();
        assertThat(LiveUsage.parse("", "VmHWM: 1 kB")).isEmpty();
        assertThat(LiveUsage.of(Integer.MAX_VALUE)).isEmpty();
    }
}
