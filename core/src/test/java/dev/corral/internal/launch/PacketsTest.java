package dev.corral.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PacketsTest {
    @Test
    void descriptorsThatDoNotFitIntoOnePacketComeInTheNext() throws Exception {
        LaunchPlan plan = Launches.plan("/bin/true");
        try (Fd nothing = new Fd(LibC.open(Path.of("/dev/null"), LibC.O_WRONLY))) {
            while (plan.descriptors().size() + LaunchPlan.FIXED_DESCRIPTORS < LaunchPlan.MOST_DESCRIPTORS) {
                plan.groupFile(nothing.number()); // which takes a "0" as a group would
            }
            Launcher launcher = Launcher.load();
            assertThat(Launches.end(launcher, Launches.start(launcher, plan, Launches.PATIENCE)))
                    .isZero();
        }
    }
}
