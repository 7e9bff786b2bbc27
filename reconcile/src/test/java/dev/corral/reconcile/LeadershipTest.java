package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.TASK;
import static dev.corral.reconcile.WebSites.WEBSITE;
import static dev.corral.reconcile.WebSites.site;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.WebSites.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Only who leads writes. */
class LeadershipTest {
    /** A leadership that the test gives and takes. */
    private static final class Given implements Leadership {
        private final List<Runnable> callees = new ArrayList<>();
        private OptionalLong epoch = OptionalLong.empty();
        private boolean released;

        void lead(long number) {
            epoch = OptionalLong.of(number);
            List.copyOf(callees).forEach(Runnable::run);
        }

        void lose() {
            epoch = OptionalLong.empty();
            List.copyOf(callees).forEach(Runnable::run);
        }

        @Override
        public OptionalLong epoch() {
            return epoch;
        }

        @Override
        public Runnable onChange(Runnable callee) {
            callees.add(callee);
            return () -> callees.remove(callee);
        }

        @Override
        public void release() {
            released = true;
        }
    }

    private final Given given = new Given();
    private final Plane plane = new Plane(given);

    @Test
    void whoDoesNotLeadWaitsAndBeginsWhenItDoes() {
        plane.manager.controller(WEBSITE, WebSites::reconcile);
        plane.start().apply(site("home", 1)).advance(ofMinutes(1));
        assertThat(plane.names(Server.KIND)).isEmpty();

        given.lead(1);
        plane.settle();
        assertThat(plane.names(Server.KIND)).containsExactly("home");

        given.lose();
        plane.apply(site("other", 1)).advance(ofMinutes(1));
        assertThat(plane.names(Server.KIND)).containsExactly("home");
        given.lead(3);
        plane.settle();
        assertThat(plane.names(Server.KIND)).containsExactly("home", "other");
        plane.close();
        assertThat(given.released).isTrue();
        assertThat(given.callees).isEmpty();
    }

    @Test
    void aLeaderThatWasPausedCantWrite() {
        given.lead(1);
        plane.manager.controller(WEBSITE, WebSites::reconcile);
        plane.start().apply(site("home", 1));

        plane.store.commit(Commit.by("the next leader").epoch(2).create("default", Stores.task("theirs")));
        plane.apply(site("home", 5)).advance(ofMinutes(1));
        assertThat(plane.get(Server.KIND, "home").spec().replicas()).isEqualTo(1);
        assertThat(plane.names(TASK)).containsExactly("theirs");

        given.lead(3);
        plane.advance(ofMinutes(1));
        assertThat(plane.get(Server.KIND, "home").spec().replicas()).isEqualTo(5);
        plane.close();
    }

    @Test
    void aLeadershipLostDuringAPassDropsItsPlan() {
        given.lead(1);
        plane.manager.controller(WEBSITE, site -> {
            if (site.spec().copies() == 2) {
                given.lose();
            }
            return WebSites.reconcile(site);
        });
        plane.start().apply(site("home", 1)).apply(site("home", 2));
        assertThat(plane.get(Server.KIND, "home").spec().replicas()).isEqualTo(1);
        assertThat(plane.manager.failures()).isEmpty();
        plane.manager.abandon();
    }
}
