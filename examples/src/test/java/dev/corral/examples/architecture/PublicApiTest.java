package dev.corral.examples.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.Command;
import dev.corral.archives.TarArchive;
import dev.corral.cgroups.Limits;
import dev.corral.namespaces.Isolation;
import dev.corral.reconcile.Reconciler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What users can name is written down in docs/api, so that nothing is added, changed or taken away by the way. After a change that
 * is meant, {@code ./mvnw -Dfast -pl examples -am test -Dtest=PublicApiTest -Dsurefire.failIfNoSpecifiedTests=false -Dapi.write}
 * writes it anew.
 */
class PublicApiTest {
    private static final Path LISTINGS = Path.of("..", "docs", "api");

    @ParameterizedTest
    @ValueSource(classes = {Command.class, Limits.class, Isolation.class, TarArchive.class, Reconciler.class})
    void isAsItIsWrittenDown(Class<?> member) throws Exception {
        PublicApi api = new PublicApi(Path.of(
                member.getProtectionDomain().getCodeSource().getLocation().toURI()));
        Path listing = LISTINGS.resolve(api.module() + ".txt");
        List<String> lines = api.lines();

        if (System.getProperty("api.write") != null) {
            Files.createDirectories(LISTINGS);
            Files.write(listing, lines);
        }
        assertThat(lines)
                .as(
                        "the public API of %s; if the change is meant, add -Dapi.write, and tell of it in CHANGELOG.md",
                        api.module())
                .isEqualTo(Files.readAllLines(listing));
    }
}
