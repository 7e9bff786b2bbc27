package dev.corral.internal.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.testing.Status;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Which capabilities a program of this JVM's has is told before there is one. */
class HandedDownTest {
    @Test
    void aProgramHasWhatIsHandedDownToIt() throws Exception {
        Process cat = new ProcessBuilder("cat", "/proc/self/status").start();
        Status program = Status.parse(new String(cat.getInputStream().readAllBytes(), UTF_8));
        int last = Integer.parseInt(
                Sysctl.read(Path.of("/proc/sys/kernel/cap_last_cap")).orElseThrow());
        for (int capability = 0; capability <= last; capability++) {
            assertThat(LibC.handsDown(capability))
                    .as("capability " + capability)
                    .isEqualTo((program.mask("CapEff") >> capability & 1) == 1);
        }
    }
}
