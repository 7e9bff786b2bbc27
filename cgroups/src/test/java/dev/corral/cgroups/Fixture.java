package dev.corral.cgroups;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Texts of real kernels, by kernel and layout. */
final class Fixture {
    private Fixture() {}

    static Path directory(String layout) {
        try {
            return Path.of(Objects.requireNonNull(Fixture.class.getResource("/kernel/" + layout + "/NOTE"))
                            .toURI())
                    .resolveSibling("");
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static String text(String layout, String file) {
        try {
            return Files.readString(directory(layout).resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Layout layout(String layout) {
        return Layout.parse(text(layout, "mountinfo"), text(layout, "cgroup"), path -> path);
    }
}
