package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.Applied.Entry;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AppliedTest {
    private static final Entry MEMORY =
            new Entry("memory", "256 MiB", Optional.of("memory.max"), Optional.of("268435456"), "");
    private static final Entry CPU = new Entry("cpu", "0.5", Optional.empty(), Optional.empty(), "not delegated");

    @Test
    void whatCouldNotBeReadBackIsNotEnforced() {
        assertThat(new Applied(List.of(MEMORY, CPU)).dropped()).containsExactly(CPU);
        assertThat(MEMORY.enforced()).isTrue();
    }

    @Test
    void reportsAddUpInOrder() {
        Applied both = Applied.none().and(new Applied(List.of(MEMORY))).and(new Applied(List.of(CPU)));
        assertThat(both.entries()).containsExactly(MEMORY, CPU);
    }
}
