package dev.corral.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No code stands in the README or the guide that has not been compiled and run. */
class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Path CONTROLLERS = Path.of("..", "docs", "controllers.md");
    private static final Path SIMULATION = Path.of("..", "docs", "simulation.md");
    private static final Path WORKLOADS = Path.of("..", "docs", "workloads.md");
    private static final List<Path> SAMPLES = List.of(
            Path.of("src/test/java/dev/corral/examples/readme"),
            Path.of("src/test/java/dev/corral/examples/simulation"),
            Path.of("src/test/java/dev/corral/examples/kinds"));

    @Test
    void everyJavaBlockIsARegionOfARunningTest() throws IOException {
        List<String> regions = regions();
        List<String> blocks = blocks(Files.readString(README));

        assertThat(blocks).hasSizeGreaterThanOrEqualTo(3);
        assertThat(regions).containsAll(blocks);
    }

    @Test
    void soIsEveryJavaBlockOfTheGuide() throws IOException {
        List<String> blocks = blocks(Files.readString(CONTROLLERS));

        assertThat(blocks).hasSizeGreaterThanOrEqualTo(5);
        assertThat(regions()).containsAll(blocks);
    }

    @Test
    void soIsEveryJavaBlockOfThePageOnTests() throws IOException {
        List<String> blocks = blocks(Files.readString(SIMULATION));

        assertThat(blocks).hasSizeGreaterThanOrEqualTo(4);
        assertThat(regions()).containsAll(blocks);
    }

    @Test
    void soIsEveryJavaBlockOfThePageOnWorkloads() throws IOException {
        List<String> blocks = blocks(Files.readString(WORKLOADS));

        assertThat(blocks).hasSizeGreaterThanOrEqualTo(6);
        assertThat(regions()).containsAll(blocks);
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
