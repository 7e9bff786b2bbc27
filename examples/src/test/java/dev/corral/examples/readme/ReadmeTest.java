package dev.corral.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No code stands in the README or the guide that has not been compiled and run. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..");
    private static final List<Path> SAMPLES = List.of(
            Path.of("src/test/java/dev/corral/examples/readme"),
            Path.of("src/test/java/dev/corral/examples/simulation"),
            Path.of("src/test/java/dev/corral/examples/kinds"));
    private static final Pattern IMPORTS = Pattern.compile("\\| `(dev\\.corral[a-z.]*)` \\| (.*) \\|");
    private static final Pattern TYPE = Pattern.compile("\\b[A-Z][A-Za-z0-9]+\\b");
    private static final Pattern QUOTED = Pattern.compile("`([A-Za-z0-9.]+)`");

    /** Pages, and how many blocks each has at least: or none might be found and nobody would notice. */
    @ParameterizedTest
    @CsvSource({
        "README.md, 13",
        "docs/isolate.md, 6",
        "docs/limit.md, 6",
        "docs/declare.md, 2",
        "docs/rootless.md, 3",
        "docs/systemd.md, 2",
        "docs/inside-a-container.md, 2",
        "docs/when-the-jvm-dies.md, 2",
        "docs/security.md, 1",
        "docs/tuning.md, 2",
        "docs/controllers.md, 5",
        "docs/simulation.md, 6",
        "docs/workloads.md, 6",
        "docs/pods.md, 3",
        "docs/pods-isolation.md, 4"
    })
    void everyJavaBlockIsARegionOfARunningTest(String page, int least) throws IOException {
        List<String> blocks = blocks(Files.readString(ROOT.resolve(page)));

        assertThat(blocks).hasSizeGreaterThanOrEqualTo(least);
        assertThat(regions()).containsAll(blocks);
    }

    @Test
    void everythingThatTheSamplesImportIsWhereTheTableSays() throws IOException {
        List<Imports> table = table(Files.readString(ROOT.resolve("README.md")));

        assertThat(table).hasSizeGreaterThanOrEqualTo(7);
        assertThat(table.stream().flatMap(Imports::missing)).isEmpty();
    }

    /** In the other direction: what a sample names and the table does not, a reader would have to look for. */
    @Test
    void everyTypeThatASampleNamesIsInTheTable() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        List<Imports> table = table(readme);
        List<String> named = blocks(readme).stream()
                .flatMap(block -> TYPE.matcher(block).results().map(MatchResult::group))
                .distinct()
                .toList();

        assertThat(named).contains("Command", "Simulation").hasSizeGreaterThan(20);
        assertThat(named)
                .filteredOn(type -> table.stream().anyMatch(row -> row.lacks(type)))
                .isEmpty();
    }

    /** The README's table of imports. */
    private static List<Imports> table(String readme) {
        return readme.lines()
                .map(IMPORTS::matcher)
                .filter(Matcher::matches)
                .map(row -> new Imports(row.group(1), row.group(2)))
                .toList();
    }

    private record Imports(String room, String names) {
        /** Whether it is a type of this package that the row does not name. */
        boolean lacks(String type) {
            return isThere(type)
                    && QUOTED.matcher(names)
                            .results()
                            .noneMatch(name -> name.group(1).equals(type));
        }

        Stream<String> missing() {
            return QUOTED.matcher(names).results().map(name -> name.group(1)).filter(name -> !isThere(name));
        }

        /** A class of the package, or a static member of one. */
        private boolean isThere(String name) {
            String[] parts = name.split("\\.", -1);
            try {
                Class<?> owner = Class.forName(room + "." + parts[0]);
                return parts.length == 1
                        ? Modifier.isPublic(owner.getModifiers())
                        : Stream.concat(Stream.of(owner.getMethods()), Stream.of(owner.getFields()))
                                .anyMatch(member -> member.getName().equals(parts[1]));
            } catch (ClassNotFoundException missing) {
                return false;
            }
        }
    }

    /** The texts between {@code ```java} and {@code ```}. */
    private static List<String> blocks(String markdown) {
        List<String> blocks = new ArrayList<>();
        List<String> open = null;
        for (String line : markdown.lines().toList()) {
            if (line.equals("```java")) {
                open = new ArrayList<>();
            } else if (line.equals("```") && open != null) {
                blocks.add(String.join("\n", open));
                open = null;
            } else if (open != null) {
                open.add(line);
            }
        }
        return blocks;
    }

    private static List<String> regions() throws IOException {
        List<String> regions = new ArrayList<>();
        for (Path folder : SAMPLES) {
            try (Stream<Path> files = Files.list(folder)) {
                files.forEach(file -> regions.addAll(regions(file)));
            }
        }
        return regions;
    }

    /** The texts between {@code // README} and {@code // end}, moved to the left margin, without lines marked as hidden. */
    private static List<String> regions(Path file) {
        List<String> regions = new ArrayList<>();
        List<String> open = null;
        for (String line : lines(file)) {
            if (line.strip().equals("// README")) {
                open = new ArrayList<>();
            } else if (line.strip().equals("// end") && open != null) {
                regions.add(String.join("\n", open).stripIndent());
                open = null;
            } else if (open != null && !line.endsWith("// hidden")) {
                open.add(line);
            }
        }
        return regions;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
