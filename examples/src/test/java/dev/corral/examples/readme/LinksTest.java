package dev.corral.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No link of the README or the guide leads nowhere. */
class LinksTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]*)(?:#([^)]*))?\\)");

    @Test
    void everyLinkLeadsToAFileAndAHeading() throws IOException {
        List<Path> pages;
        try (Stream<Path> guide = Files.list(ROOT.resolve("docs"));
                Stream<Path> front = Files.list(ROOT)) {
            pages = Stream.concat(guide, front)
                    .filter(page -> page.toString().endsWith(".md"))
                    .toList();
        }

        assertThat(pages).hasSizeGreaterThan(15);
        assertThat(pages.stream().flatMap(LinksTest::links)).hasSizeGreaterThan(60);
        assertThat(pages.stream().flatMap(LinksTest::links).filter(Link::leadsNowhere))
                .isEmpty();
    }

    private static Stream<Link> links(Path page) {
        return LINK.matcher(read(page))
                .results()
                .map(link -> new Link(page, link.group(1), link.group(2) == null ? "" : link.group(2)));
    }

    private record Link(Path page, String file, String heading) {
        boolean leadsNowhere() {
            Path target = file.isEmpty() ? page : page.resolveSibling(file);
            if (!Files.exists(target)) {
                return true;
            }
            return !heading.isEmpty()
                    && read(target)
                            .lines()
                            .filter(line -> line.startsWith("#"))
                            .noneMatch(line -> anchor(line).equals(heading));
        }

        /** As web pages name it: in small letters, words joined by hyphens, anything else left out. */
        private static String anchor(String line) {
            return line.replaceFirst("^#+ ", "")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^a-z0-9 -]", "")
                    .replace(' ', '-');
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
