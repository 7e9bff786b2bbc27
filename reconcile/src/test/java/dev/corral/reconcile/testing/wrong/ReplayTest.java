package dev.corral.reconcile.testing.wrong;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.corral.reconcile.testing.SimulationFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A line of a report makes the same happen elsewhere. */
class ReplayTest {
    @Test
    void anotherJvmReplaysTheVerySameTimeline() throws IOException, InterruptedException {
        Specimen stale = StaleDuplicate.specimen();
        SimulationFailure found = catchThrowableOfType(
                SimulationFailure.class,
                () -> stale.wrong().apply(stale.seeds()).faults(stale.faults()).run());

        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Duser.language=ar",
                        "-Duser.country=EG",
                        "-classpath",
                        String.join(
                                ":",
                                Path.of("target", "classes").toString(),
                                Path.of("target", "test-classes").toString(),
                                System.getProperty("jdk.module.path", ""),
                                System.getProperty("java.class.path", "")),
                        Replayed.class.getName(),
                        found.replay())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> timeline = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();

        assertThat(other.waitFor()).isZero();
        assertThat(timeline).isEqualTo(found.timeline()).hasSizeGreaterThan(10);
    }
}
