package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {
    @Test
    void nothingOfTheJvmsIsInItUnlessAskedFor() {
        assertThat(Environment.empty().variables()).isEmpty();
        assertThat(Environment.inherited().variables()).isEqualTo(System.getenv());
        assertThat(Environment.empty().inheriting("PATH", "NO_SUCH_VARIABLE").variables())
                .isEqualTo(Map.of("PATH", System.getenv("PATH")));
    }

    @Test
    void aVariableReplacesTheOneOfTheSameName() {
        Environment first = Environment.empty().with("LANG", "C");
        Environment second = first.with("LANG", "C.UTF-8").with("A", "");
        assertThat(second.get("LANG")).contains("C.UTF-8");
        assertThat(second.get("A")).contains("");
        assertThat(second.get("B")).isEmpty();
        assertThat(first.get("LANG")).contains("C");
    }

    @Test
    void itIsSortedAndDoesNotFollowTheMapItCameFrom() {
        Map<String, String> map = new HashMap<>(Map.of("b", "2", "a", "1", "c", "3"));
        Environment environment = new Environment(map);
        map.clear();
        assertThat(environment.variables().keySet()).containsExactly("a", "b", "c");
        assertThatThrownBy(() -> environment.variables().put("d", "4"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "=", "A=B", "=A"})
    void aNameIsNotEmptyAndHasNoEqualsSign(String name) {
        assertThatThrownBy(() -> Environment.empty().with(name, "value"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + name + "\"");
    }

    @Test
    void aNulIsRefusedWithoutTellingTheSecret() {
        assertThatThrownBy(() -> Environment.empty().with("PASSWORD", "se\0cret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("environment variable PASSWORD has a NUL")
                .hasMessageNotContaining("cret");
        assertThatThrownBy(() -> Environment.empty().with("A\0B", "c"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has a NUL at index 1");
    }

    @Test
    void whatTheKernelCouldNotCarryIsRefused() {
        assertThat(Environment.empty().with("A", "x".repeat(131_069)).get("A")).isPresent();
        assertThatThrownBy(() -> Environment.empty().with("A", "x".repeat(131_070)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("environment variable A has 131072 bytes; the kernel takes at most 131071");
    }
}
