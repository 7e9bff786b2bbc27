package dev.corral.reconcile.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.ByteSize;
import dev.corral.internal.linux.FileNames;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.NamespaceCalls;
import dev.corral.reconcile.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptMemoryTest {
    private static final Key WEB = Key.of("web-0");
    private static final Key DB = Key.of("db-0");
    private static final Optional<ByteSize> LITTLE = Optional.of(ByteSize.kibibytes(64));
    private static final Optional<ByteSize> ANY = Optional.empty();

    @TempDir
    private Path directory;

    private Path place;
    private Path note;
    private KeptMemory memory;

    @BeforeEach
    void begin() throws IOException {
        place = Files.createDirectory(FileNames.in(directory, "pl\u00e4tze")); // where a locale has no such name, too
        note = directory.resolve("note");
        memory = new KeptMemory(note, place);
    }

    @AfterEach
    void end() {
        next().keepOnly(Set.of());
    }

    private KeptMemory next() {
        return new KeptMemory(note, place);
    }

    @Test
    void whatAPodHasIsFoundByTheNextJvm() throws Exception {
        Path data = memory.volume(WEB, "data", ANY);
        Files.writeString(data.resolve("file"), "x");
        memory.close();
        assertThat(next().volume(WEB, "data", ANY)).isEqualTo(data);
        assertThat(data.resolve("file")).hasContent("x");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwxrwxrwx");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root())))
                .isEqualTo("rwx------");
    }

    @Test
    void itGoesWithItsPodAndTheLastOneTakesTheDirectoryAlong() throws Exception {
        Path web = memory.volume(WEB, "data", ANY);
        Path db = memory.volume(DB, "data", ANY);
        Path root = root();
        KeptMemory next = next();
        next.remove(WEB);
        assertThat(web.getParent()).doesNotExist();
        next.close();
        assertThat(db).exists();
        next = next();
        next.keepOnly(Set.of(WEB));
        assertThat(db).doesNotExist();
        next.close();
        assertThat(root).doesNotExist();
        assertThat(next().volume(WEB, "data", ANY)).isEmptyDirectory();
    }

    @Test
    void whatAPodOnRecordHasStays() {
        Path web = memory.volume(WEB, "data", ANY);
        next().keepOnly(Set.of(WEB));
        assertThat(web).exists();
    }

    /** After a start of the machine the name is free for anybody. */
    @Test
    void whatOthersHaveMadeOfThatNameIsLeftAlone() throws Exception {
        Path open = Files.createDirectory(place.resolve("open"), attribute("rwxr-xr-x"));
        Path own = Files.createDirectory(place.resolve("own"), attribute("rwx------"));
        for (Path foreign : Set.of(open, Files.createSymbolicLink(place.resolve("link"), own), place.resolve("none"))) {
            Files.writeString(note, foreign.toString());
            KeptMemory next = next();
            next.keepOnly(Set.of());
            assertThat(next.volume(WEB, "data", ANY)).asString().doesNotStartWith(foreign.toString());
            next.remove(WEB);
            next.close();
            assertThat(own).isEmptyDirectory();
            assertThat(open).isEmptyDirectory();
        }
    }

    private static FileAttribute<?> attribute(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    @Test
    void itHoldsNoMoreThanItMayWhoeverHasMountedIt() throws Exception {
        assumeMounts();
        Path data = memory.volume(WEB, "data", LITTLE);
        assertThat(memory.isBounded(data)).isTrue();
        Files.writeString(data.resolve("file"), "x");
        KeptMemory next = next();
        assertThat(next.volume(WEB, "data", LITTLE)).isEqualTo(data);
        assertThat(next.isBounded(data)).isTrue();
        next.require("data", data);
        assertThat(data.resolve("file")).hasContent("x");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Files.write(data.resolve("more"), new byte[100_000]));
        next.remove(WEB);
        assertThat(mounts()).isFalse();
        assertThat(data).doesNotExist();
        assertThat(next.volume(WEB, "data", ANY)).isEmptyDirectory();
        assertThat(next.isBounded(data)).isFalse();
    }

    /** Nothing is mounted over what a pod has written to a directory that was not limited by the kernel. */
    @Test
    void whatWasNotMountedStaysSo() throws Exception {
        Path data = memory.volume(WEB, "data", ANY);
        Files.writeString(data.resolve("file"), "x");
        assertThat(next().volume(WEB, "data", LITTLE).resolve("file")).hasContent("x");
        assertThat(memory.isBounded(data)).isFalse();
        next().require("data", data);
    }

    /** Another container of the pod would get another directory than those that run. */
    @Test
    void whatIsMountedElsewhereIsNotReplaced() {
        assumeMounts();
        Path data = memory.volume(WEB, "data", LITTLE);
        NamespaceCalls.detach(data); // so it looks to a JVM in another mount namespace
        KeptMemory next = next();
        assertThat(next.volume(WEB, "data", LITTLE)).isEqualTo(data);
        assertThat(next.isBounded(data)).isFalse();
        assertThatExceptionOfType(VolumeUnusable.class)
                .isThrownBy(() -> next.require("data", data))
                .withMessageContaining("volume data: the memory that was mounted on " + data + " is not there")
                .withMessageContaining("in the mount namespace of the JVM before this one");
    }

    private static void assumeMounts() {
        assumeTrue(LibC.isCapable(21), "without CAP_SYS_ADMIN nothing can be mounted");
    }

    private boolean mounts() throws IOException {
        return FileNames.text(Files.readAllBytes(Path.of("/proc/self/mountinfo")))
                .contains(FileNames.text(place));
    }

    private Path root() throws IOException {
        return FileNames.path(FileNames.text(Files.readAllBytes(note)));
    }
}
