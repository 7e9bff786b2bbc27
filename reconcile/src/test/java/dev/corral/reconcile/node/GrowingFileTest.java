package dev.corral.reconcile.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GrowingFileTest {
    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("output-0");
    }

    private void write(String text) throws IOException {
        Files.writeString(file(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String read(GrowingFile file) throws IOException {
        byte[] chunk = new byte[1 << 16];
        int count = file.read(chunk);
        return count < 0 ? "" : new String(chunk, 0, count, StandardCharsets.UTF_8);
    }

    @Test
    void itIsReadAsItGrowsAndEndsWhenItIsSaid() throws Exception {
        try (GrowingFile file = GrowingFile.open(file())) {
            write("one");
            assertThat(read(file)).isEqualTo("one");
            CompletableFuture<String> next = CompletableFuture.supplyAsync(() -> {
                try {
                    return read(file);
                } catch (IOException broken) {
                    throw new IllegalStateException(broken);
                }
            });
            write("\0two");
            assertThat(next.get(30, TimeUnit.SECONDS))
                    .as("a zero is what the program wrote")
                    .isEqualTo("\0two");
            write("three");
            file.end();
            assertThat(read(file)).as("what was there before the end").isEqualTo("three");
            assertThat(file.read()).isEqualTo(-1);
        }
    }

    @Test
    void whoeverComesLaterBeginsWhereItWasLeft() throws Exception {
        String big = "x".repeat(100_000);
        try (GrowingFile file = GrowingFile.open(file())) {
            write(big);
            StringBuilder all = new StringBuilder();
            while (all.length() < big.length()) {
                all.append(read(file));
            }
            assertThat(all.toString()).isEqualTo(big);
            write("read and given back");
            assertThat(read(file)).isEqualTo("read and given back");
            file.end();
            assertThat(file.read()).isEqualTo(-1);
        }
        write("left\n");
        try (GrowingFile later = GrowingFile.resume(file())) {
            later.end();
            assertThat(read(later)).isEqualTo("left\n");
            assertThat(later.read()).isEqualTo(-1);
        }
        assertThat(Files.size(file())).as("places stay").isEqualTo(100_000 + 19 + 5);
        try (GrowingFile nothing = GrowingFile.resume(file())) {
            nothing.end();
            assertThat(nothing.read()).isEqualTo(-1);
        }
    }
}
