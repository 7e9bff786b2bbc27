package dev.corral.namespaces;

import static dev.corral.namespaces.NamespaceType.MNT;
import static dev.corral.namespaces.NamespaceType.NET;
import static dev.corral.namespaces.NamespaceType.UTS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.Command;
import dev.corral.network.ReadableJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstLaunchInsideTest {
    private static final List<String> KINDS = List.of("net", "uts", "mnt");

    /** A JVM whose first child is started by work that was sent into other namespaces, and its next ones by the main thread. */
    static final class Jvm {
        private Jvm() {}

        public static void main(String[] arguments) throws Exception {
            Namespaces.unshare(NET, UTS, MNT).call(() -> {
                tell();
                return 0;
            });
            for (int i = 0; i < 8; i++) { // more than there are threads that start children
                tell();
            }
        }

        private static void tell() throws Exception {
            for (String kind : KINDS) {
                Path own = Path.of("/proc/self/ns", kind);
                String child = Command.of("readlink", own.toString())
                        .run()
                        .output()
                        .text()
                        .strip();
                String home = Files.readSymbolicLink(own).toString();
                System.out.println(child.equals(home) ? "home" : kind + " of a child is " + child + ", not " + home);
            }
        }
    }

    /** The launcher's threads had the namespaces of whoever started them, and gave them to all children from then on. */
    @Test
    void childrenAreStartedAtHomeWhoeverStartsTheFirstOne(@TempDir Path classes) throws Exception {
        Privilege.assumeAdmin("it sends work into other namespaces");
        Process jvm = new ProcessBuilder(ReadableJvm.line(classes, Jvm.class))
                .redirectErrorStream(true)
                .start();
        assertThat(new String(jvm.getInputStream().readAllBytes(), UTF_8)).isEqualTo("home\n".repeat(9 * KINDS.size()));
        assertThat(jvm.waitFor()).isZero();
    }
}
