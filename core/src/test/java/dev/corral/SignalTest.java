package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalTest {
    @ParameterizedTest
    @CsvSource({"TERM, 15", "SIGTERM, 15", "KILL, 9", "HUP, 1", "SYS, 31", "RTMIN+0, 34", "SIGRTMIN+30, 64"})
    void aNameIsReadWithAndWithoutItsPrefix(String name, int number) {
        assertThat(Signal.named(name)).contains(new Signal(number));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SIG", "term", "9", "SIGFOO", "SIGRTMIN+31", "RTMIN+-1", "SIGSIGTERM"})
    void anUnknownNameIsAbsent(String name) {
        assertThat(Signal.named(name)).isEmpty();
    }

    @Test
    void everySignalButTheLibrarysOwnTwoHasANameThatIsReadAgain() {
        IntStream.rangeClosed(1, 64)
                .filter(number -> number != 32 && number != 33)
                .mapToObj(Signal::new)
                .forEach(signal -> assertThat(Signal.named(signal.toString()))
                        .as(signal.toString())
                        .contains(signal));
        assertThat(new Signal(32)).hasToString("signal 32");
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 65})
    void aNumberOutsideTheKernelsRangeIsRefused(int number) {
        assertThatThrownBy(() -> new Signal(number))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("signal " + number + ": it must be between 1 and 64");
    }
}
