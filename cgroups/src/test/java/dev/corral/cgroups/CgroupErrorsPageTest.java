package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of refusals for people: what it names is there. */
class CgroupErrorsPageTest {
    private static final Path TOP = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern EVIDENCE = Pattern.compile(
            "(a real refusal|an injected code)(, version 2 only, in the virtual machine)?: `([A-Za-z0-9]+)#([A-Za-z0-9]+)`");
    private static final List<String> MODULES = List.of("cgroups", "core");

    private static List<List<String>> rows(int columns) throws IOException {
        return Files.readAllLines(TOP.resolve("docs/limit-errors.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| ---"))
                .map(line -> List.of(line.substring(2, line.length() - 2).split(" \\| ", -1)))
                .filter(row -> row.size() == columns)
                .filter(row -> !List.of("Where and code", "Exception").contains(row.get(0)))
                .toList();
    }

    @Test
    void everyRowNamesATestThatIsThere() throws Exception {
        List<List<String>> refusals = rows(4);
        assertThat(refusals).hasSizeGreaterThan(70);
        for (List<String> row : refusals) {
            Matcher evidence = EVIDENCE.matcher(row.get(3));
            assertThat(evidence.matches()).as("the last column of " + row).isTrue();
            String source = source(evidence.group(3));
            assertThat(source).as("the test of " + row).contains("void " + evidence.group(4) + "(");
            if (evidence.group(2) != null) {
                assertThat(source).as("what runs in the machine: " + row).contains("@Tag(\"v2\")");
            }
        }
    }

    @Test
    void everyExceptionHasARow() throws Exception {
        List<String> told = rows(2).stream()
                .map(row -> row.get(0).replace("`", ""))
                .sorted()
                .toList();
        try (Stream<Path> sources = Files.list(TOP.resolve("cgroups/src/main/java/dev/corral/cgroups"))) {
            List<String> exceptions = sources.filter(CgroupErrorsPageTest::isException)
                    .map(source -> source.getFileName().toString().replace(".java", ""))
                    .sorted()
                    .toList();
            assertThat(exceptions).isNotEmpty();
            assertThat(told).isEqualTo(exceptions);
        }
    }

    /** What the page calls a method of an exception is one. */
    @Test
    void everyExceptionHasWhatItIsSaidToTell() throws Exception {
        for (List<String> row : rows(2)) {
            Class<?> exception =
                    Class.forName("dev.corral.cgroups." + row.get(0).replace("`", ""));
            List<String> methods = Arrays.stream(exception.getMethods())
                    .map(method -> "`" + method.getName() + "()`")
                    .toList();
            Matcher named = Pattern.compile("`[a-z]+\\(\\)`").matcher(row.get(1));
            List<String> promised = named.results().map(match -> match.group()).collect(Collectors.toList());
            assertThat(methods).as(row.get(0)).containsAll(promised);
        }
    }

    private static boolean isException(Path source) {
        try {
            return Files.readString(source)
                    .contains("class " + source.getFileName().toString().replace(".java", "")
                            + " extends CgroupException");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String source(String test) throws IOException {
        for (String module : MODULES) {
            try (Stream<Path> all = Files.walk(TOP.resolve(module).resolve("src/test/java"))) {
                for (Path file :
                        all.filter(path -> path.endsWith(test + ".java")).toList()) {
                    return Files.readString(file);
                }
            }
        }
        return "";
    }
}
