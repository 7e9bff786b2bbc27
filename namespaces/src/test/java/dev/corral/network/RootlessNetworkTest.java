package dev.corral.network;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.corral.namespaces.Privilege;
import dev.corral.namespaces.SkippedWhereRefused;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Networks of an ordinary user's children. Run by root, the test makes a JVM of user 1000 in a mount namespace of its own,
 * in which {@code /dev/net/tun} is a node that everybody may open.
 */
@Timeout(120)
@ExtendWith(SkippedWhereRefused.class)
class RootlessNetworkTest {
    private static final Path TUN = Path.of("/dev/net/tun");
    private static final int SKIP = 77;
    private static final String WRAPPER = "mount -t tmpfs none \"$0\" && mknod -m 666 \"$0/tun\" c 10 200 "
            + "&& mount --bind \"$0/tun\" /dev/net/tun || exit " + SKIP + "; "
            + "exec setpriv --reuid 1000 --regid 1000 --clear-groups -- \"$@\"";

    @TempDir
    Path directory;

    static void assumeInstalled(UserModeProgram program) {
        assumeThat(program.find(System.getenv().getOrDefault("PATH", "")))
                .as("needs " + program.executable() + " installed")
                .isPresent();
        assumeThat(TUN).as("needs /dev/net/tun").exists();
    }

    /** The command line of {@link RootlessMain} as an ordinary user who may open /dev/net/tun. */
    private List<String> line(String... arguments) throws Exception {
        List<String> line = new ArrayList<>();
        if (Privilege.hostRoot()) {
            Path tun = Files.createDirectory(directory.resolve("tun"));
            line.addAll(List.of("unshare", "-m", "--propagation", "private", "sh", "-c", WRAPPER, tun.toString()));
        } else {
            assumeThat(Files.isReadable(TUN) && Files.isWritable(TUN))
                    .as("needs a /dev/net/tun that this user may open")
                    .isTrue();
        }
        line.addAll(ReadableJvm.line(directory, RootlessMain.class, arguments));
        return line;
    }

    private static void assumeWrapped(int code, String output) {
        assumeThat(code)
                .as("needs a mount namespace with a tun device of its own: " + output)
                .isNotEqualTo(SKIP);
    }

    @ParameterizedTest
    @EnumSource
    void anOrdinaryUsersChildIsConnectedAndPublished(UserModeProgram program) throws Exception {
        assumeInstalled(program);
        Process jvm = new ProcessBuilder(line("serve", program.name()))
                .redirectErrorStream(true)
                .start();
        String output = new String(jvm.getInputStream().readAllBytes(), UTF_8);
        int code = jvm.waitFor();
        assumeWrapped(code, output);
        assertThat(code).as(output).isZero();
        assertThat(output).contains("as 1000: tap0, served by " + program.executable());
    }

    @ParameterizedTest
    @EnumSource
    void theProgramEndsWhenTheJvmIsKilled(UserModeProgram program) throws Exception {
        assumeInstalled(program);
        Process jvm = new ProcessBuilder(line("hold", program.name()))
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = jvm.inputReader()) {
            StringBuilder all = new StringBuilder();
            String read;
            while ((read = output.readLine()) != null && !read.startsWith("holding ")) {
                all.append(read).append('\n');
            }
            if (read == null) {
                assumeWrapped(jvm.waitFor(), all.toString());
            }
            assertThat(read).as(all.toString()).isNotNull();
            long pid = Long.parseLong(String.valueOf(read).split(" ", -1)[1]);
            assertThat(program(pid, program)).isNotEmpty();
            jvm.destroyForcibly().waitFor();
            await().atMost(Duration.ofSeconds(50))
                    .until(() -> program(pid, program).isEmpty());
        } finally {
            jvm.destroyForcibly().waitFor();
        }
    }

    /** The running programs that were told this pid. */
    private static List<String> program(long pid, UserModeProgram program) {
        return ProcessHandle.allProcesses()
                .map(each -> commandLine(each.pid()))
                .filter(line -> line.contains(program.executable()) && line.contains(" " + pid + " "))
                .toList();
    }

    private static String commandLine(long pid) {
        try {
            byte[] words = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline"));
            return new String(words, UTF_8).replace('\0', ' ');
        } catch (IOException gone) {
            return "";
        }
    }

    @Test
    void aTunDeviceThatMayNotBeOpenedIsNamed() throws Exception {
        assumeInstalled(UserModeProgram.SLIRP4NETNS);
        assumeThat(Privilege.hostRoot()).as("needs root to become user 1000").isTrue();
        assumeThat(Files.getPosixFilePermissions(TUN))
                .as("needs a /dev/net/tun that is closed to others")
                .doesNotContain(PosixFilePermission.OTHERS_WRITE);
        List<String> line =
                new ArrayList<>(List.of("setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups", "--"));
        line.addAll(ReadableJvm.line(directory, RootlessMain.class, "serve", "SLIRP4NETNS"));
        Process jvm = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = new String(jvm.getInputStream().readAllBytes(), UTF_8);
        assertThat(jvm.waitFor()).isNotZero();
        assertThat(output)
                .contains("UserModeUnavailable: slirp4netns needs /dev/net/tun, which this user may not open");
    }
}
