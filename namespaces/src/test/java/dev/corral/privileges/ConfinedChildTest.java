package dev.corral.privileges;

import static dev.corral.privileges.Capability.CAP_NET_BIND_SERVICE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.Applied;
import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Confinement;
import dev.corral.ExecFailed;
import dev.corral.Exit;
import dev.corral.Launch;
import dev.corral.LaunchException;
import dev.corral.internal.linux.LandlockCalls;
import dev.corral.namespaces.Isolation;
import dev.corral.namespaces.NamespaceType;
import dev.corral.namespaces.Privilege;
import dev.corral.namespaces.SkippedWhereRefused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Children under filters, rules and capability sets, started by the launcher. */
@ExtendWith(SkippedWhereRefused.class)
class ConfinedChildTest {
    private static final Seccomp OPEN = Seccomp.allowByDefault();
    private static final boolean ROOT = Privilege.admin();
    /** In namespaces of its own, but the same user as the JVM where that can be had. */
    private static final Isolation APART = ROOT ? Isolation.full().without(NamespaceType.USER) : Isolation.full();

    @TempDir
    Path directory;

    private static String output(Command command, Confinement... confinements) throws Exception {
        Command confined = command;
        for (Confinement confinement : confinements) {
            confined = confined.with(confinement);
        }
        try (Child child = confined.start()) {
            String output = new String(child.getInputStream().readAllBytes(), UTF_8);
            child.await();
            return output;
        }
    }

    private static Command status(String line) {
        return Command.of("grep", line, "/proc/self/status");
    }

    @Test
    void theFilterIsInForce() throws Exception {
        assertThat(output(status("Seccomp:"), Seccomp.defaultProfile())).isEqualTo("Seccomp:\t2\n");
        assertThat(output(status("Seccomp:"), Seccomp.defaultProfile(), Isolation.full()))
                .isEqualTo("Seccomp:\t2\n");
        assertThat(output(status("Seccomp:"), Seccomp.defaultProfile().compile()))
                .isEqualTo("Seccomp:\t2\n");
    }

    /** The launcher then sets ids and capabilities under the filter. */
    @Test
    void theDefaultProfileLetsALaunchWithNewPrivilegesGoOn() throws Exception {
        assertThat(output(
                        status("Seccomp:\\|NoNewPrivs:"),
                        Seccomp.defaultProfile(),
                        Isolation.full(),
                        Privileges.of(CAP_NET_BIND_SERVICE).acrossExec(),
                        Launch::allowNewPrivileges))
                .isEqualTo("NoNewPrivs:\t0\nSeccomp:\t2\n");
    }

