package dev.corral.examples.simulation;

import static dev.corral.examples.simulation.Sites.WEBSITE;
import static dev.corral.examples.simulation.Sites.site;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.examples.simulation.Sites.WebSiteSpec;
import dev.corral.examples.simulation.Sites.WebSiteStatus;
import dev.corral.reconcile.Context;
import dev.corral.reconcile.Event;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Subscription;
import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.testing.Simulation;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What fails on purpose, by the thousand, fills nobody's log; what fails in earnest does not go unsaid. */
@Isolated("looks at what the JVM writes")
class QuietTest {
    private static final String FAILED = "in a row failed for";

    @Test
    void aSimulatedPassThatFailsIsToldByAnEventAndNotLogged() throws Exception {
        String logged = logged(() -> {
            Simulation world = Simulation.of(WEBSITE, QuietTest::broken)
                    .apply(site("home", 3))
                    .settle();
            assertThat(world.events()).anyMatch(QuietTest::isFailure);
            return world;
        });

        assertThat(logged).doesNotContain(FAILED);
    }

    @Test
    @SuppressWarnings("try") // news come by themselves
    void aRealPassThatFailsIsLogged() throws Exception {
        CompletableFuture<String> told = new CompletableFuture<>();
        String logged = logged(() -> {
            try (ControlPlane plane = ControlPlane.local()
                            .controller(WEBSITE, QuietTest::broken)
                            .start();
                    Subscription news = plane.follow(line -> {
                        if (line.contains("PassFailed")) {
                            told.complete(line);
                        }
                    })) {
                plane.apply(site("home", 3));
                return told.get(1, TimeUnit.MINUTES);
            }
        });

        assertThat(logged).contains(FAILED);
    }

    private static boolean isFailure(Event event) {
        return event.reason().equals("PassFailed");
    }

    private static Plan<WebSiteStatus> broken(Context<WebSiteSpec, WebSiteStatus> site) {
        throw new IllegalStateException("broken on purpose: " + site.name());
    }

    private static String logged(Callable<?> work) throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        try (PrintStream err = new PrintStream(written, true, StandardCharsets.UTF_8)) {
            System.setErr(err);
            work.call();
        } finally {
            System.setErr(before);
        }
        return written.toString(StandardCharsets.UTF_8);
    }
}
