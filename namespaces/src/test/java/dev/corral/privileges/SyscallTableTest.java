package dev.corral.privileges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyscallTableTest {
    private static final Pattern NAME = Pattern.compile("#define __NR_([a-z0-9_]+) ");
    private static final Pattern EXPANDED = Pattern.compile("N ([a-z0-9_]+) ([0-9]+)\n");
    /** Not calls, but sizes and bases. */
    private static final Pattern NO_CALL = Pattern.compile("syscalls|arch_specific_syscall");

    @TempDir
    Path directory;

    @Test
    void x86NumbersAreThoseOfTheKernelsHeader() throws IOException {
        assumeThat(Architecture.current())
                .as("this machine's headers are its own")
                .isEqualTo(Architecture.X86_64);
        compare(Architecture.X86_64, "#include <asm/unistd.h>\n");
    }

    @Test
    void aarch64NumbersAreThoseOfTheGenericHeader() throws IOException {
        compare(Architecture.AARCH64, """
                #define __ARCH_WANT_RENAMEAT
                #define __ARCH_WANT_NEW_STAT
                #define __ARCH_WANT_SET_GET_RLIMIT
                #define __ARCH_WANT_TIME32_SYSCALLS
                #define __ARCH_WANT_SYS_CLONE3
                #define __ARCH_WANT_MEMFD_SECRET
                #include <asm-generic/unistd.h>
                """);
    }

    /** Each call of the header is in the table; the table may know newer ones. */
    private void compare(Architecture architecture, String include) throws IOException {
        Path file = Files.writeString(directory.resolve("numbers.c"), include);
        String compiler = Programs.compiler();
        String macros = Programs.run(directory, "", List.of(compiler, "-E", "-dM", file.toString()))
                .output();
        String uses = NAME.matcher(macros)
                .results()
                .map(name -> "N " + name.group(1) + " __NR_" + name.group(1) + "\n")
                .filter(line -> !NO_CALL.matcher(line).find())
                .collect(Collectors.joining());
        Files.writeString(file, include + uses);
        String expanded = Programs.run(directory, "", List.of(compiler, "-E", "-P", file.toString()))
                .output();
        Map<String, Integer> numbers = EXPANDED.matcher(expanded)
                .results()
                .collect(
                        Collectors.toMap((MatchResult line) -> line.group(1), line -> Integer.parseInt(line.group(2))));
        assertThat(numbers).hasSizeGreaterThan(280);
        numbers.forEach((name, number) -> {
            assertThat(architecture.syscalls().number(name)).as(name).hasValue(number);
            assertThat(architecture.syscalls().name(number)).as("%s", number).hasValue(name);
        });
    }

    @Test
    void newCallsHaveOneNumberOnBothArchitectures() {
        Architecture.X86_64
                .syscalls()
                .names()
                .tailMap(424)
                .forEach((number, name) ->
                        assertThat(Architecture.AARCH64.syscalls().name(number)).hasValue(name));
    }

    @Test
    void aNumberGivenTwiceIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> SyscallTable.parse("1 write\n1 read\n"));
    }
}
