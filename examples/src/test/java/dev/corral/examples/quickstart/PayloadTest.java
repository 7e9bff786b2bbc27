package dev.corral.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.examples.quickstart.payload.Allocator;
import dev.corral.examples.quickstart.payload.Server;
import dev.corral.examples.quickstart.payload.WhoAmI;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PayloadTest {
    @Test
    void aCopiedProgramRunsFromItsNewPlace() throws Exception {
        try (Payload payload = Payload.copied()) {
            for (Class<?> program : List.of(WhoAmI.class, Allocator.class, Server.class)) {
                assertThat(firstLine(payload.java(program))).matches("(pid|holding|listening) .*");
            }
        }
    }

    @Test
    void everybodyMayReadIt() throws IOException {
        try (Payload payload = Payload.copied();
                Stream<Path> files = Files.walk(payload.directory())) {
            assertThat(files)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo(Files.isDirectory(file) ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    @Test
    void closingRemovesIt() throws IOException {
        Payload payload = Payload.copied();

        payload.close();

        assertThat(payload.directory()).doesNotExist();
    }

    private static String firstLine(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader output = process.inputReader(UTF_8)) {
            return String.valueOf(output.readLine());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