    @Test
    void programsDoNotNoticeTheDefaultProfile() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        assertThat(output(Command.of(java, "--version"), Seccomp.defaultProfile(), Isolation.full(), Privileges.none()))
                .contains("OpenJDK");
    }

    @Test
    void aFilterThatStopsTheLauncherIsNotEvenTried() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Command.of("true").with(OPEN.deny("sendmsg")).start())
                .withMessageContaining("answers sendmsg with EPERM");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Command.of("true").with(OPEN.deny("execve").compile()).start())
                .withMessageContaining("answers execve with EPERM");
    }

    @Test
    void aFailedExecIsToldThroughTheFilter() {
        Seccomp strict = Seccomp.otherwise(SeccompAction.killProcess()).allow("execve", "sendmsg", "exit_group");
        assertThatExceptionOfType(ExecFailed.class)
                .isThrownBy(() -> Command.of("/no/such/program").with(strict).start());
    }

    @Test
    void aKilledCallEndsTheChildBySigsys() throws Exception {
        try (Child child = Command.of("mkdir", directory.resolve("made").toString())
                .with(OPEN.answer(SeccompAction.killProcess(), "mkdir", "mkdirat"))
                .start()) {
            Exit exit = child.await();
            assertThat(exit.toString()).contains("SIGSYS");
        }
        assertThat(directory.resolve("made")).doesNotExist();
    }

    @Test
    void aHandlerAnswersTheChild() throws Exception {
        LinkedBlockingQueue<String> asked = new LinkedBlockingQueue<>();
        Seccomp filter = OPEN.ask(
                call -> {
                    asked.add(call.text(call.name().orElse("").equals("mkdir") ? 0 : 1)
                            .orElse("unreadable"));
                    return SeccompAnswer.errno("ENOSPC");
                },
                "mkdir",
                "mkdirat");
        String made = directory.resolve("made").toString();
        for (Confinement more : List.<Confinement>of(APART, launch -> {})) {
            assertThat(output(Command.of("sh", "-c", "mkdir " + made + " 2>&1"), filter, more))
                    .contains("No space left");
            assertThat(asked.take()).isEqualTo(made);
        }
        assertThat(asked).isEmpty();
        Awaitility.await()
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("corral-seccomp")));
    }

    @Test
    void capabilitiesAreWhatWasAskedFor() throws Exception {
        String bind =
                String.format("%016x", CapabilitySet.of(CAP_NET_BIND_SERVICE).mask());
        String none = "0000000000000000";
        String all = output(status("Cap"), Isolation.full(), Privileges.none());
        assertThat(all.lines().map(line -> line.replaceAll(".*\t", ""))).containsOnly(none);
        assertThat(output(status("Cap"), Isolation.full(), Privileges.of(CAP_NET_BIND_SERVICE)))
                .isEqualTo("CapInh:\t" + none + "\nCapPrm:\t" + bind + "\nCapEff:\t" + bind + "\nCapBnd:\t" + bind
                        + "\nCapAmb:\t" + none + "\n");
        assertThat(output(
                        status("Cap"),
                        Isolation.full(),
                        Privileges.of(CAP_NET_BIND_SERVICE).acrossExec()))
                .contains("CapAmb:\t" + bind);
    }

    @Test
    void landlockHoldsForTheChild() throws Exception {
        assumeThat(LandlockCalls.abi()).as("a kernel with Landlock").isPositive();
        Path secret = Files.writeString(directory.resolve("secret"), "text");
        Landlock programs = Landlock.files()
                .bestEffort()
                .execute(Path.of("/usr"), Path.of("/bin"), Path.of("/lib"), Path.of("/lib64"))
                .readWrite(Path.of("/dev/null"));
        Command cat = Command.of("sh", "-c", "cat " + secret + " 2>&1");
        assertThat(output(cat, programs)).contains("Permission denied");
        assertThat(output(cat, programs.readOnly(secret))).isEqualTo("text");
        assertThat(output(cat, programs.readOnly(directory), APART)).isEqualTo("text");
        try (Child child = cat.with(programs).start()) {
            assertThat(child.find(Applied.class).orElseThrow().entries()).isNotEmpty();
        }
    }

    @Test
    void aPathThatIsNotThereIsNamed() {
        assumeThat(LandlockCalls.abi()).as("a kernel with Landlock").isPositive();
        assertThatExceptionOfType(LaunchException.class)
                .isThrownBy(() -> Command.of("true")
                        .with(Landlock.files().bestEffort().readOnly(Path.of("/no/such/place")))
                        .start())
                .withMessageContaining("/no/such/place")
                .withMessageContaining("ENOENT");
    }

    @Test
    void allThreeGoTogether() throws Exception {
        Landlock reading = Landlock.files().bestEffort().execute(Path.of("/"));
        assertThat(output(status("Seccomp:"), Isolation.full(), Seccomp.defaultProfile(), Privileges.none(), reading))
                .isEqualTo("Seccomp:\t2\n");
        if (ROOT) { // an ordinary user can't drop from the bounding set
            assertThat(output(status("Seccomp:"), Seccomp.defaultProfile(), Privileges.none(), reading))
                    .isEqualTo("Seccomp:\t2\n");
        }
    }
}
