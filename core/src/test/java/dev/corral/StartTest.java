package dev.corral;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartTest {
    static final List<String> ALL = List.of("user", "mnt", "pid", "net", "uts", "ipc", "cgroup");

    static Confinement everything() {
        return launch -> launch.namespaces(ALL)
                .idMaps(
                        List.of(new Launch.IdRange(0, 1_000_000, 65_536)),
                        List.of(new Launch.IdRange(0, 1_000_000, 65_536)))
                .newProc()
                .loopback()
                .hostname("inside");
    }

    static String output(Child child) throws IOException {
        return new String(child.getInputStream().readAllBytes(), UTF_8);
    }

    @Test
    void aProgramRunsAndItsOutputArrives() throws Exception {
        try (Child child = Command.of("echo", "hello").start()) {
            assertThat(output(child)).isEqualTo("hello\n");
            assertThat(child.await().ok()).isTrue();
            System.out.println(child);
        }
    }

    @Test
    void allSevenNamespacesAreNew() throws Exception {
        try (Child child = Command.of(
                        "sh",
                        "-c",
                        "hostname; echo $$; id -u; ls -l /proc/self/ns; cat /proc/net/dev; ls /proc | head -3")
                .with(everything())
                .start()) {
            System.out.println(output(child));
            System.out.println(new String(child.getErrorStream().readAllBytes(), UTF_8));
            System.out.println(child.await() + " " + child.pid() + " " + child.payloadPid());
        }
    }
}
