package dev.corral.examples.simulation;

import static dev.corral.examples.simulation.Sites.WEBSITE;
import static dev.corral.examples.simulation.Sites.site;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.reconcile.plane.ControlPlane;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The same controller with real programs. */
class LiveSitesTest {
    @Test
    void aKindOfOnesOwnIsKeptAsDeclared() throws InterruptedException {
        assumeThat(Path.of("/usr/bin/python3")).as("needs python3 in /usr/bin").isExecutable();
        // README
        try (ControlPlane plane =
                ControlPlane.local().controller(WEBSITE, Sites::reconcile).start()) {
            plane.apply(site("doc", 3)); // three servers of /usr/share/doc
            plane.require(WEBSITE, "doc", doc -> doc.status().ready() == 3, ofMinutes(1));
            plane.apply(site("doc", 1)); // hidden
            plane.require(WEBSITE, "doc", doc -> doc.status().ready() == 1, ofMinutes(1)); // hidden
            assertThat(plane.list(WEBSITE)).hasSize(1); // hidden
        }
        // end
    }
}
