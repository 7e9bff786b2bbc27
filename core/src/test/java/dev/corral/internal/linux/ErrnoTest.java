package dev.corral.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.testing.CProgram;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErrnoTest {
    private static final Pattern NUMBER = Pattern.compile("#define (E[A-Z0-9]+) ([0-9]+)");

    @Test
    void namesAreThoseOfTheKernelsHeader(@TempDir Path directory) throws Exception {
        List<MatchResult> definitions = CProgram.macros(directory, "#include <asm/errno.h>").stream()
                .flatMap(line -> NUMBER.matcher(line).results())
                .toList();
        assertThat(definitions).hasSizeGreaterThan(130);
        for (MatchResult definition : definitions) {
            assertThat(Errno.name(Integer.parseInt(definition.group(2)))).isEqualTo(definition.group(1));
            assertThat(Errno.number(definition.group(1))).isEqualTo(Integer.parseInt(definition.group(2)));
        }
    }

    @Test
    void constantsHaveTheNumbersOfTheirNames() throws Exception {
        for (Field field : Errno.class.getFields()) {
            assertThat(Errno.name(field.getInt(null))).isEqualTo(field.getName());
        }
    }

    @Test
    void anUnknownNumberIsANumber() {
        for (int errno : new int[] {Integer.MIN_VALUE, -1, 0, 41, 4711}) {
            assertThat(Errno.name(errno)).isEqualTo("errno " + errno);
        }
        assertThat(Errno.number("EVERYTHING")).isZero();
        assertThat(Errno.number("")).isZero();
    }
}
