package dev.corral.cgroups;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.NativeBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchTest {
    @TempDir
    Path directory;

    @Test
    void aTextLargerThanTheBufferIsReadWhole() throws Exception {
        Path file = Files.writeString(directory.resolve("stat"), "0123456789".repeat(1_000));
        Scratch scratch = new Scratch(64);
        try (Fd fd = new Fd(LibC.open(file, LibC.O_RDONLY))) {
            scratch.read(fd.number());
            assertThat(Keyed.text(scratch.bytes(), scratch.length())).isEqualTo(Files.readString(file));
            Files.writeString(file, "x");
            scratch.read(fd.number());
            assertThat(Keyed.text(scratch.bytes(), scratch.length())).isEqualTo("x");
        }
    }

    @Test
    void moreFilesAreReadThanAJvmMayOpen() throws Exception {
        for (int i = 0; i < Poor.FILES; i++) {
            Files.writeString(directory.resolve("file-" + i), "text " + i);
        }
        List<String> line = new ArrayList<>(List.of("sh", "-c", "ulimit -n 64; exec \"$0\" \"$@\""));
        line.addAll(OtherJvm.line(Poor.class, directory.toString()));
        Process jvm = new ProcessBuilder(line).redirectErrorStream(true).start();
        jvm.getOutputStream().close();
        assertThat(new String(jvm.getInputStream().readAllBytes(), UTF_8)).isEqualTo("all read, none open\n");
    }

    /** Has fewer descriptors than files to read. */
    static final class Poor {
        static final int FILES = 150;

        private Poor() {}

        public static void main(String[] arguments) throws Exception {
            Path files = Path.of(arguments[0]);
            new Fd(LibC.open(files, LibC.O_RDONLY)).close(); // what that takes can't be loaded later
            Scratch scratch = new Scratch();
            try (Fd held = new Fd(new NativeBuffer(8).directory(files))) {
                for (int i = 0; i < FILES; i++) {
                    int answer = scratch.readIn(held.number(), "file-" + i);
                    String text = Keyed.text(scratch.bytes(), scratch.length());
                    if (answer < 0 || !text.equals("text " + i)) {
                        System.out.println(i + ": " + answer + " " + text);
                    }
                }
            }
            scratch.closeFiles();
            try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
                long left = open.filter(link -> leadsBelow(files, link)).count();
                System.out.println(left == 0 ? "all read, none open" : left + " open");
            }
        }

        private static boolean leadsBelow(Path files, Path link) {
            try {
                return Files.readSymbolicLink(link).startsWith(files);
            } catch (IOException closedMeanwhile) {
                return false;
            }
        }
    }
}
