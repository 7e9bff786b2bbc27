package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CgroupNameTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"cpu.max", "cgroup.procs", "memory.x", "tasks", "release_agent", "_a", ".hidden", "io.stat"})
    void namesOfTheKernelsFilesGetAnUnderscore(String name) {
        assertThat(CgroupName.escape(name)).isEqualTo("_" + name);
        assertThat(CgroupName.unescape(CgroupName.escape(name))).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"web-0", "cpu", "memoryhog", "a.b", "größe", "two words"})
    void otherNamesStayAsTheyAre(String name) {
        assertThat(CgroupName.escape(CgroupName.check(name))).isEqualTo(name);
        assertThat(CgroupName.unescape(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a\nb", "a\0b"})
    void whatIsNoNameIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CgroupName.check(name))
                .withMessageContaining("group name");
    }

    @ParameterizedTest
    @ValueSource(ints = {181, 300})
    void aNameLeavesRoomForWhatMakesItUnique(int length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CgroupName.check("x".repeat(length)))
                .withMessageContaining("180");
    }
}
