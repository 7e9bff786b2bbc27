package dev.corral.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.testing.Leftovers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FdTest {
    /** A number that nobody else of this JVM comes by. */
    private static final int HIGH = 700;

    /** The kernel gives a number out again at once: closing twice would close somebody else's. */
    @Test
    void itIsClosedOnce() {
        Leftovers before = Leftovers.before();
        int[] pipe = LibC.pipe();
        Fd first = new Fd(LibC.duplicate(pipe[0], HIGH));
        int number = first.number();
        first.close();
        assertThat(first.isOpen()).isFalse();

        Fd second = new Fd(LibC.duplicate(pipe[0], HIGH));
        assertThat(second.number()).isEqualTo(number);
        first.close();
        assertThat(Files.exists(Path.of("/proc/self/fd/" + number))).isTrue();

        second.close();
        new Fd(pipe[0]).close();
        new Fd(pipe[1]).close();
        before.assertNothingIsLeft();
    }

    @Test
    void whoeverReleasesItOwnsItNoMore() {
        int[] pipe = LibC.pipe();
        Fd first = new Fd(pipe[0]);
        Fd second = new Fd(first.release());
        first.close();
        assertThat(second.isOpen()).isTrue();
        assertThat(second.number()).isEqualTo(pipe[0]);
        assertThatThrownBy(first::number)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("descriptor is closed");
        assertThatThrownBy(first::release).isInstanceOf(IllegalStateException.class);
        second.close();
        new Fd(pipe[1]).close();
    }
}
