package dev.corral;

import static dev.corral.testing.Patience.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.testing.ForkedJvm;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Outputs;
import dev.corral.testing.Processes;
import java.io.BufferedReader;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a JVM ends, its children end with it. */
class LifelineTest {
    /** One shell and two sleeps with an init, one sleep without. */
    private static final int PROCESSES = 4;

    @Test
    void aJvmThatIsKilledTakesItsChildrenAlong() throws Exception {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        String time = Processes.longTime();
        Process jvm = new ProcessBuilder(ForkedJvm.commandLine(Parent.class, time, "wait")).start();
        try {
            assertThat(ready(jvm)).isEqualTo("ready");
            Processes.awaitMentioning(time, PROCESSES + 1); // the JVM too; none in the midst of its exec
        } finally {
            jvm.destroyForcibly();
        }
        assertNobodyIsLeft(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"halt", "exit", "throw"})
    void aJvmThatEndsWithoutClosingTakesItsChildrenAlong(String how) throws Exception {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        String time = Processes.longTime();
        Process jvm = new ProcessBuilder(ForkedJvm.commandLine(Parent.class, time, how)).start();
        assertThat(ready(jvm)).isEqualTo("ready");
        assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertNobodyIsLeft(time);
    }

    private static String ready(Process jvm) throws Exception {
        BufferedReader output = jvm.inputReader(UTF_8);
        return output.readLine();
    }

    private static void assertNobodyIsLeft(String time) {
        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(Processes.mentioning(time)).isEmpty());
    }

    /** Starts children that would run for long, and leaves without closing them. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] arguments) throws Exception {
            String script = "setsid sleep $0 & sleep $0 & echo ready; wait";
            Child family = Command.of("sh", "-c", script, arguments[0])
                    .with(Namespacing.pid())
                    .start();
            Child single = Command.of("sleep", arguments[0]).start();
            assertThat(Outputs.line(family)).isEqualTo("ready");
            await().until(() -> Processes.mentioning(arguments[0]).size() > PROCESSES);
            System.out.println(single.isAlive() ? "ready" : "not alive");
            switch (arguments[1]) {
                case "halt" -> Runtime.getRuntime().halt(3);
                case "throw" -> throw new IllegalStateException("leaving");
                case "wait" -> System.in.transferTo(System.out);
                default -> {}
            }
        }
    }
}
