package dev.corral.reconcile.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.workload.HostPathType;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made at a path of the host. */
class HostPathsTest {
    @ParameterizedTest
    @ValueSource(strings = {"000", "077"})
    void hasTheModesOfKubernetesWhateverTheUmaskIs(String umask, @TempDir Path directory) throws Exception {
        Process jvm = new ProcessBuilder(
                        "sh",
                        "-c",
                        "umask " + umask + "; exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        String.join(
                                File.pathSeparator,
                                Path.of("target", "classes").toString(),
                                Path.of("target", "test-classes").toString(),
                                System.getProperty("jdk.module.path", ""),
                                System.getProperty("java.class.path", "")),
                        Makes.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(jvm.getInputStream().readAllBytes(), UTF_8);

        assertThat(jvm.waitFor()).as(said).isZero();
        assertThat(modes(directory.resolve("new/er"))).isEqualTo("rwxr-xr-x");
        assertThat(modes(directory.resolve("file"))).isEqualTo("rw-r--r--");
        assertThat(modes(directory.resolve("new"))).as("on the way").doesNotContain("rwxrwx");
    }

    private static String modes(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /** Makes a directory and a file. */
    static final class Makes {
        private Makes() {}

        public static void main(String[] arguments) {
            Path directory = Path.of(arguments[0]);
            HostPaths.require("host", directory.resolve("new/er"), HostPathType.DIRECTORY_OR_CREATE);
            HostPaths.require("host", directory.resolve("file"), HostPathType.FILE_OR_CREATE);
        }
    }
}
