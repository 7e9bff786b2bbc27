package dev.corral.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.Feature;
import dev.corral.internal.linux.Errno;
import dev.corral.testing.ForkedJvm;
import dev.corral.testing.Namespacing;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForeignProcTest {
    /** The launcher once opened the id map of whoever bore the child's number in the /proc it saw. */
    @Test
    void idMapsAreNotWrittenThroughTheProcOfAnotherPidNamespace() throws Exception {
        Namespacing.assumeHas(Feature.NAMESPACES_WITHOUT_USER);
        List<String> line = new ArrayList<>(List.of("unshare", "--pid", "--fork"));
        line.addAll(ForkedJvm.commandLine(Inside.class));
        assertThat(ForkedJvm.run(new ProcessBuilder(line)).ok().output()).contains("idmap ESRCH");
    }

    /** Runs in a JVM whose /proc is that of the namespace outside. */
    static final class Inside {
        private Inside() {}

        public static void main(String[] arguments) throws Exception {
            LaunchPlan plan = Launches.plan(List.of("user"), "/bin/true")
                    .text(LaunchPlan.Text.USER_MAP, "0 1000000 1\n")
                    .text(LaunchPlan.Text.GROUP_MAP, "0 1000000 1\n");
            Launcher launcher = Launcher.load();
            assertThatThrownBy(() -> Launches.start(launcher, plan, Launches.PATIENCE))
                    .isInstanceOfSatisfying(
                            StepFailed.class,
                            failed -> System.out.println(failed.step().text() + " " + Errno.name(failed.errno())));
        }
    }
}
