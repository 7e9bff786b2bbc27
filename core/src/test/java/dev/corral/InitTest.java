package dev.corral;

import static dev.corral.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.testing.Namespacing;
import dev.corral.testing.Outputs;
import dev.corral.testing.Privilege;
import dev.corral.testing.Processes;
import dev.corral.testing.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The init of a new pid namespace, seen from the host, and what it does for those inside. */
class InitTest {
    private static final long CAP_KILL = 1 << 5;
    private static final int MOST_KIB = 100;

    private static int kib(Status status, String field) {
        return Integer.parseInt(status.get(field).replace(" kB", ""));
    }

    @Test
    void itHasAFilterOneCapabilityAndHardlyAnyMemory() throws Exception {
        try (Child child = Command.of("cat").with(Namespacing.all()).start()) {
            // Its last steps come after the fork: the payload may be faster.
            await().until(() -> Status.of(child.pid()).get("Seccomp").equals("2"));
            Status init = Status.of(child.pid());
            assertThat(init.get("Name")).isEqualTo("corral-init");
            assertThat(init.get("NSpid")).endsWith(" 1");
            assertThat(init.get("NoNewPrivs")).isEqualTo("1");
            assertThat(init.get("Threads")).isEqualTo("1");
            assertThat(init.mask("CapPrm")).isEqualTo(CAP_KILL);
            assertThat(init.mask("CapEff")).isEqualTo(CAP_KILL);
            assertThat(init.mask("CapInh")).isZero();
            assertThat(init.mask("CapAmb")).isZero();
            assertThat(init.mask("SigBlk")).as("all but KILL and STOP").isEqualTo(0xffff_ffff_fffb_feffL);
            assertThat(kib(init, "VmRSS")).as("resident KiB").isLessThan(MOST_KIB);
            System.out.println("init: " + init.get("VmRSS") + " resident");
        }
    }

    @Test
    void itHoldsThreeDescriptorsAndNoDirectory() throws Exception {
        Privilege.SYS_PTRACE.assumeHere();
        try (Child child = Command.of("cat").with(Namespacing.all()).start()) {
            await().until(() -> Status.of(child.pid()).get("Seccomp").equals("2"));
            try (Stream<Path> open = Files.list(Path.of("/proc/" + child.pid() + "/fd"))) {
                assertThat(open.map(link -> link.getFileName().toString())).containsExactlyInAnyOrder("0", "1", "2");
            }
            assertThat(Files.readSymbolicLink(Path.of("/proc/" + child.pid() + "/cwd")))
                    .isEqualTo(Path.of("/"));
        }
    }

    @Test
    void thePayloadCanNotReachItsDescriptors() throws Exception {
        Command command =
                Command.of("sh", "-c", "ls /proc/1/fd; readlink /proc/1/exe").with(Namespacing.all());
        assertThat(Outputs.of(command)).contains("Permission denied");
    }

    @Test
    void itMayWaitForAll() throws Exception {
        String script = "exec 3<&0; cat <&3 & echo started; exit 3";
        Command command = Command.of("sh", "-c", script).with(Namespacing.all());
        try (Child child = command.with(Launch::waitForAll).start()) {
            assertThat(Outputs.line(child)).isEqualTo("started");
            long payload = child.payloadPid();
            await().until(() -> !Files.exists(Path.of("/proc/" + payload)));
            assertThat(child.isAlive()).isTrue();
            child.getOutputStream().close();
            assertThat(child.await().shellCode()).as("the program's own").isEqualTo(3);
        }
        try (Child child = command.start()) {
            assertThat(child.await().shellCode()).isEqualTo(3);
        }
    }

    @Test
    void itHandsSignalsToWhoeverIsLeftAfterTheProgram() throws Exception {
        String script = "exec 3<&0; setsid cat <&3 & echo started; exit 3";
        try (Child child = Command.of("sh", "-c", script)
                .with(Namespacing.all())
                .with(Launch::waitForAll)
                .start()) {
            assertThat(Outputs.line(child)).isEqualTo("started");
            long payload = child.payloadPid();
            await().until(() -> !Files.exists(Path.of("/proc/" + payload)));
            child.destroy();
            assertThat(child.await().shellCode()).isEqualTo(3);
        }
    }

    @Test
    void itReapsOrphans() throws Exception {
        String script = "i=0; while [ $i -lt 50 ]; do (true &); (setsid true &); i=$((i+1)); done; echo done; cat";
        try (Child child =
                Command.of("sh", "-c", script).with(Namespacing.pid()).start()) {
            assertThat(Outputs.line(child)).isEqualTo("done");
            await().until(() -> Processes.childrenOf(child.pid()).equals(List.of(child.payloadPid())));
        }
    }

    @Test
    void itSignalsAProgramThatIsSomebodyElse() throws Exception {
        Namespacing.assumeManyIds();
        Namespacing.assumeMayBecome(5);
        Privilege.SYS_ADMIN.assumeHere();
        Confinement onTheHost = launch -> launch.namespaces(List.of("pid"));
        for (Confinement place : List.of(Namespacing.all(), onTheHost)) {
            try (Child child = Command.of("sh", "-c", "trap 'exit 9' TERM; echo ready; while :; do sleep 0.02; done")
                    .with(place)
                    .with(Identity.of(5, 5))
                    .start()) {
                assertThat(Outputs.line(child)).isEqualTo("ready");
                child.destroy();
                assertThat(child.await().shellCode()).isEqualTo(9);
            }
        }
    }

    @Test
    void itDiesOfNothingButKill() throws Exception {
        try (Child child = Command.of("sh", "-c", "trap '' INT QUIT TERM HUP USR1; echo ready; cat")
                .with(Namespacing.all())
                .start()) {
            assertThat(Outputs.line(child)).isEqualTo("ready");
            for (Signal signal : List.of(Signal.INT, Signal.QUIT, Signal.TERM, Signal.HUP, Signal.USR1)) {
                child.signal(signal);
            }
            child.outputWriter().write("still\n");
            child.outputWriter().flush();
            assertThat(Outputs.line(child)).isEqualTo("still");
            child.destroyForcibly();
            assertThat(child.await().terminatedBy()).contains(Signal.KILL);
        }
    }
}
