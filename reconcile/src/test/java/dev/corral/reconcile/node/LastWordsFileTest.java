package dev.corral.reconcile.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.workload.Container;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a container leaves at its terminationMessagePath, and what it may put there instead. */
class LastWordsFileTest {
    private static final Container SAYS = Container.named("main").terminationMessagePath(Path.of("/words/last/said"));

    @TempDir
    private Path outside;

    private Path volume;
    private Path file;

    @BeforeEach
    void makeTheVolume() throws IOException {
        volume = Files.createDirectory(outside.resolve("volume"));
        file = Files.createDirectory(volume.resolve("last")).resolve("said");
    }

    private LastWordsFile begun(Mounted... mounts) {
        return LastWordsFile.of(SAYS, List.of(mounts));
    }

    private Mounted words() {
        return new Mounted.Bound(volume, Path.of("/words"), false);
    }

    @Test
    void whatTheRunHasWrittenIsTold() throws IOException {
        LastWordsFile words = begun(words());
        assertThat(words.text()).isEmpty();
        Files.writeString(file, "no quorum\n");
        assertThat(words.text()).isEqualTo("no quorum\n");
    }

    @Test
    void whatWasThereBeforeIsNotItsOwn() throws IOException {
        Files.writeString(file, "of the run before");
        LastWordsFile words = begun(words());
        assertThat(words.text()).isEmpty();
        Files.writeString(file, "of this run");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plus(Duration.ofSeconds(1))));
        assertThat(words.text()).isEqualTo("of this run");
    }

    @Test
    void theSameWordsInANewFileAreItsOwn() throws IOException {
        Files.writeString(file, "bye");
        FileTime time = Files.getLastModifiedTime(file);
        LastWordsFile words = begun(words());
        Path other = Files.writeString(file.resolveSibling("other"), "bye");
        Files.setLastModifiedTime(other, time);
        Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(words.text()).isEqualTo("bye");
    }

    @Test
    void notMoreIsReadThanIsTold() throws IOException {
        LastWordsFile words = begun(words());
        Files.write(file, "x".repeat(1 << 20).getBytes(UTF_8));
        assertThat(words.text()).hasSize(4096);
    }

    @Test
    void noLinkIsFollowed() throws IOException {
        Path secret = Files.writeString(outside.resolve("secret"), "the host's");
        LastWordsFile words = begun(words());
        Files.createSymbolicLink(file, secret);
        assertThat(words.text()).isEmpty();
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("../../secret"));
        assertThat(words.text()).isEmpty();
        Files.delete(file);
        Files.delete(volume.resolve("last"));
        Files.createSymbolicLink(volume.resolve("last"), outside);
        Files.writeString(outside.resolve("said"), "the host's");
        assertThat(words.text()).isEmpty();
    }

    @Test
    @Timeout(30)
    void onlyAPlainFileIsRead() throws Exception {
        LastWordsFile words = begun(words());
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();
        assertThat(words.text()).as("and nobody waits for a writer").isEmpty();
        Files.delete(file);
        Files.createDirectory(file);
        assertThat(words.text()).isEmpty();
    }

    @Test
    void theInnermostVolumeHasIt() throws IOException {
        Path inner = Files.createDirectory(outside.resolve("inner"));
        LastWordsFile words = begun(words(), new Mounted.Bound(inner, Path.of("/words/last"), false));
        Files.writeString(file, "hidden below the other volume");
        assertThat(words.text()).isEmpty();
        Files.writeString(inner.resolve("said"), "seen");
        assertThat(words.text()).isEqualTo("seen");
    }

    @Test
    void outsideOfVolumesNothingIsLookedFor() throws IOException {
        Files.writeString(file, "x");
        assertThat(begun().text()).isEmpty();
        assertThat(begun(new Mounted.Bound(volume, Path.of("/words2"), false)).text())
                .isEmpty();
        LastWordsFile none = LastWordsFile.of(Container.named("main"), List.of(words()));
        assertThat(none.text()).isEmpty();
    }
}
