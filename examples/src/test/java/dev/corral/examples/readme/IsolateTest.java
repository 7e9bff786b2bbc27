package dev.corral.examples.readme;

import static dev.corral.ByteSize.mebibytes;
import static dev.corral.namespaces.NamespaceType.NET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.corral.Capabilities;
import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Feature;
import dev.corral.Result;
import dev.corral.namespaces.Isolation;
import dev.corral.namespaces.RootFilesystem;
import dev.corral.network.Attachment;
import dev.corral.network.Network;
import dev.corral.privileges.Landlock;
import dev.corral.privileges.Privileges;
import dev.corral.privileges.Seccomp;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples of the page on isolation. */
class IsolateTest {
    @TempDir
    Path directory;

    @Test
    void aFileTreeOfItsOwn() throws Exception {
        Path letters = Files.createDirectory(directory.resolve("letters"));
        Files.writeString(letters.resolve("one"), "dear reader\n");
        for (Path opened : new Path[] {directory, letters}) {
            Files.setPosixFilePermissions(opened, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        // README
        RootFilesystem tree = RootFilesystem.hostSystem() // the host's programs and /etc, read-only, and nothing else
                .bindReadOnly(letters, Path.of("/letters"))
                .tmpfs(Path.of("/work"), mebibytes(16), 0700)
                .file(Path.of("/run/motto"), "as short as it can be\n");
        Result result = Command.of("sh", "-c", "cat /letters/* /run/motto > /work/all && wc -w < /work/all")
                .with(Isolation.full().root(tree))
                .run();
        // end
        assertThat(result.orThrow().output().text().strip()).isEqualTo("8");
    }

    @Test
    void onlyWhatItNeeds() throws Exception {
        if (!Capabilities.probe().has(Feature.LANDLOCK)) {
            abort(Capabilities.probe().whyNot(Feature.LANDLOCK).orElse("no Landlock here"));
        }
        // README
        Command careful = Command.of("sh", "-c", "cat /etc/hostname; cat /proc/version")
                .with(Isolation.full())
                .with(Privileges.none()) // no capability
                .with(Seccomp.defaultProfile().deny("socket")) // system calls: the usual ones, and no network
                .with(Landlock.files() // files: programs, libraries, one of the settings
                        .execute(Path.of("/usr"), Path.of("/bin"), Path.of("/lib"), Path.of("/lib64"))
                        .readOnly(Path.of("/etc/hostname"), Path.of("/etc/ld.so.cache"))
                        .bestEffort()); // rights that an older kernel does not know are left out
        Result result = careful.run();
        // end
        assertThat(result.output().lines()).hasSize(1);
        assertThat(result.error().text()).contains("/proc/version: Permission denied");
    }

    @Test
    void aPublishedPort() {
        if (!Capabilities.probe().has(Feature.NAMESPACES_WITHOUT_USER)) {
            abort("a loopback network with published ports takes CAP_SYS_ADMIN");
        }
        Command server = Command.of("sleep", "60");
        // README
        try (Child child = server.with(Isolation.full().without(NET))
                .with(Network.loopback().publish(0, 8080)) // 0: a port that is free
                .start()) {
            InetSocketAddress address = child.find(Attachment.class)
                    .flatMap(network -> network.published(8080))
                    .orElseThrow();
            System.out.println(address); // /127.0.0.1:41873
            assertThat(address.getPort()).isPositive(); // hidden
        }
        // end
    }

    @Test
    void asFarAsPossible() {
        // README
        Capabilities here = Capabilities.probe(); // each feature is tried once, as a launch would
        here.missing()
                .forEach(feature -> System.out.println(
                        feature.text() + ": " + here.whyNot(feature).orElse("")));

        try (Child child =
                Command.of("sleep", "60").with(Isolation.full().bestEffort()).start()) {
            child.applied().dropped().forEach(System.out::println); // what was left out, and why
        }
        // end
        assertThat(here.has(Feature.LAUNCH)).isTrue();
    }
}
