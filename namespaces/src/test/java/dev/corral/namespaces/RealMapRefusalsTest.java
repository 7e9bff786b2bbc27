package dev.corral.namespaces;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Launch.IdRange;
import dev.corral.internal.linux.LibC;
import dev.corral.network.ReadableJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An ordinary user's JVM that asks for more ids than its own, on a host that does not let it. */
class RealMapRefusalsTest {
    /** Nobody has subordinate ids. */
    private static final String NOBODY = "65534";

    @TempDir
    private Path directory;

    /** Asks for two ids, and tells how that went. */
    static final class Attempt {
        private Attempt() {}

        public static void main(String[] arguments) {
            IdMap two = IdMap.of(
                    List.of(new IdRange(0, LibC.effectiveUser(), 1), new IdRange(1, 300_000, 1)),
                    List.of(new IdRange(0, LibC.effectiveGroup(), 1), new IdRange(1, 300_000, 1)));
            try (Child child =
                    Command.of("true").with(Isolation.full().idMap(two)).start()) {
                System.out.println("started " + child);
            } catch (IdMapRefused refused) {
                System.out.println(refused.getMessage());
            }
        }
    }

    private String nobody(String... before) throws Exception {
        List<String> line = new ArrayList<>(List.of(before));
        line.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        return told(line);
    }

    private String told(List<String> prefix) throws Exception {
        List<String> line = new ArrayList<>(prefix);
        line.addAll(ReadableJvm.line(directory, Attempt.class));
        Process jvm = new ProcessBuilder(line).redirectErrorStream(true).start();
        jvm.getOutputStream().close();
        String told = new String(jvm.getInputStream().readAllBytes(), UTF_8);
        assertThat(jvm.waitFor()).as(told).isZero();
        return told;
    }

    @Test
    void aProgramThatIsMissing() throws Exception {
        Privilege.assumeHostRoot("it hides the program, and becomes another user");
        String hide = "for d in /usr/bin /usr/local/bin /bin; do [ -e $d/newuidmap ] || continue;"
                + " mount --bind /dev/null $d/newuidmap; done; exec \"$0\" \"$@\"";
        assertThat(nobody("unshare", "--mount", "sh", "-c", hide))
                .isEqualTo("there is no newuidmap in [/usr/bin, /usr/local/bin, /bin], which it takes to map more than"
                        + " one's own ids (Debian's package uidmap)\n");
    }

    @Test
    void aUserWithoutALine() throws Exception {
        Privilege.assumeHostRoot("it becomes another user");
        assertThat(nobody())
                .startsWith("/etc/subuid gives no ids to nobody: let an administrator add the line nobody:");
    }

    @Test
    void aJvmThatGainsNoPrivileges() throws Exception {
        List<String> line = new ArrayList<>(List.of("setpriv", "--no-new-privs"));
        if (Privilege.hostRoot()) {
            line.addAll(List.of("--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        } else {
            Privilege.assumeOrdinaryUser("root maps ids itself");
        }
        assertThat(told(line))
                .isEqualTo(
                        "the JVM runs with no_new_privs, which leaves newuidmap and newgidmap without their privilege:"
                                + " start it without, or map no more than its own ids\n");
    }
}
