package dev.corral.privileges;

import static dev.corral.privileges.LandlockRight.ABSTRACT_UNIX_SOCKET;
import static dev.corral.privileges.LandlockRight.BIND_TCP;
import static dev.corral.privileges.LandlockRight.CONNECT_TCP;
import static dev.corral.privileges.LandlockRight.SIGNAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.internal.linux.LandlockCalls;
import dev.corral.privileges.Programs.Finished;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The masks and rules do to a process what they say. */
class LandlockKernelTest {
    @TempDir
    Path directory;

    private Path landlock = Path.of("");

    @BeforeEach
    void compile() {
        assumeThat(LandlockCalls.abi()).as("a kernel with Landlock").isPositive();
        landlock = Programs.build(directory, "landlock");
    }

    private Finished confined(Landlock wanted, String... line) {
        LandlockRuleset ruleset = wanted.bestEffort().against(LandlockCalls.abi());
        List<String> all = new ArrayList<>(List.of(
                landlock.toString(),
                Long.toString(ruleset.files()),
                Long.toString(ruleset.ports()),
                Long.toString(ruleset.scopes())));
        ruleset.paths().forEach((path, rights) -> all.addAll(List.of("path", path.toString(), Long.toString(rights))));
        ruleset.portRules()
                .forEach((port, rights) -> all.addAll(List.of("port", port.toString(), Long.toString(rights))));
        all.add("--");
        all.addAll(List.of(line));
        return Programs.run(directory, "", all);
    }

    /** What nearly every program needs; /lib is a link to /usr/lib or a directory of its own. */
    private static Landlock withPrograms(Landlock landlock) {
        return landlock.execute(Stream.of("/usr", "/bin", "/lib", "/lib64")
                        .map(Path::of)
                        .filter(Files::exists)
                        .toArray(Path[]::new))
                .readOnly(Path.of("/etc"))
                .readWrite(Path.of("/dev/null"));
    }

    private void succeeds(Landlock landlock, String... line) {
        Finished finished = confined(landlock, line);
        assertThat(finished.code()).as(finished.output()).isZero();
    }

    private void denied(Landlock landlock, String... line) {
        Finished finished = confined(landlock, line);
        assertThat(finished.output()).contains("Permission denied");
        assertThat(finished.code()).isNotZero().isNotEqualTo(125);
    }

    @Test
    void withoutARuleNotEvenExecIsLeft() {
        denied(Landlock.files(), "true");
    }

    @Test
    void readOnlyIsForReading() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "text");
        Path copy = directory.resolve("copy");
        Landlock base = withPrograms(Landlock.files());
        denied(base, "cat", secret.toString());
        succeeds(base.readOnly(directory), "cat", secret.toString());
        succeeds(base.readOnly(secret), "cat", secret.toString());
        succeeds(base.readOnly(directory), "ls", directory.toString());
        denied(base.readOnly(directory), "cp", secret.toString(), copy.toString());
        denied(base.readOnly(directory), "truncate", "-s", "0", secret.toString());
        denied(base.readOnly(directory), "rm", secret.toString());
        assertThat(secret).hasContent("text");
    }

    @Test
    void readWriteIsForWritingButNotForExecuting() throws IOException {
        Path writable = directory.resolve("inside");
        Path inside = Files.createDirectories(writable.resolve("below"));
        Path outside = directory.resolve("outside");
        Landlock base = withPrograms(Landlock.files()).readWrite(writable);
        String all =
                "cd " + inside + "; echo x > file; mkdir d; mv file d; ln -s d link; mkfifo pipe; truncate -s 0 d/file;"
                        + " rm d/file; rmdir d; rm link";
        succeeds(base, "sh", "-e", "-c", all);
        denied(base, "sh", "-c", "echo x > " + outside);
        assertThat(outside).doesNotExist();
        Path script = Files.copy(Path.of("/bin/true"), inside.resolve("program"));
        assertThat(script.toFile().setExecutable(true)).isTrue();
        denied(base, script.toString());
        succeeds(base.execute(script), script.toString());
    }

    @Test
    void onlyAllowedPortsCanBeBoundAndConnectedTo() throws IOException {
        assumeThat(LandlockCalls.abi()).as("TCP rules").isGreaterThanOrEqualTo(4);
        assumeThat(Programs.isInstalled("python3")).as("needs python3").isTrue();
        try (ServerSocket server = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
            String connect = "import socket; socket.create_connection(('127.0.0.1', " + server.getLocalPort() + "))";
            Landlock tcp = Landlock.of(BIND_TCP, CONNECT_TCP);
            denied(tcp, "python3", "-c", connect);
            succeeds(tcp.connectTcp(server.getLocalPort()), "python3", "-c", connect);
        }
        String bind = "import socket; socket.create_server(('127.0.0.1', 0))";
        denied(Landlock.of(BIND_TCP), "python3", "-c", bind);
        succeeds(Landlock.of(BIND_TCP).bindTcp(0), "python3", "-c", bind);
    }

    @Test
    void scopesShutTheOutsideOut() {
        assumeThat(LandlockCalls.abi()).as("scopes").isGreaterThanOrEqualTo(6);
        assumeThat(Programs.isInstalled("python3")).as("needs python3").isTrue();
        String signal = "kill -0 " + ProcessHandle.current().pid();
        succeeds(Landlock.of(ABSTRACT_UNIX_SOCKET), "sh", "-c", signal);
        Finished refused = confined(Landlock.of(SIGNAL), "sh", "-c", signal);
        assertThat(refused.output()).contains("Operation not permitted");
        succeeds(Landlock.of(SIGNAL), "sh", "-c", "sleep 100 & kill $!");
    }
}
