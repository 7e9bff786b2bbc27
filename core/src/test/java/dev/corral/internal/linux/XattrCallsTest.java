package dev.corral.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XattrCallsTest {
    @TempDir
    Path directory;

    private final NativeBuffer calls = new NativeBuffer(8);

    @Test
    void whatWasSetIsReadAgain() throws Exception {
        Path path = Files.createDirectory(FileNames.in(directory, "größe"));
        try {
            calls.setAttribute(path, "user.corral.test", "1:2");
        } catch (ErrnoException e) {
            assumeTrue(e.errno() != Errno.EOPNOTSUPP, "the temporary directory has no extended attributes");
            throw e;
        }
        assertThat(XattrCalls.get(path, "user.corral.test")).contains("1:2");

        String longer = "x".repeat(1000);
        calls.setAttribute(path, "user.corral.test", longer);
        assertThat(XattrCalls.get(path, "user.corral.test")).contains(longer);

        calls.setAttribute(path, "user.corral.test", "");
        assertThat(XattrCalls.get(path, "user.corral.test")).contains("");
    }

    @Test
    void anAttributeThatIsNotThereIsEmpty() {
        assertThat(XattrCalls.get(directory, "user.corral.none")).isEmpty();
        assertThat(XattrCalls.get(directory.resolve("gone"), "user.corral.none"))
                .isEmpty();
    }

    @Test
    void aRefusalSaysWhich() {
        assertThatThrownBy(() -> calls.setAttribute(directory.resolve("gone"), "user.corral.test", "1"))
                .hasMessage("setxattr " + directory.resolve("gone") + ": ENOENT");
    }
}
