package dev.corral.examples.readme;

import static dev.corral.ByteSize.mebibytes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.Command;
import dev.corral.Result;
import dev.corral.cgroups.Limits;
import dev.corral.examples.testing.Needs;
import dev.corral.namespaces.Isolation;
import org.junit.jupiter.api.Test;

/** The sample of the page on security. */
class SecurityTest {
    @Test
    void everythingAtOnce() throws InterruptedException {
        Needs.controlGroups();
        String script = "id -u; ls /srv /home; grep CapEff /proc/self/status; mount -t tmpfs none /tmp";
        // README
        Result result = Command.of("sh", "-c", script)
                .with(Isolation.sandbox())
                .with(Limits.none().memory(mebibytes(256)).cpus(0.5).pids(32))
                .mostOutput(mebibytes(1))
                .run(ofSeconds(30));
        // end
        assertThat(result.output().text()).contains("CapEff:\t0000000000000000").startsWith("0\n");
        assertThat(result.error().text()).contains("mount:");
        assertThat(result.exit().ok()).isFalse();
    }
}
