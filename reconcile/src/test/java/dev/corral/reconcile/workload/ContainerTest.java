package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.internal.linux.FileNames;
import dev.corral.reconcile.Problem;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContainerTest {
    @Test
    void aWorkingDirectoryIsAbsoluteAndWithoutNul() {
        assertThat(problems("/srv")).isEmpty();
        assertThat(problems("srv")).containsExactly("'srv': it must be an absolute path");
        assertThat(problems("/srv\0/etc")).containsExactly("'/srv\\0/etc': it must not contain a NUL");
        assertThat(problems("\0"))
                .containsExactly("'\\0': it must not contain a NUL", "'\\0': it must be an absolute path");
    }

    @Test
    void theTextOfAPathHasAllOfItsBytes() {
        String odd = "/gr\u00f6\u00dfe/\udcff";
        Container container =
                Container.named("main").workingDir(FileNames.path(odd)).terminationMessagePath(FileNames.path(odd));
        assertThat(container.workingDir()).contains(odd);
        assertThat(container.terminationMessagePath()).contains(odd);
    }

    private static List<String> problems(String workingDir) {
        Problems problems = Problems.in("");
        Container.named("main").command("pwd").workingDir(workingDir).validate(problems, Duration.ofSeconds(30));
        assertThat(problems.list()).extracting(Problem::field).allMatch("workingDir"::equals);
        return problems.list().stream().map(Problem::message).toList();
    }
}
