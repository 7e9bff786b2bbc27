package dev.corral.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.namespaces.ContainerFiles;
import dev.corral.namespaces.Isolation;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxTest {
    @TempDir
    Path directory;

    @Test
    void filesGoInAndComeOut() throws Exception {
        Path script = Files.writeString(directory.resolve("script"), "echo from $(id -u) > /tmp/result");
        Path result = directory.resolve("result");
        // README
        try (Child box = Command.of("sleep", "60").with(Isolation.sandbox()).start()) {
            ContainerFiles files = ContainerFiles.of(box);
            files.copyIn(script, Path.of("/tmp/script"));
            try (Child run = box.exec(Command.of("sh", "/tmp/script"))) {
                run.await();
            }
            files.copyOut(Path.of("/tmp/result"), result);
        }
        // end
        assertThat(result).content().isEqualTo("from 0\n");
    }
}
