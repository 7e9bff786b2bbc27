package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.internal.launch.Stage;
import dev.corral.internal.launch.Step;
import dev.corral.internal.launch.StepFailed;
import dev.corral.internal.linux.Errno;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page of refusals for people: what it names is there. */
class ErrorsPageTest {
    private static final Path TOP = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern EVIDENCE =
            Pattern.compile("(a real refusal|an injected code): `([A-Za-z]+)#([A-Za-z]+)`");

    private static List<List<String>> rows() throws IOException {
        return Files.readAllLines(TOP.resolve("docs/errors.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| ---"))
                .map(line -> List.of(line.substring(2, line.length() - 2).split(" \\| ", -1)))
                .toList();
    }

    @Test
    void everyRowNamesATestThatIsThere() throws Exception {
        List<List<String>> refusals =
                rows().stream().filter(row -> row.size() == 4).skip(1).toList();
        assertThat(refusals).hasSizeGreaterThan(40);
        for (List<String> row : refusals) {
            Matcher evidence = EVIDENCE.matcher(row.get(3));
            assertThat(evidence.matches()).as("the last column of " + row).isTrue();
            assertThat(source(evidence.group(2))).as("the test of " + row).contains("void " + evidence.group(3) + "(");
        }
    }

    private static String source(String test) throws IOException {
        for (String module : List.of("core", "namespaces")) {
            try (Stream<Path> all = Files.walk(TOP.resolve(module).resolve("src/test/java"))) {
                for (Path file :
                        all.filter(path -> path.endsWith(test + ".java")).toList()) {
                    return Files.readString(file);
                }
            }
        }
        return "";
    }

    /** A step that is in no row of exceptions is a SetUpFailed, as the page says. */
    @ParameterizedTest
    @EnumSource
    void everyStepHasTheExceptionOfItsRow(Step step) throws Exception {
        Launch launch = new Launch(Command.of("true")).namespaces(List.of("pid"));
        LaunchException refused = LaunchErrors.of(launch, new StepFailed(step, Stage.STAGE0, Errno.EINVAL, 0, ""));
        String group = step.text().replaceFirst("[.].*", ".*");
        String row = rows().stream()
                .filter(candidate -> candidate.size() == 2)
                .filter(candidate -> candidate.get(1).contains("`" + step.text() + "`"))
                .findFirst()
                .or(() -> wildcard(group))
                .map(candidate -> candidate.get(0))
                .orElse("`SetUpFailed`");
        assertThat(row).contains("`" + refused.getClass().getSimpleName() + "`");
    }

    private static Optional<List<String>> wildcard(String group) {
        try {
            return rows().stream()
                    .filter(row -> row.size() == 2 && row.get(1).contains("`" + group + "`"))
                    .findFirst();
        } catch (IOException absent) {
            throw new UncheckedIOException(absent);
        }
    }
}
