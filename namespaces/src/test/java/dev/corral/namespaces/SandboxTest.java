package dev.corral.namespaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(SkippedWhereRefused.class)
class SandboxTest {
    /** Where Debian and others have them, whatever PATH says: nothing below a home is in the sandbox. */
    private static String found(String program) {
        String path = Stream.of("/usr/bin/", "/bin/", "/usr/local/bin/")
                .map(directory -> directory + program)
                .filter(candidate -> Files.isExecutable(Path.of(candidate)))
                .findFirst()
                .orElse("");
        assumeThat(path).as("needs " + program + " in /usr/bin").isNotEmpty();
        return path;
    }

    @ParameterizedTest
    @CsvSource({
        "sh, -c, 'echo fine; exit', fine",
        "python3, -c, 'import ssl, json, tempfile; tempfile.mkstemp(); print(\"fine\")', fine",
        "java, -version, -version, '(?s).*version.*VM.*'",
        "git, init, /tmp/new, '(?s).*Initialized empty Git repository in /tmp/new/.*'",
        "curl, --version, --version, '(?s)curl .*'"
    })
    void ordinaryProgramsRun(String program, String first, String second, String expected) throws Exception {
        assertThat(Inside.says(Isolation.sandbox(), found(program), first, second))
                .matches("(?s)" + expected);
    }

    @Test
    void itHasNoCapabilityAndAFilter() throws Exception {
        assertThat(Inside.says(
                        Isolation.sandbox(),
                        "grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status | cut -f2 | sort -u"))
                .isEqualTo("0000000000000000\n1\n2");
    }

    @Test
    void itCanNotMountAndNotBecomeAnybodyElse() throws Exception {
        assertThat(Inside.says(
                        Isolation.sandbox(),
                        "mount -t tmpfs none /mnt 2>/dev/null || echo no mount; hostname x 2>/dev/null || echo no name;"
                                + " chown 1:1 /tmp 2>/dev/null || echo no owner"))
                .isEqualTo("no mount\nno name\nno owner");
    }

    @Test
    void itReachesNoKeyring() throws Exception {
        int number = "amd64".equals(System.getProperty("os.arch")) ? 250 : 219;
        String keyctl = "import ctypes; libc = ctypes.CDLL(None, use_errno=True);" + " print(libc.syscall(" + number
                + ", 0, -3, 0), ctypes.get_errno())";
        assertThat(Inside.says(Isolation.sandbox(), found("python3"), "-c", keyctl))
                .isEqualTo("-1 1"); // EPERM
    }

    @Test
    void itSeesItselfAndItsInitOnly() throws Exception {
        assertThat(Inside.says(Isolation.sandbox().hostname("box"), "hostname; echo /proc/[0-9]*; ls -A /root"))
                .isEqualTo("box\n/proc/1 /proc/2");
    }

    @Test
    void itTakesAnotherTree() throws Exception {
        RootFilesystem tree = RootFilesystem.hostSystem().file(Path.of("/greeting"), "hello");
        assertThat(Inside.says(Isolation.sandbox().root(tree), "cat /greeting")).isEqualTo("hello");
    }

    @Test
    void aLambdaCanNotHaveATreeOfItsOwn() {
        Isolation mountOnly = Namespaces.unshare(NamespaceType.MNT).root(RootFilesystem.hostSystem());
        assertThatThrownBy(() -> mountOnly.call(() -> 1))
                .isInstanceOf(ImpossibleCall.class)
                .hasMessageContaining("a file tree of its own");
    }
}
