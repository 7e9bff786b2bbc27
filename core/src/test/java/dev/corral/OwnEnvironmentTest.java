package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.testing.ForkedJvm;
import dev.corral.testing.Outputs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Variables of the JVM whose bytes are no text in its locale, as nearly all are beyond ASCII where LANG is not set. */
class OwnEnvironmentTest {
    /** UTF-8, and a byte that is none. */
    private static final String VALUE = "gr\\303\\274n\\377";

    private static final String OCTAL = " 147 162 303 274 156 377";

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void areHandedOnAsTheyAre(String locale) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                "sh", "-c", "export LC_ALL=" + locale + " GREETING=$(printf '" + VALUE + "'); exec \"$@\"", "sh"));
        line.addAll(ForkedJvm.commandLine(HandsOn.class));

        assertThat(ForkedJvm.run(new ProcessBuilder(line)).ok().output().lines())
                .containsExactly(OCTAL, OCTAL, "empty");
    }

    /** Prints what children that are given it see of it. */
    static final class HandsOn {
        private HandsOn() {}

        public static void main(String[] arguments) throws Exception {
            Command command = Command.of("sh", "-c", "printf %s \"${GREETING-empty}\" | od -An -to1");
            print(command.environment(Environment.inherited()));
            print(command.environment(Environment.empty().inheriting("PATH", "GREETING")));
            System.out.println(Outputs.of(Command.of("sh", "-c", "printf %s \"${GREETING-empty}\"")));
        }

        private static void print(Command command) throws Exception {
            Outputs.of(command).lines().forEach(System.out::println);
        }
    }
}
