package dev.corral.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InotifyTest {
    @TempDir
    Path directory;

    @Test
    void entriesThatGoAreTold() throws Exception {
        try (Inotify inotify = new Inotify()) {
            int watch = inotify.watchRemovals(directory);
            assertThat(inotify.watchRemovals(directory)).isEqualTo(watch);
            assertThat(inotify.read()).isEmpty();

            Files.delete(Files.createDirectory(FileNames.in(directory, "größe")));
            Files.delete(Files.createFile(directory.resolve("a")));

            assertThat(inotify.read())
                    .containsExactly(new Inotify.Event(watch, "größe"), new Inotify.Event(watch, "a"));
            inotify.forget(watch);
            inotify.forget(watch);
            assertThat(inotify.read()).containsExactly(new Inotify.Event(watch, ""));
        }
    }

    @Test
    void aDirectoryThatGoesItselfIsTold() throws Exception {
        Path gone = Files.createDirectory(directory.resolve("gone"));
        try (Inotify inotify = new Inotify()) {
            int watch = inotify.watchRemovals(gone);
            Files.delete(gone);

            assertThat(inotify.read()).containsExactly(new Inotify.Event(watch, ""));
        }
    }

    @Test
    void moreThanFitsComesWithTheNextRead() throws Exception {
        try (Inotify inotify = new Inotify()) {
            int watch = inotify.watchRemovals(directory);
            List<String> names =
                    IntStream.range(0, 300).mapToObj(i -> "entry-" + i).toList();
            for (String name : names) {
                Files.delete(Files.createFile(directory.resolve(name)));
            }

            List<Inotify.Event> heard = new ArrayList<>();
            for (List<Inotify.Event> some = inotify.read(); !some.isEmpty(); some = inotify.read()) {
                heard.addAll(some);
            }
            assertThat(heard)
                    .containsExactlyElementsOf(names.stream()
                            .map(name -> new Inotify.Event(watch, name))
                            .toList());
        }
    }

    @Test
    void aLossIsTold() {
        byte[] overflow = new byte[16];
        ByteBuffer.wrap(overflow).order(ByteOrder.nativeOrder()).putInt(-1).putInt(0x4000);

        assertThat(Inotify.parse(overflow, overflow.length))
                .allMatch(Inotify.Event::isLost)
                .hasSize(1);
    }

    @Test
    void refusalsSayWhichDirectory() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        try (Inotify inotify = new Inotify()) {
            assertThatThrownBy(() -> inotify.watchRemovals(file)).hasMessage("inotify_add_watch " + file + ": ENOTDIR");
        }
    }
}
