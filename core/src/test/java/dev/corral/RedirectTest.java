package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.testing.ForkedJvm;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Outputs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Standard streams that lead to files, nowhere, or to the JVM's own. */
class RedirectTest {
    @TempDir
    Path directory;

    @Test
    void outputGoesIntoAFileThatIsEmptiedFirst() throws Exception {
        Path file = Files.writeString(directory.resolve("out"), "something long that was here before");
        try (Child child = Command.of("echo", "new").output(Stdio.toFile(file)).start()) {
            assertThat(child.getInputStream().read()).isEqualTo(-1);
            child.await();
        }
        assertThat(file).hasContent("new\n");
    }

    @Test
    void outputIsAppendedToAFile() throws Exception {
        Path file = directory.resolve("log");
        for (String line : new String[] {"one", "two"}) {
            try (Child child =
                    Command.of("echo", line).output(Stdio.appendTo(file)).start()) {
                child.await();
            }
        }
        assertThat(file).hasContent("one\ntwo\n");
    }

    @Test
    void errorAndOutputCanShareOneFile() throws Exception {
        Path file = directory.resolve("both");
        try (Child child = Command.of("sh", "-c", "echo a; echo b >&2; echo c")
                .output(Stdio.toFile(file))
                .errorIntoOutput()
                .start()) {
            child.await();
        }
        assertThat(file).hasContent("a\nb\nc\n");
    }

    @Test
    void inputComesFromAFile() throws Exception {
        Path file = Files.writeString(directory.resolve("in"), "from the file");
        assertThat(Outputs.of(Command.of("cat").input(Stdio.fromFile(file)))).isEqualTo("from the file");
    }

    @Test
    void inputThatIsNothingIsAtItsEnd() throws Exception {
        assertThat(Outputs.of(Command.of("cat").input(Stdio.nothing()))).isEmpty();
    }

    /** The JVM opens the files, so they work for a program that could not open them itself. */
    @Test
    void filesOfTheJvmsUserServeAProgramInAUserNamespace() throws Exception {
        Path file = directory.resolve("private");
        try (Child child = Command.of("echo", "inside")
                .with(Namespacing.all())
                .output(Stdio.toFile(file))
                .start()) {
            assertThat(child.await().ok()).isTrue();
        }
        assertThat(file).hasContent("inside\n");
    }

    @Test
    void inheritedStreamsAreTheJvmsOwn() throws Exception {
        assertThat(ForkedJvm.run(Inheriting.class).ok().output()).isEqualTo("to output\nto error\n");
    }

    /** Prints nothing itself. */
    static final class Inheriting {
        private Inheriting() {}

        public static void main(String[] arguments) throws Exception {
            try (Child child = Command.of("sh", "-c", "cat; echo to output; echo to error >&2")
                    .input(Stdio.inherit())
                    .output(Stdio.inherit())
                    .error(Stdio.inherit())
                    .start()) {
                child.await();
            }
        }
    }
}
