package dev.corral.examples.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nothing has strayed to where everybody looks first: what no list here names is to be put into its room, or on the list. */
class TopLevelTest {
    private static final Path TOP = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern MODULE = Pattern.compile("<module>([a-z]+)</module>");
    private static final List<String> FILES = List.of(
            "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "SECURITY.md", "docs", "mvnw", "pom.xml");

    @Test
    void theTopLevelIsWhatIsMeantToStandThere() throws IOException {
        List<String> meant = new ArrayList<>(FILES);
        meant.addAll(modules());

        assertThat(standing(TOP)).containsExactlyInAnyOrderElementsOf(meant);
    }

    @Test
    void aModuleIsItsPomAndItsSources() throws IOException {
        assertThat(modules()).contains("core", "examples");
        for (String module : modules()) {
            List<String> meant = new ArrayList<>(List.of("pom.xml", "src"));
            if (module.equals("examples")) {
                meant.add("dependency"); // a build of its own
            }
            assertThat(standing(TOP.resolve(module))).as(module).containsExactlyInAnyOrderElementsOf(meant);
        }
    }

    @Test
    void theGuideNamesEachOfItsPages() throws IOException {
        String guide = Files.readString(TOP.resolve("docs/README.md"));

        assertThat(standing(TOP.resolve("docs")))
                .contains("isolate.md")
                .filteredOn(page -> !page.equals("README.md"))
                .allSatisfy(page -> assertThat(guide).contains("](" + page + ")"));
    }

    private static List<String> modules() throws IOException {
        return MODULE.matcher(Files.readString(TOP.resolve("pom.xml")))
                .results()
                .map(module -> module.group(1))
                .toList();
    }

    /** But for what tools keep to themselves and what git leaves out. */
    private static List<String> standing(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.startsWith(".")
                            && !name.equals("target")
                            && !name.endsWith(".iml")
                            && !name.endsWith(".class"))
                    .toList();
        }
    }
}
