package dev.corral.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.Feature;
import dev.corral.testing.Namespacing;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClosedStreamsTest {
    /** Init once put its lifeline over its own signal descriptor, and never heard of the payload's end. */
    @ParameterizedTest
    @ValueSource(strings = {"<&-", ">&-", "<&- >&-", "<&- >&- 2>&-"})
    void aLauncherWithoutStandardStreamsHearsOfThePayloadsEnd(String closed, @TempDir Path directory) throws Exception {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        Path program = directory.resolve("corral-launcher");
        try (InputStream image = LauncherImage.class.getResourceAsStream(LauncherImage.resource())) {
            Files.copy(Objects.requireNonNull(image), program);
        }
        Path bare = directory.resolve("bare");
        Files.writeString(bare, "#!/bin/sh\nexec " + program + " " + closed + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        assertThat(bare.toFile().setExecutable(true)).isTrue();

        Launcher launcher = new Launcher(new LauncherImage(bare, Optional.empty()));
        Launched launched = Launches.start(
                launcher, Launches.plan(List.of("user", "pid"), "/bin/sh", "-c", "exit 3"), Launches.PATIENCE);

        assertThat(Launches.end(launcher, launched)).isEqualTo(3 << 8);
    }
}
