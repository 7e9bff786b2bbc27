package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written and read in one directory never reaches a later one of its name. */
class HeldTest {
    private static final String FILE = "pids.max";

    @TempDir
    Path above;

    private final Tree tree = new KernelTree();
    private Path group;
    private long inode;

    @BeforeEach
    void aGroup() throws Exception {
        group = made("max\n");
        inode = tree.inode(group).orElseThrow();
    }

    @Test
    void aFileIsReadWrittenAndReadBack() {
        try (Held held = tree.hold(group, inode);
                Edit edit = held.edit(group, inode, FILE)) {
            assertThat(held.value(group, FILE)).contains("max\n");
            assertThat(held.value(group, "gone")).isEmpty();
            assertThat(held.exists(group, FILE)).isTrue();
            assertThat(held.exists(group, "gone")).isFalse();
            assertThat(edit.read()).contains("max\n");
            edit.write("100\n");
            assertThat(edit.read()).contains("100\n");
        }
    }

    @Test
    void aDirectoryThatWasReplacedIsRefused() throws Exception {
        replaced();

        refused(Errno.ENODEV, () -> tree.hold(group, inode));
        refused(Errno.ENODEV, () -> tree.edit(group, inode, FILE));
        refused(Errno.ENODEV, () -> tree.write(group, inode, FILE, "1\n"));
        assertThat(group.resolve(FILE)).hasContent("other");
    }

    @Test
    void aDirectoryThatWasRemovedIsRefused() throws Exception {
        Files.delete(group.resolve(FILE));
        Files.delete(group);

        refused(Errno.ENOENT, () -> tree.hold(group, inode));
        refused(Errno.ENOENT, () -> tree.edit(group, inode, FILE));
    }

    @Test
    void whatIsReplacedWhileItIsHeldIsReachedNoMore() throws Exception {
        try (Held held = tree.hold(group, inode);
                Edit edit = held.edit(group, inode, FILE)) {
            replaced();

            edit.write("123\n");
            assertThat(edit.read()).contains("123\n");
            assertThat(held.value(group, FILE)).isEmpty();
            refused(Errno.ENOENT, () -> held.write(group, inode, FILE, "1\n"));
            assertThat(group.resolve(FILE)).hasContent("other");
        }
    }

    @Test
    void aLinkIsNotFollowed() throws Exception {
        Path elsewhere = Files.writeString(above.resolve("elsewhere"), "mine");
        Files.createSymbolicLink(group.resolve("link"), elsewhere);

        refused(Errno.ELOOP, () -> tree.write(group, inode, "link", "1\n"));
        assertThat(elsewhere).hasContent("mine");
    }

    @Test
    void closingTwiceGivesTheBufferBackOnce() {
        Held first = tree.hold(group, inode);
        first.close();
        first.close();
        try (Held one = tree.hold(group, inode);
                Held other = tree.hold(group, inode)) {
            assertThat(one.value(group, FILE)).contains("max\n");
            assertThat(other.exists(group, "gone")).isFalse();
        }
    }

    private void replaced() throws Exception {
        Files.delete(group.resolve(FILE));
        // out of the way and not away: a file system may give its number to the next one
        Files.move(group, above.resolve("before"));
        made("other");
    }

    private Path made(String text) throws Exception {
        Path directory = Files.createDirectory(above.resolve("group"));
        Files.writeString(directory.resolve(FILE), text);
        return directory;
    }

    private static void refused(int errno, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }
}
