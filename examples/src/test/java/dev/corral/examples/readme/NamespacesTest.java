package dev.corral.examples.readme;

import static dev.corral.namespaces.NamespaceType.NET;
import static dev.corral.namespaces.NamespaceType.USER;
import static dev.corral.namespaces.NamespaceType.UTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.namespaces.NamespaceHandle;
import dev.corral.namespaces.NamespaceLink;
import dev.corral.namespaces.Namespaces;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamespacesTest {
    @Test
    void newNamespacesAndThoseOfAProcess() {
        // README
        try (Child sleeper =
                Command.of("sleep", "60").with(Namespaces.unshare(NET, USER)).start()) { // unshare -rn sleep 60
            NamespaceLink net = Namespaces.of(sleeper.pid()).get(NET); // ls -l /proc/PID/ns/net
            System.out.println(net); // net:[4026532289]
            Namespaces.list(NET).forEach(System.out::println); // lsns -t net
            Command devices = Command.of("cat", "/proc/net/dev").with(net.join()); // nsenter -t PID -Un cat ...
            devices.start().close();
        }
        // end
        assertThat(Namespaces.of(ProcessHandle.current().pid()).find(NET)).isPresent();
    }

    @Test
    void aLambdaInANamespaceOfItsOwn(@TempDir Path directory) throws Exception {
        Path hostnameFile = Path.of("/proc/sys/kernel/hostname");
        assumeThat(Files.isWritable(hostnameFile))
                .as("needs root: a lambda in a namespace takes CAP_SYS_ADMIN")
                .isTrue();
        String before = Files.readString(hostnameFile);
        Path blue = directory.resolve("blue");
        // README
        // a lambda, on a thread of its own
        String host = Namespaces.unshare(UTS).hostname("render").call(() -> Files.readString(hostnameFile));

        try (NamespaceHandle net = Namespaces.create(NET)) { // ip netns add blue
            net.keepAt(blue);
        }
        Namespaces.release(blue); // ip netns delete blue
        // end
        assertThat(host).isEqualTo("render\n");
        assertThat(Files.readString(hostnameFile)).isEqualTo(before);
        assertThat(directory).isEmptyDirectory();
    }
}
