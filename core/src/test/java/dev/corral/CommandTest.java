package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandTest {
    @Test
    void itNeedsAProgram() {
        assertThatThrownBy(() -> Command.of(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a command needs a program");
        assertThatThrownBy(() -> Command.of("")).isInstanceOf(IllegalArgumentException.class);
        assertThat(Command.of("true", "").arguments()).containsExactly("true", "");
    }

    @Test
    void aNulIsRefusedWhereItIsGiven() {
        assertThatThrownBy(() -> Command.of("tr\0ue"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("program has a NUL at index 2");
        assertThatThrownBy(() -> Command.of("echo", "a", "b\0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("argument 2 has a NUL at index 1");
        assertThatThrownBy(() -> Command.of("env").env("A", "\0")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Command.of("pwd").directory(Path.of("/tmp\0")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theLengthOfAnArgumentIsCountedInBytes() {
        assertThat(Command.of("echo", "x".repeat(131_071)).arguments()).hasSize(2);
        assertThatThrownBy(() -> Command.of("echo", "x".repeat(131_072)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("argument 1 has 131072 bytes; the kernel takes at most 131071");
        assertThatThrownBy(() -> Command.of("echo", "é".repeat(65_536))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void eachWitherLeavesTheOriginalAlone() {
        Command plain = Command.of("true");
        Command other =
                plain.env("A", "b").directory(Path.of("/")).with(launch -> {}).output(Stdio.nothing());
        assertThat(plain.environment().variables()).isEmpty();
        assertThat(plain.directory()).isEmpty();
        assertThat(plain.confinements()).isEmpty();
        assertThat(plain.streams().output()).isEqualTo(Stdio.pipe());
        assertThat(other.environment().get("A")).contains("b");
        assertThat(other.directory()).contains(Path.of("/"));
        assertThat(other.confinements()).hasSize(1);
    }

    @Test
    void itDoesNotFollowTheListItCameFrom() {
        List<String> list = new ArrayList<>(List.of("echo", "a"));
        Command command = Command.of(list);
        list.set(1, "b");
        assertThat(command.arguments()).containsExactly("echo", "a");
    }

    @Test
    void aStreamGoesTheRightWay() {
        Path file = Path.of("/dev/null");
        assertThatThrownBy(() -> Command.of("cat").input(Stdio.toFile(file)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use fromFile");
        assertThatThrownBy(() -> Command.of("cat").output(Stdio.fromFile(file)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use toFile or appendTo");
        assertThatThrownBy(() -> Command.of("cat").error(Stdio.fromFile(file)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void itPrintsItsArgumentsButNotItsEnvironment() {
        assertThat(Command.of("grep", "two words", "", "file").env("TOKEN", "hush"))
                .hasToString("grep \"two words\" \"\" file");
    }

    @Test
    void ofLongArgumentsItPrintsTheBeginning() {
        String shown = Command.of("echo", "\uD83D\uDE00".repeat(30_000), "end").toString();
        assertThat(shown)
                .startsWith("echo \uD83D\uDE00")
                .endsWith("… (3 arguments)")
                .hasSizeLessThan(1100);
        assertThat(shown.codePoints())
                .as("no half of a character")
                .noneMatch(point -> Character.getType(point) == Character.SURROGATE);
    }
}
