package dev.corral.internal.linux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileNamesTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "größe", "\uFFFD", "😀/x", "a b%20?#", "\u0080", "tab\tcr\rquote\"", "."})
    void aTextIsItsUtf8(String text) {
        byte[] bytes = FileNames.bytes(text);
        assertThat(bytes).isEqualTo(text.getBytes(UTF_8));
        assertThat(FileNames.text(bytes)).isEqualTo(text);
        assertThat(FileNames.bytes(FileNames.path(text))).isEqualTo(bytes);
        assertThat(FileNames.text(FileNames.path(text))).isEqualTo(text);
        assertThat(FileNames.text(FileNames.path("/" + text + "/x")))
                .isEqualTo(text.isEmpty() ? "/x" : "/" + text + "/x");
    }

    @Test
    void bytesThatAreNoUtf8AreKept() {
        assertThat(FileNames.text(new byte[] {'a', (byte) 0xff, 'b'})).isEqualTo("a\udcffb");
        Random random = new Random(7);
        for (int round = 0; round < 10_000; round++) {
            byte[] bytes = new byte[1 + random.nextInt(12)];
            random.nextBytes(bytes);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = bytes[i] == 0 || bytes[i] == '/' || bytes[i] == '.' ? (byte) 0xc3 : bytes[i];
            }
            String text = FileNames.text(bytes);
            assertThat(FileNames.bytes(text)).isEqualTo(bytes);
            assertThat(FileNames.bytes(FileNames.path(text))).isEqualTo(bytes);
            assertThat(FileNames.text(FileNames.in(Path.of("/a"), text))).isEqualTo("/a/" + text);
        }
    }

    @Test
    void whatNoTextHasIsAQuestionMark() {
        assertThat(FileNames.bytes("a\ud800b\udc7f")).isEqualTo("a?b?".getBytes(ISO_8859_1));
    }

    @Test
    void slashesAreOneAndTheLastIsNone() {
        assertThat(FileNames.text(FileNames.path("//ä//b/"))).isEqualTo("/ä/b");
        assertThat(FileNames.text(FileNames.path("ä//b/"))).isEqualTo("ä/b");
        assertThat(FileNames.path("../ä").isAbsolute()).isFalse();
        assertThat(FileNames.text(FileNames.path("../ä"))).isEqualTo("../ä");
    }

    @ParameterizedTest
    @ValueSource(strings = {"größe", "\udcff\udcfe", "half \udcc3"})
    void whateverIsListedIsFoundAgain(String name) throws Exception {
        Path path = FileNames.in(directory, name);
        new NativeBuffer(8).mkdir(path, 0700);
        assertThat(Files.isDirectory(path)).isTrue();
        try (Directory open = Directory.open(directory)) {
            assertThat(open.directories()).containsExactly(name);
            assertThat(open.stat(name).orElseThrow().isDirectory()).isTrue();
            open.symlink("link", name);
            assertThat(open.readlink("link")).isEqualTo(name);
            try (Directory below = open.enter(name)) {
                assertThat(below.names()).isEmpty();
            }
            open.unlink("link");
            open.rmdir(name);
            assertThat(open.names()).isEmpty();
        }
    }
}
