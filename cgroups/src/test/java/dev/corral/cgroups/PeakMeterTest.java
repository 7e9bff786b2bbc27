package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kernel resets a peak from Linux 6.12 on; whose file is opened for it shows with any files. */
class PeakMeterTest {
    private static final String FILE = "memory.peak";
    private static final String STRANGERS = "8192";

    @TempDir
    Path above;

    private final Tree kernel = new KernelTree();
    private Path path;
    private long inode;

    @BeforeEach
    void aGroup() throws Exception {
        path = group("4096");
        inode = kernel.inode(path).orElseThrow();
    }

    @Test
    void aGroupThatHasTheNameNowIsNotReset() {
        replace();

        assertThatThrownBy(() -> PeakMeter.open(seenBy(kernel), FILE)).isInstanceOf(CgroupGone.class);
        assertThat(path.resolve(FILE)).hasContent(STRANGERS);
    }

    @Test
    void aGroupThatTakesTheNameAfterALookAtItIsNotReset() {
        Held replacing = new Held(kernel) {
            private boolean looked;

            @Override
            public Optional<Long> inode(Path directory) {
                Optional<Long> answer = super.inode(directory);
                if (!looked) {
                    looked = true;
                    replace();
                }
                return answer;
            }
        };

        PeakMeter.open(seenBy(replacing), FILE).close();

        assertThat(path.resolve(FILE)).hasContent(STRANGERS);
        assertThat(above.resolve("before").resolve(FILE)).hasContent("reset");
    }

    private GroupDirectory seenBy(Tree tree) {
        Hierarchy hierarchy = new Hierarchy(true, Set.of(), new Place.At(path, above, "/"), false);
        return new GroupDirectory(Host.real(Path.of("/proc")).through(tree), hierarchy, path, inode);
    }

    private void replace() {
        try {
            // out of the way and not away: a file system may give its number to the next one
            Files.move(path, above.resolve("before"));
            group(STRANGERS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path group(String peak) throws IOException {
        Path directory = Files.createDirectory(above.resolve("group"));
        Files.writeString(directory.resolve(FILE), peak);
        return directory;
    }
}
