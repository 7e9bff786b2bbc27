package dev.corral;

import static dev.corral.testing.Outputs.line;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.testing.Namespacing;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Signals to a child, with an init that forwards them and without one. */
class SignallingTest {
    private static final String TRAP = "trap 'echo caught; exit 9' USR1; echo ready; while :; do sleep 0.02; done";

    static Stream<Confinement> withAndWithoutInit() {
        return Namespacing.noneAndAll();
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void destroyAsksByTerm(Confinement confinement) throws Exception {
        try (Child child = Command.of("cat").with(confinement).start()) {
            child.destroy();
            Exit exit = child.await();
            assertThat(exit.terminatedBy()).contains(Signal.TERM);
            assertThat(exit.rawStatus()).isEqualTo(15);
            assertThat(child.exitValue()).isEqualTo(143);
            assertThat(exit.details().causes()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void destroyForciblyKillsAndTheEndSaysWho(Confinement confinement) throws Exception {
        try (Child child = Command.of("cat").with(confinement).start()) {
            assertThat(child.destroyForcibly()).isSameAs(child);
            Exit exit = child.await();
            assertThat(exit.terminatedBy()).contains(Signal.KILL);
            assertThat(exit.cause(Cause.Killed.class)).isPresent();
            assertThat(exit.toString()).endsWith(": killed by its owner");
        }
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void aProgramMayCatchASignal(Confinement confinement) throws Exception {
        try (Child child = Command.of("sh", "-c", TRAP).with(confinement).start()) {
            assertThat(line(child)).isEqualTo("ready");
            assertThat(child.signal(Signal.USR1)).isTrue();
            assertThat(child.inputReader(UTF_8).readLine()).isEqualTo("caught");
            assertThat(child.await().shellCode()).isEqualTo(9);
        }
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void aProgramThatIgnoresTermRunsOnUntilItIsKilled(Confinement confinement) throws Exception {
        try (Child child = Command.of("sh", "-c", "trap '' TERM; echo ready; exec cat")
                .with(confinement)
                .start()) {
            assertThat(line(child)).isEqualTo("ready");
            child.destroy();
            child.outputWriter().write("still here\n");
            child.outputWriter().flush();
            assertThat(child.inputReader(UTF_8).readLine()).isEqualTo("still here");
            assertThat(child.isAlive()).isTrue();
            child.destroyForcibly();
            assertThat(child.await().terminatedBy()).contains(Signal.KILL);
        }
    }

    /** The shell waits for its child in the foreground, and would not run the trap as long as that one lives. */
    @Test
    void anInitForwardsToTheWholeProcessGroup() throws Exception {
        String script = "trap 'exit 5' INT; sh -c 'echo ready; exec sleep 1000'; exit 6";
        try (Child child =
                Command.of("sh", "-c", script).with(Namespacing.pid()).start()) {
            assertThat(line(child)).isEqualTo("ready");
            child.signal(Signal.INT);
            assertThat(child.await().shellCode()).isEqualTo(5);
        }
    }

    @Test
    void anInitForwardsRealTimeSignalsToo() throws Exception {
        try (Child child = Command.of("cat").with(Namespacing.pid()).start()) {
            child.signal(new Signal(40));
            assertThat(child.await().terminatedBy()).contains(new Signal(40));
        }
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void nobodyIsSignalledAfterTheEnd(Confinement confinement) throws Exception {
        try (Child child = Command.of("true").with(confinement).start()) {
            Exit exit = child.await();
            assertThat(child.signal(Signal.KILL)).isFalse();
            child.destroy();
            child.destroyForcibly();
            assertThat(child.exit()).contains(exit);
            assertThat(exit.ok()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void anEndThatRacesWithAKillIsToldTruly(Confinement confinement) throws Exception {
        for (int i = 0; i < 100; i++) {
            try (Child child = Command.of("true").with(confinement).start()) {
                child.destroyForcibly();
                Exit exit = child.await();
                boolean killed = exit.terminatedBy().isPresent();
                assertThat(exit.ok()).isEqualTo(!killed);
                assertThat(exit.cause(Cause.Killed.class).isPresent()).isEqualTo(killed);
            }
        }
    }
}
